/// The date test: how often would a healthy date look at least this far off, if its true rate sat at the nearest edge?
///
/// Exact for the composite hypothesis "the true rate lies anywhere in the band", because the tail at the nearest edge is
/// the largest over the band. Source: VERDICT, "Date test".
public struct DateTest: Sendable, Equatable {
  /// Entities attempted, at least 0, and how many of them failed, 0...n.
  public let n: Int
  public let k: Int
  /// The band, 0...1.
  public let low: Double
  public let high: Double
  public let rho: Double
  /// What a rate above the band is at worst.
  public let above: Severity
  /// What a rate below the band is at worst.
  public let below: Severity
  public let limits: AlarmLimits
  /// P(X >= k) at the upper edge; 1 when the edge is 1.
  public let pHigh: Double
  /// P(X <= k) at the lower edge; 1 when the edge is 0.
  public let pLow: Double

  /// Tests `k` failures of `n` entities against the band `low`...`high`.
  public init(
    n: Int, k: Int, low: Double, high: Double, rho: Double, above: Severity = .anomaly, below: Severity = .warn,
    limits: AlarmLimits
  ) {
    self.n = n
    self.k = k
    self.low = low
    self.high = high
    self.rho = rho
    self.above = above
    self.below = below
    self.limits = limits
    pHigh = BetaBinomial(n: n, p: high, rho: rho).upperTail(k)
    pLow = BetaBinomial(n: n, p: low, rho: rho).lowerTail(k)
  }

  /// The two-sided probability.
  public var p: Double { min(1, 2 * min(pHigh, pLow)) }

  /// Whether the rate is off to the lower side.
  public var isBelow: Bool { pLow < pHigh }

  /// What the side that the rate is off to is called at worst.
  public var severity: Severity { isBelow ? below : above }

  /// The verdict of the test alone.
  public var verdict: Verdict {
    if n == 0 { return .inconclusive }
    if p <= limits.alphaAnomaly { return severity == .warn ? .warn : .anomaly }
    if p <= limits.alphaWarn { return .warn }
    return couldHaveWarned ? .pass : .inconclusive
  }

  /// Whether a date of this size could have warned on every side that has an edge.
  public var couldHaveWarned: Bool { canWarnAbove && canWarnBelow }

  /// Whether the upper edge is none, or all failing would have warned.
  var canWarnAbove: Bool {
    high >= 1 || 2 * BetaBinomial(n: n, p: high, rho: rho).allFail <= limits.alphaWarn
  }

  /// Whether the lower edge is none, or none failing would have warned.
  var canWarnBelow: Bool {
    low <= 0 || 2 * BetaBinomial(n: n, p: low, rho: rho).noneFails <= limits.alphaWarn
  }

  /// What is frozen into the verdict.
  public var evidence: RateEvidence {
    RateEvidence(
      n: n, k: k, low: low, high: high, rho: rho, above: above, below: below, pHigh: pHigh, pLow: pLow, p: p,
      alphaWarn: limits.alphaWarn, alphaAnomaly: limits.alphaAnomaly, windowDates: limits.windowDates,
      streams: limits.streams)
  }
}

extension DateTest {
  /// The smallest number of entities with which a date can pass, `nil` when it is above 10,000.
  var fewestToTell: Int? {
    // ln P(all fail) and ln P(none fails), one more entity at a time.
    var allFail = 0.0
    var noneFails = 0.0
    for count in 0..<10_000 {
      let upperWarns = high >= 1 || 2 * Mathematics.exp(allFail) <= limits.alphaWarn
      let lowerWarns = low <= 0 || 2 * Mathematics.exp(noneFails) <= limits.alphaWarn
      if count > 0, upperWarns, lowerWarns { return count }
      let more = Double(count) * rho
      allFail += Mathematics.log((high * (1 - rho) + more) / (1 - rho + more))
      noneFails += Mathematics.log(((1 - low) * (1 - rho) + more) / (1 - rho + more))
    }
    return nil
  }
}
