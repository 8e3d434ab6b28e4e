/// The drift test of one rate stream: an evidence score over the dates of a window that may be looked at after every date.
///
/// Small excesses add up, so a drift that no single date shows is still found. For each side of the band and each odds
/// ratio it keeps a likelihood ratio from the first date ("wrong from the start") and one from every date ("went wrong on
/// some date"); their mean is a nonnegative supermartingale that starts at 1 as long as the true rates stay in the band, so
/// it reaches 1 / a with probability a at most. There are two scores: over both sides, and over the sides whose severity is
/// anomaly. Source: VERDICT, "Drift test" and its corrections.
///
/// The state is a pure fold over the dates, in calendar order.
public struct DriftTest: Sendable, Equatable, Codable {
  /// N: dates the window plans to judge, at least 1.
  public private(set) var windowDates: Int
  /// Extra date-to-date jitter, 0..<1.
  public private(set) var rho: Double
  public private(set) var above: Severity
  public private(set) var below: Severity
  /// The anomaly score at or above which the stream is an anomaly: 2 S / B.
  public private(set) var anomalyAt: Double
  /// Dates folded since the start.
  public private(set) var dates = 0
  /// One for each side and odds ratio.
  private var bets: [Bet]

  /// The score of either kind at or above which the stream warns.
  public static let warnAt = 10.0
  private static let oddsRatios = [1.25, 1.6, 2.5]
  /// No single date multiplies a score by more than 20.
  private static let mostPerDate = Mathematics.log(20)

  /// Starts a stream; `windowDates` and `streams` at least 1, `budget` above 0.
  public init(
    windowDates: Int, streams: Int = 1, rho: Double, above: Severity = .anomaly, below: Severity = .warn,
    budget: Double = AlarmLimits.budget
  ) {
    self.windowDates = max(1, windowDates)
    self.rho = rho
    self.above = above
    self.below = below
    anomalyAt = 2 * Double(max(1, streams)) / budget
    bets =
      Self.oddsRatios.map { Bet(isUp: true, oddsRatio: $0) }
      + Self.oddsRatios.map { Bet(isUp: false, oddsRatio: 1 / $0) }
  }

  /// The score over both sides, at least 0, 1 at the start.
  public var evidence: Double { mean(over: bets) }

  /// The score over the sides whose severity is anomaly; 1 when there is none.
  public var anomalyEvidence: Double {
    mean(over: bets.filter { ($0.isUp ? above : below) == .anomaly })
  }

  /// The score that speaks for `word`: the one over the sides that may be an anomaly, or the larger of both.
  public func score(for word: Verdict) -> Double {
    word == .anomaly ? anomalyEvidence : max(evidence, anomalyEvidence)
  }

  /// Where the evidence for `word` comes from: the run of dates that the strongest bet rests on, among the sides that count.
  public func run(for word: Verdict) -> Run {
    let counting = bets.filter { word != .anomaly || ($0.isUp ? above : below) == .anomaly }
    let planned = Double(windowDates)
    let strongest = counting.max { left, right in
      left.fromStart + left.fromAnyDate / planned < right.fromStart + right.fromAnyDate / planned
    }
    return strongest?.run ?? Run(isUp: true)
  }

  /// What the scores say now: pass, warn or anomaly.
  public var verdict: Verdict {
    if anomalyEvidence >= anomalyAt { return .anomaly }
    return warns ? .warn : .pass
  }

  /// Whether either score has reached `warnAt`.
  public var warns: Bool { max(evidence, anomalyEvidence) >= Self.warnAt }

  /// Adds a date of `n` entities (at least 0) of which `k` (0...n) failed, judged by the band `low`...`high`.
  public mutating func fold(n: Int, k: Int, low: Double, high: Double) {
    dates += 1
    for index in bets.indices {
      let edge = bets[index].isUp ? high : low
      let isVacuous = n == 0 || edge <= 0 || edge >= 1
      let log = isVacuous ? 0 : logRatio(n: n, k: k, edge: edge, oddsRatio: bets[index].oddsRatio)
      bets[index].multiply(byExponentialOf: log)
      bets[index].run.add(n: n, k: k, low: low, high: high, logRatio: log)
    }
  }

  private func logRatio(n: Int, k: Int, edge: Double, oddsRatio: Double) -> Double {
    let rate = oddsRatio * edge / (1 - edge + oddsRatio * edge)
    return min(Self.mostPerDate, BetaBinomial(n: n, p: edge, rho: rho).logLikelihoodRatio(of: k, at: rate))
  }

  private func mean(over bets: [Bet]) -> Double {
    guard !bets.isEmpty else { return 1 }
    let planned = Double(windowDates)
    let waiting = Double(max(0, windowDates - dates))
    let sum = bets.reduce(0) { $0 + $1.fromStart / 2 + ($1.fromAnyDate / 2 + waiting / 2) / planned }
    return sum / Double(bets.count)
  }
}

extension DriftTest {
  /// Starts a stream with what was frozen into its first verdict.
  public init(_ rate: RateEvidence) {
    self.init(
      windowDates: rate.windowDates, streams: rate.streams, rho: rate.rho, above: rate.above, below: rate.below)
  }

  /// Adds a date as it was judged, with the jitter, the severities and the limits that were in force then.
  ///
  /// N only grows: a smaller one would give more weight to what was folded under the larger.
  public mutating func fold(_ rate: RateEvidence) {
    windowDates = max(windowDates, rate.windowDates)
    rho = rate.rho
    above = rate.above
    below = rate.below
    anomalyAt = 2 * Double(max(1, rate.streams)) / AlarmLimits.budget
    fold(n: rate.n, k: rate.k, low: rate.low, high: rate.high)
  }

  /// The dates, up to the last one, that together speak most for one alternative, pooled.
  public struct Run: Sendable, Equatable, Codable {
    /// The alternative lies above the band.
    public let isUp: Bool
    /// How many dates; 0 before the first.
    public private(set) var dates = 0
    /// Entities, and how many of them failed; at most the largest number.
    public private(set) var n = 0
    public private(set) var k = 0
    /// Entities, beyond the largest number too: what the edges are divided by.
    private var weight = 0.0
    /// The edges, each date counted by its entities.
    private var lows = 0.0
    private var highs = 0.0
    /// The logarithm of their likelihood ratio.
    private var log = 0.0

    init(isUp: Bool) {
      self.isUp = isUp
    }

    /// The mean lower edge, 0...1.
    public var low: Double { weight == 0 ? 0 : lows / weight }
    /// The mean upper edge, 0...1.
    public var high: Double { weight == 0 ? 1 : highs / weight }

    /// A run that speaks against the alternative is forgotten: the next date begins a new one (Page's rule).
    mutating func add(n: Int, k: Int, low: Double, high: Double, logRatio: Double) {
      if log <= 0 { self = Run(isUp: isUp) }
      dates += 1
      self.n.addSaturated(n)
      self.k.addSaturated(k)
      weight += Double(n)
      lows += low * Double(n)
      highs += high * Double(n)
      log += logRatio
    }
  }
}

/// The two running likelihood ratios against one alternative. They stay finite, so that they can be stored and printed.
private struct Bet: Sendable, Equatable, Codable {
  let isUp: Bool
  let oddsRatio: Double
  /// A: wrong from the first date.
  var fromStart = 1.0
  /// R: went wrong on some date, summed over all dates.
  var fromAnyDate = 0.0
  var run: DriftTest.Run

  /// So far below the largest number that the sum over all bets is one, too.
  private static let most = Double.greatestFiniteMagnitude / 16

  init(isUp: Bool, oddsRatio: Double) {
    self.isUp = isUp
    self.oddsRatio = oddsRatio
    run = DriftTest.Run(isUp: isUp)
  }

  mutating func multiply(byExponentialOf log: Double) {
    let ratio = Mathematics.exp(log)
    fromStart = min(fromStart * ratio, Self.most)
    fromAnyDate = min((fromAnyDate + 1) * ratio, Self.most)
  }
}
