/// The date test of one rate stream, in words.
enum RateCheck {
  /// What the test says about `stream`; `attempted` is at least 1.
  static func finding(
    on report: Report, stream: RateStream, edges: BandEdges, attempted: Int, limits: AlarmLimits
  ) -> Finding {
    let test = test(on: report, stream: stream, edges: edges, attempted: attempted, limits: limits)
    let word = test.verdict
    return Finding(
      reason: reason(word), word: word, sentence: test.sentence(of: stream.name), subject: stream.name,
      rate: test.evidence)
  }

  /// Nothing to say: what an empty date is, `AttemptsCheck` says. The drift test counts it as a date without entities.
  static func nothingAttempted(
    on report: Report, stream: RateStream, edges: BandEdges, limits: AlarmLimits
  ) -> Finding {
    Finding(
      reason: .ratePass, word: .pass,
      sentence: "nothing was attempted, so nothing speaks against \(stream.name) -> pass.",
      subject: stream.name,
      rate: test(on: report, stream: stream, edges: edges, attempted: 0, limits: limits).evidence)
  }

  /// That no band covers the date.
  static func noBand(on report: Report, stream: RateStream, date: CivilDate, attempted: Int) -> Finding {
    let failed = Wording.grouped(stream.failures(in: report))
    return Finding(
      reason: .noBand, word: .inconclusive,
      sentence: "\(failed) of \(Wording.grouped(attempted)) failed \(stream.name), no band covers day "
        + "\(Wording.grouped(stream.day(of: date))) since \(stream.since) -> inconclusive.",
      subject: stream.name)
  }

  private static func test(
    on report: Report, stream: RateStream, edges: BandEdges, attempted: Int, limits: AlarmLimits
  ) -> DateTest {
    DateTest(
      n: attempted, k: stream.failures(in: report), low: edges.low, high: edges.high, rho: stream.rho,
      above: stream.above, below: stream.below, limits: limits)
  }

  private static func reason(_ word: Verdict) -> Finding.Reason {
    switch word {
    case .pass: .ratePass
    case .inconclusive: .rateInconclusive
    case .warn: .rateWarn
    case .anomaly: .rateAnomaly
    }
  }
}

extension RateStream {
  /// k: the sum of the stream's categories, not of all failures; at most the largest number.
  func failures(in report: Report) -> Int {
    Set(categories).reduce(0) { $0.addingSaturated(report.failures[$1] ?? 0) }
  }
}
