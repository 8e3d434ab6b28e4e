/// One command of a pipeline, run once for each date.
public struct Step: Sendable, Equatable {
  public let name: String
  /// The program and its arguments; `{date}`, `{from}`, `{to}`, `{window}`, `{step}` are filled in. No shell is involved.
  public let command: [String]
  /// Cheap checks before each execution; a failure means that the input is missing.
  public let requires: [Check]
  /// Expensive checks, as `requires`, left out on settled dates.
  public let freshness: [Check]
  /// Steps of the same date that must be done first.
  public let after: [String]
  /// Steps that must be done on earlier dates too.
  public let lookbacks: [Lookback]
  /// `nil`: no limit.
  public let timeout: Duration?
  public let retry: Retry
  public let report: ReportSource
  public let expect: Expectation

  public init(
    name: String, command: [String], requires: [Check] = [], freshness: [Check] = [], after: [String] = [],
    lookbacks: [Lookback] = [], timeout: Duration? = nil, retry: Retry = Retry(), report: ReportSource = .file,
    expect: Expectation = Expectation()
  ) {
    self.name = name
    self.command = command
    self.requires = requires
    self.freshness = freshness
    self.after = after
    self.lookbacks = lookbacks
    self.timeout = timeout
    self.retry = retry
    self.report = report
    self.expect = expect
  }
}

/// "`step` must be done on at least `minimum` of the `dates` calendar dates before this one."
///
/// Where the window has fewer earlier dates than `dates`, the minimum is capped at how many there are.
public struct Lookback: Sendable, Equatable {
  public let step: String
  /// How many earlier calendar dates are looked at, at least 1.
  public let dates: Int
  /// 1...`dates`.
  public let minimum: Int

  public init(step: String, dates: Int, minimum: Int) {
    self.step = step
    self.dates = dates
    self.minimum = minimum
  }
}

/// How often a failed attempt is tried again.
public struct Retry: Sendable, Equatable {
  /// Attempts in all, at least 1.
  public let attempts: Int
  /// The wait before the second, third, ... attempt; the last one repeats. Empty: no wait.
  public let delays: [Duration]

  public init(attempts: Int = 1, delays: [Duration] = []) {
    self.attempts = attempts
    self.delays = delays
  }

  /// The wait after the `failed`-th attempt (1, 2, ...) of a round has failed; `nil` when it was the last.
  public func delay(afterFailure failed: Int) -> Duration? {
    guard failed < attempts else { return nil }
    return delays.isEmpty ? .zero : delays[min(failed, delays.count) - 1]
  }
}

/// Where a step's report comes from.
public enum ReportSource: Sendable, Equatable {
  /// The file named by `BACKFILL_REPORT`.
  case file
  /// The last line of standard output that is a JSON object.
  case output
  /// The step promises no report: its exit status is all there is.
  case none
}
