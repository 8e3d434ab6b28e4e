extension DateTest {
  /// What a person reads about the stream `name`: the numbers, what was expected, the odds, the verdict.
  ///
  /// Only for n of at least 1.
  func sentence(of name: String) -> String {
    let word = verdict
    let facts =
      "\(Wording.grouped(k)) of \(Wording.grouped(n)) failed \(name) (\(Wording.rate(k: k, n: n))), "
      + "expected \(Wording.band(low: low, high: high))"
    switch word {
    case .pass: return "\(facts) -> pass."
    case .inconclusive: return "\(facts). \(tooFew) -> inconclusive."
    case .warn, .anomaly: return "\(facts). \(odds) -> \(word) (\(limit(of: word)))."
    }
  }

  private var odds: String {
    let edge = isBelow ? low : high
    let subject = "A healthy date at \(Wording.percent(edge)) %"
    if p == 0, edge <= 0 || edge >= 1 { return "\(subject) cannot look like this" }
    return "\(subject) looks this far off \(Wording.frequency(p))"
  }

  private var tooFew: String {
    let entities = n == 1 ? "1 entity" : "\(Wording.grouped(n)) entities"
    guard let needed = fewestToTell else {
      let beyond = canWarnAbove ? "below \(Wording.percent(low))" : "above \(Wording.percent(high))"
      return "\(entities) cannot tell a rate \(beyond) % from a healthy one"
    }
    return "\(entities) \(n == 1 ? "is" : "are") too few to tell, it takes \(Wording.grouped(needed))"
  }

  private func limit(of word: Verdict) -> String {
    if word == .warn, severity == .warn {
      return isBelow ? "below the band only warns" : "above the band only warns"
    }
    let limit = Wording.limit(limits.alphaAnomaly)
    return word == .anomaly ? "the limit is \(limit)" : "anomaly needs \(limit)"
  }
}
