/// Whether the metrics of the report lie in their ranges.
enum MetricsCheck {
  /// One finding for each metric that is outside its range or missing, by name.
  static func findings(on report: Report, expecting: Expectation) -> [Finding] {
    expecting.metrics.sorted { $0.key < $1.key }.compactMap { name, range in
      guard let value = report.metrics[name] else {
        return finding(name, "\(name) is not in the report, expected \(range.wording())")
      }
      guard !range.contains(value) else { return nil }
      return finding(name, "\(name) is \(Wording.number(value)), expected \(range.wording())")
    }
  }

  private static func finding(_ name: String, _ sentence: String) -> Finding {
    Finding(reason: .metric, word: .anomaly, sentence: "\(sentence) -> anomaly.", subject: name)
  }
}
