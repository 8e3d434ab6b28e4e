/// What `status --json` prints.
public struct DaemonStatus: Sendable, Equatable, Codable {
  public enum State: String, Sendable, Codable {
    case ready
    /// Up, but no new date starts; `reason` says why.
    case degraded
    case stopping
  }

  public let version: String
  public let state: State
  public let reason: String?
  public let since: Instant
  public let windows: [WindowStatus]
  /// Windows whose file could not be used.
  public let rejected: [RejectedWindowStatus]
  /// Windows that have no file any more, and dates in the ledger.
  public let unconfigured: [FormerWindowStatus]

  public init(
    version: String, state: State, reason: String?, since: Instant, windows: [WindowStatus],
    rejected: [RejectedWindowStatus], unconfigured: [FormerWindowStatus] = []
  ) {
    self.version = version
    self.state = state
    self.reason = reason
    self.since = since
    self.windows = windows
    self.rejected = rejected
    self.unconfigured = unconfigured
  }
}

/// A window that is no longer configured: it starts nothing, its ledger is kept.
public struct FormerWindowStatus: Sendable, Equatable, Codable {
  public let window: String
  /// Of the dates that the ledger knows.
  public let dates: DateCounts
  /// Dates that were in flight when the window was deleted.
  public let running: [RunningDate]

  public init(window: String, dates: DateCounts, running: [RunningDate] = []) {
    self.window = window
    self.dates = dates
    self.running = running
  }
}

/// A window whose file could not be used.
public struct RejectedWindowStatus: Sendable, Equatable, Codable {
  public let window: String
  /// Each `file:line:column: what`.
  public let findings: [String]
  /// The definition from before the error is in force, since a reload; otherwise the window is off.
  public let inForce: Bool

  public init(window: String, findings: [String], inForce: Bool = false) {
    self.window = window
    self.findings = findings
    self.inForce = inForce
  }
}

/// One window at a glance.
public struct WindowStatus: Sendable, Equatable, Codable {
  public let window: String
  public let description: String
  public let state: WindowState
  public let reason: String?
  public let since: Instant
  public let by: String
  /// The zone that a person should see times in.
  public let zone: String
  public let dates: DateCounts
  public let running: [RunningDate]
  /// The activation it works on; `nil` between activations.
  public let chunk: ChunkStatus?
  /// The next firing; `nil` without a schedule or after its last one.
  public let next: Instant?
  /// Dates of the ledger that the window's calendar no longer covers.
  public let uncovered: Int
  /// Alarms of the drift test that wait for a person, oldest date first.
  public let alarms: [OpenAlarm]
  /// Whether it has dates to work on.
  public let calendar: CalendarState
  /// Dates that wait for others which nothing brings by itself, by the date that is waited for.
  public let waiting: [WaitView]
  /// Its last firing, when that opened no chunk; `nil` when it did, or while the window is paused.
  public let missed: MissedNight?
  /// A new definition takes effect when nothing of the window is in flight; until then it starts nothing new.
  public let upcoming: Bool

  public init(
    window: String, description: String, state: WindowState, reason: String?, since: Instant, by: String, zone: String,
    dates: DateCounts, running: [RunningDate], chunk: ChunkStatus?, next: Instant?, uncovered: Int,
    alarms: [OpenAlarm] = [], calendar: CalendarState = .known, waiting: [WaitView] = [],
    missed: MissedNight? = nil, upcoming: Bool = false
  ) {
    self.upcoming = upcoming
    self.missed = missed
    self.waiting = waiting
    self.alarms = alarms
    self.calendar = calendar
    self.window = window
    self.description = description
    self.state = state
    self.reason = reason
    self.since = since
    self.by = by
    self.zone = zone
    self.dates = dates
    self.running = running
    self.chunk = chunk
    self.next = next
    self.uncovered = uncovered
  }
}

/// How many dates of a window's calendar are in each state, and how the done ones were judged.
public struct DateCounts: Sendable, Equatable, Codable {
  public let total: Int
  public let states: [String: Int]
  public let verdicts: [String: Int]

  public init(total: Int, states: [DateState: Int], verdicts: [Verdict: Int]) {
    self.total = total
    self.states = Dictionary(uniqueKeysWithValues: DateState.allCases.map { ($0.rawValue, states[$0] ?? 0) })
    self.verdicts = Dictionary(uniqueKeysWithValues: Verdict.allCases.map { ($0.rawValue, verdicts[$0] ?? 0) })
  }

  /// How many dates are in `state`.
  public func count(_ state: DateState) -> Int { states[state.rawValue] ?? 0 }
  /// How many dates got `verdict`.
  public func count(_ verdict: Verdict) -> Int { verdicts[verdict.rawValue] ?? 0 }
}

/// A date that is being worked on.
public struct RunningDate: Sendable, Equatable, Codable {
  public let date: CivilDate
  public let since: Instant
  /// The steps whose processes run, in the order of the pipeline.
  public let steps: [String]

  public init(date: CivilDate, since: Instant, steps: [String]) {
    self.date = date
    self.since = since
    self.steps = steps
  }
}

/// The activation a window works on.
public struct ChunkStatus: Sendable, Equatable, Codable {
  public let id: Int64
  public let kind: Activation.Kind
  public let nominal: Instant
  /// At most so many dates; `nil`: no limit.
  public let quota: Int?
  public let started: Int
  public let endsAt: Instant?
  /// What it waits for, as a sentence without a subject: a lock that another window holds; `nil`: nothing.
  public let waits: String?

  public init(
    id: Int64, kind: Activation.Kind, nominal: Instant, quota: Int?, started: Int, endsAt: Instant?,
    waits: String? = nil
  ) {
    self.waits = waits
    self.id = id
    self.kind = kind
    self.nominal = nominal
    self.quota = quota
    self.started = started
    self.endsAt = endsAt
  }
}
