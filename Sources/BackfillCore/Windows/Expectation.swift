/// What a step's report should look like. Source of every rule: VERDICT, "How a date is judged".
public struct Expectation: Sendable, Equatable {
  public let records: NumberRange?
  /// `records` divided by the calendar's count of the date, as a fraction (1 is 100 %).
  public let completeness: NumberRange?
  /// A slower attempt warns; the third in five dates, or one above five times this, is an anomaly.
  public let maxDuration: Duration?
  public let metrics: [String: NumberRange]
  /// One failure of these is an anomaly.
  public let never: [String]
  /// Normal categories.
  public let expected: [String]
  /// Rates that are judged against bands.
  public let streams: [RateStream]
  /// An empty date is fine: no records, nothing attempted.
  public let allowEmpty: Bool

  public init(
    records: NumberRange? = nil, completeness: NumberRange? = nil, maxDuration: Duration? = nil,
    metrics: [String: NumberRange] = [:], never: [String] = [], expected: [String] = [], streams: [RateStream] = [],
    allowEmpty: Bool = false
  ) {
    self.records = records
    self.completeness = completeness
    self.maxDuration = maxDuration
    self.metrics = metrics
    self.never = never
    self.expected = expected
    self.streams = streams
    self.allowEmpty = allowEmpty
  }
}

/// A closed range of numbers, either end of which may be open.
public struct NumberRange: Sendable, Equatable {
  /// Inclusive; `nil`: no lower end.
  public let minimum: Double?
  /// Inclusive; `nil`: no upper end.
  public let maximum: Double?

  public init(minimum: Double? = nil, maximum: Double? = nil) {
    self.minimum = minimum
    self.maximum = maximum
  }

  public func contains(_ value: Double) -> Bool {
    (minimum.map { value >= $0 } ?? true) && (maximum.map { value <= $0 } ?? true)
  }
}

/// A failure rate that is judged against bands: k is the sum of its categories, n is `attempted`.
public struct RateStream: Sendable, Equatable {
  public let categories: [String]
  /// Day 0 of the bands.
  public let since: CivilDate
  /// In order, without holes or overlaps; the last may be open-ended.
  public let bands: [Band]
  /// The edges move linearly between the centres of the bands instead of jumping.
  public let interpolate: Bool
  /// What a rate above the band is at worst.
  public let above: Severity
  /// What a rate below the band is at worst.
  public let below: Severity
  /// Extra date-to-date jitter (beta-binomial dispersion), 0..<1.
  public let rho: Double

  public init(
    categories: [String], since: CivilDate, bands: [Band], interpolate: Bool = false, above: Severity = .anomaly,
    below: Severity = .warn, rho: Double = 0.005
  ) {
    self.categories = categories
    self.since = since
    self.bands = bands
    self.interpolate = interpolate
    self.above = above
    self.below = below
    self.rho = rho
  }

  /// The name of the stream in messages: its categories joined by `+`.
  public var name: String { categories.joined(separator: "+") }
}

/// What the failure rate is expected to be on a range of days since `since`.
public struct Band: Sendable, Equatable {
  /// 0 is `since` itself.
  public let firstDay: Int
  /// Inclusive; `nil`: open-ended.
  public let lastDay: Int?
  /// 0...1.
  public let low: Double
  /// 0...1, at least `low`.
  public let high: Double

  public init(firstDay: Int, lastDay: Int?, low: Double, high: Double) {
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.low = low
    self.high = high
  }
}

/// How bad a rate outside its band may be called.
public enum Severity: String, Sendable, Codable {
  case warn, anomaly
}
