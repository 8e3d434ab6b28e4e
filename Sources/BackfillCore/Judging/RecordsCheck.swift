/// Whether the number of records is the expected one.
enum RecordsCheck {
  /// `nil` when it is, when nothing is expected, or when nothing was attempted (which is a finding of its own).
  ///
  /// Below the minimum is an anomaly, unless an empty date is fine, or a band of the step makes it plausible that all
  /// fail at this n (then inconclusive: P(all fail | upper edge) > alpha_warn). Above the maximum is an anomaly.
  static func finding(
    on report: Report, expecting: Expectation, edges: [(stream: RateStream, edges: BandEdges)], limits: AlarmLimits
  ) -> Finding? {
    guard let expected = expecting.records, report.attempted != 0 else { return nil }
    guard let records = report.records else {
      return Finding(
        reason: .noRecords, word: .anomaly,
        sentence: "the report does not say how many records there are, expected \(expected.wording()) -> anomaly.")
    }
    let count = Wording.counted(records, "record")
    if let maximum = expected.maximum, Double(records) > maximum {
      return Finding(
        reason: .recordsOutside, word: .anomaly, sentence: "\(count), expected \(expected.wording()) -> anomaly.")
    }
    guard let minimum = expected.minimum, Double(records) < minimum, !expecting.allowEmpty else { return nil }
    guard let attempted = report.attempted, let likeliest = likeliest(edges, attempted) else {
      return Finding(
        reason: .noRecords, word: .anomaly, sentence: "\(count), expected \(expected.wording()) -> anomaly.")
    }
    let word = likeliest.probability > limits.alphaWarn ? Verdict.inconclusive : .anomaly
    let how = Wording.frequency(likeliest.probability)
    return Finding(
      reason: .noRecords, word: word,
      sentence: "\(count), expected \(expected.wording()). At \(Wording.percent(likeliest.high)) % all "
        + "\(Wording.grouped(attempted)) fail \(how) -> \(word).")
  }

  /// The band under which "all failed" is likeliest.
  private static func likeliest(
    _ edges: [(stream: RateStream, edges: BandEdges)], _ attempted: Int
  ) -> (probability: Double, high: Double)? {
    edges.map { stream, edges in
      (BetaBinomial(n: attempted, p: edges.high, rho: stream.rho).allFail, edges.high)
    }.max { $0.0 < $1.0 }
  }
}
