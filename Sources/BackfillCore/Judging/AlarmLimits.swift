/// How rare a date must be to warn, and to be an anomaly.
public struct AlarmLimits: Sendable, Equatable {
  /// Probability at or below which a date warns.
  public let alphaWarn: Double
  /// Probability at or below which a date is an anomaly.
  public let alphaAnomaly: Double
  /// N: dates the window plans to judge.
  public let windowDates: Int
  /// S: rate streams of all steps of the window.
  public let streams: Int

  /// The probability of at least one false pause in a window: B.
  public static let budget = 0.05
  /// The default of `alphaWarn`.
  public static let alphaWarn = 0.01

  /// Makes the limits that keep a window of `windowDates` dates and `streams` streams within `budget`: B / (2 N S).
  public init(
    windowDates: Int, streams: Int, budget: Double = Self.budget, alphaWarn: Double = Self.alphaWarn
  ) {
    let dates = max(1, windowDates)
    let streams = max(1, streams)
    self.init(
      alphaWarn: alphaWarn, alphaAnomaly: budget / (2 * Double(dates) * Double(streams)), windowDates: dates,
      streams: streams)
  }

  init(alphaWarn: Double, alphaAnomaly: Double, windowDates: Int, streams: Int) {
    self.alphaWarn = alphaWarn
    self.alphaAnomaly = alphaAnomaly
    self.windowDates = windowDates
    self.streams = streams
  }
}

extension JudgingContext {
  /// The limits that this window's number of dates and streams leave to one date.
  public var limits: AlarmLimits { AlarmLimits(windowDates: windowDates, streams: streams) }
}
