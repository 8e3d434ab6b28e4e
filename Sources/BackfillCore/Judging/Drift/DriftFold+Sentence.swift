extension DriftFold.State {
  /// The first of the dates that the evidence for `word` rests on.
  public func since(for word: Verdict) -> CivilDate? {
    dates.suffix(test.run(for: word).dates).first
  }

  /// What a person reads: `2021-11-23 features: 684 of 1,800 failed X since 2021-11-20 (38.0 %, 95 % CI 35.8-40.3),
  /// expected 25-30 %. The evidence of a drift is 52 to 1 -> anomaly (the limit is 40 to 1).`
  func sentence(of stream: DriftStream) -> String {
    let run = test.run(for: word)
    guard let date = dates.last, let since = since(for: word), run.n > 0 else {
      return "\(stream.step): drift of \(stream.name) -> \(word)."
    }
    let span = since == date ? "on this date" : "since \(since)"
    return
      "\(date) \(stream.step): \(Wording.grouped(run.k)) of \(Wording.grouped(run.n)) failed \(stream.name) \(span) "
      + "(\(Wording.rate(k: run.k, n: run.n))), expected \(Wording.band(low: run.low, high: run.high)). "
      + "The evidence of a drift is \(Wording.evidence(test.score(for: word))) -> \(word) (\(limit(run)))."
  }

  private func limit(_ run: DriftTest.Run) -> String {
    let limit = Wording.evidence(test.anomalyAt)
    if word == .anomaly { return "the limit is \(limit)" }
    guard (run.isUp ? test.above : test.below) == .anomaly else {
      return "\(run.isUp ? "above" : "below") the band only warns"
    }
    return "anomaly needs \(limit)"
  }
}
