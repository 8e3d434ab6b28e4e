extension Wording {
  /// `45.6 %, 95 % CI 40.9-50.3`; more decimals for rates near 0 or 100 %. `n` at least 1, `k` 0...n.
  static func rate(k: Int, n: Int) -> String {
    let share = Double(k) / Double(n)
    let interval = ExactInterval(k: k, n: n)
    let rarer = min(share, 1 - share)
    let decimals = rarer == 0 || rarer >= 0.01 ? 1 : rarer >= 0.001 ? 2 : 3
    func percent(_ value: Double) -> String { fixed(value * 100, decimals: decimals) }
    return "\(percent(share)) %, 95 % CI \(percent(interval.low))-\(percent(interval.high))"
  }

  /// `25-30 %`; an edge at 0 or 100 % is none.
  static func band(low: Double, high: Double) -> String {
    if low >= high { return "\(percent(high)) %" }
    if low <= 0, high >= 1 { return "any rate" }
    if low <= 0 { return "at most \(percent(high)) %" }
    if high >= 1 { return "at least \(percent(low)) %" }
    return "\(percent(low))-\(percent(high)) %"
  }

  /// How strongly something speaks against chance: `2.4 to 1`, `52 to 1`, `more than 1,000,000 to 1`.
  static func evidence(_ score: Double) -> String {
    if score > 1_000_000 { return "more than 1,000,000 to 1" }
    return "\(score < 10 ? trimmed(score, decimals: 1) : grouped(Int(score + 1e-9))) to 1"
  }
}
