/// Categories of which one failure is one too many.
enum NeverCheck {
  /// One finding for each category of `never` that has failures, in the order of the configuration.
  static func findings(on report: Report, never: [String]) -> [Finding] {
    never.compactMap { category in
      guard let count = report.failures[category], count > 0 else { return nil }
      return Finding(
        reason: .zeroTolerance, word: .anomaly,
        sentence: "\(Wording.grouped(count)) failed \(category), expected 0 -> anomaly.", subject: category)
    }
  }
}
