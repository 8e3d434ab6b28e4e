/// What `failures --json` prints.
public struct FailuresView: Sendable, Equatable, Codable {
  public let window: String
  public let by: FailuresRequest.Grouping
  public let rows: [FailureRow]
  /// The window has a file; otherwise nothing says which categories were expected, and at which rate.
  public let configured: Bool

  public init(window: String, by: FailuresRequest.Grouping, rows: [FailureRow], configured: Bool = true) {
    self.configured = configured
    self.window = window
    self.by = by
    self.rows = rows
  }
}

/// What the configuration says of a category of failures.
public enum FailureKind: String, Sendable, Codable, CaseIterable {
  /// Normal: in `expected`, or in a banded stream.
  case expected
  /// One is too many.
  case never
  /// Nobody named it.
  case unknown
}

/// The failures of one step, for one category, date or week, or over all dates.
public struct FailureRow: Sendable, Equatable, Codable {
  /// The category, the step, the date, or the Monday of the week.
  public let group: String
  public let step: String
  /// Of a category; `nil` for the other groupings, and where the window is no longer configured.
  public let kind: FailureKind?
  /// Dates with a report; of a category, dates that have it.
  public let dates: Int
  /// Entities attempted.
  public let n: Int
  public let failed: Int
  /// Of the reports that say how many were attempted; `nil` when none does.
  public let rate: Double?
  /// How the failures divide into what is expected, must never be, and was not named.
  public let expected: Int
  public let never: Int
  public let unknown: Int
  /// The rate streams it belongs to, against their bands.
  public let streams: [StreamRate]

  public init(
    group: String, step: String, kind: FailureKind?, dates: Int, n: Int, failed: Int, rate: Double?, expected: Int,
    never: Int, unknown: Int, streams: [StreamRate]
  ) {
    self.group = group
    self.step = step
    self.kind = kind
    self.dates = dates
    self.n = n
    self.failed = failed
    self.rate = rate
    self.expected = expected
    self.never = never
    self.unknown = unknown
    self.streams = streams
  }
}

/// The rate of one stream, and its band: the mean of the bands of the dates, weighted by what was attempted.
public struct StreamRate: Sendable, Equatable, Codable {
  public let stream: String
  public let n: Int
  public let failed: Int
  /// `nil` when nothing was attempted.
  public let rate: Double?
  /// `nil` when no band covers any of the dates.
  public let low: Double?
  public let high: Double?

  public init(stream: String, n: Int, failed: Int, rate: Double?, low: Double?, high: Double?) {
    self.stream = stream
    self.n = n
    self.failed = failed
    self.rate = rate
    self.low = low
    self.high = high
  }
}

// The keys are stable: a later version adds keys, it renames and drops none. A key whose value is not known is there with
// `null`.

extension FailureRow {
  enum CodingKeys: String, CodingKey {
    case group, step, kind, dates, n, failed, rate, expected, never, unknown, streams
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(group, forKey: .group)
    try container.encode(step, forKey: .step)
    try container.encode(kind, forKey: .kind)
    try container.encode(dates, forKey: .dates)
    try container.encode(n, forKey: .n)
    try container.encode(failed, forKey: .failed)
    try container.encode(rate, forKey: .rate)
    try container.encode(expected, forKey: .expected)
    try container.encode(never, forKey: .never)
    try container.encode(unknown, forKey: .unknown)
    try container.encode(streams, forKey: .streams)
  }
}

extension StreamRate {
  enum CodingKeys: String, CodingKey {
    case stream, n, failed, rate
    case low = "lo"
    case high = "hi"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(stream, forKey: .stream)
    try container.encode(n, forKey: .n)
    try container.encode(failed, forKey: .failed)
    try container.encode(rate, forKey: .rate)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
  }
}
