/// A named set of dates and the pipeline to run over them: what one file of `windows.d/` says.
public struct Window: Sendable, Equatable {
  /// The file's name without `.yaml`: letters, digits, `-`, `_` and `.`.
  public let name: String
  public let description: String
  public private(set) var dates: DateSelection
  public let order: DateOrder
  /// `nil` when the file has no `schedule:`; then only `run` starts dates.
  public let schedule: Schedule?
  /// The zone that times are shown in: the schedule's, or the machine's where there is no schedule.
  public let zone: Zone
  public let onAnomaly: AnomalyAction
  /// So many held dates pause the window; `nil`: never.
  public let maxHeld: Int?
  /// Dates at least so many days old run in backfill mode; `nil`: none is settled.
  public let settledAfterDays: Int?
  public let parallel: Parallel
  /// Two windows that share a lock never run a date at the same time.
  public let locks: [String]
  public let run: RunContext
  /// Run once for each activation, before its first date.
  public let preflight: [Check]
  /// In the order of the file; the graph is in each step's `after`.
  public let steps: [Step]
  /// Hexadecimal digest of everything above that decides what a step computes; kept with each attempt.
  public let definitionHash: String

  public init(
    name: String, description: String = "", dates: DateSelection, order: DateOrder = .oldestFirst,
    schedule: Schedule? = nil, zone: Zone = .utc, onAnomaly: AnomalyAction = .pause, maxHeld: Int? = nil,
    settledAfterDays: Int? = nil, parallel: Parallel = Parallel(), locks: [String] = [],
    run: RunContext = RunContext(), preflight: [Check] = [], steps: [Step], definitionHash: String = ""
  ) {
    self.name = name
    self.description = description
    self.dates = dates
    self.order = order
    self.schedule = schedule
    self.zone = zone
    self.onAnomaly = onAnomaly
    self.maxHeld = maxHeld
    self.settledAfterDays = settledAfterDays
    self.parallel = parallel
    self.locks = locks
    self.run = run
    self.preflight = preflight
    self.steps = steps
    self.definitionHash = definitionHash
  }

  /// The window with its dates as they are on the day that `now` belongs to in its zone, and as its command printed them.
  public func asOf(_ now: Instant, printed: CommandCalendar? = nil) -> Window {
    var window = self
    window.dates = dates.asOf(zone.localTime(at: now).date, printed: printed)
    return window
  }

  /// The step called `name`, or `nil`.
  public func step(_ name: String) -> Step? {
    steps.first { $0.name == name }
  }
}

/// Which end of the calendar a window starts at.
public enum DateOrder: String, Sendable, Codable {
  case oldestFirst = "oldest-first"
  case newestFirst = "newest-first"
}

/// What an anomaly does to the window.
public enum AnomalyAction: String, Sendable, Codable {
  /// The window starts no new date until a person resumes it.
  case pause
  /// Only the date, and what looks back at it, waits.
  case hold
}

/// How much of one window may run at the same time; each at least 1.
public struct Parallel: Sendable, Equatable {
  public let dates: Int
  /// Steps of one date.
  public let steps: Int

  public init(dates: Int = 1, steps: Int = 1) {
    self.dates = dates
    self.steps = steps
  }
}

/// Where and as whom the commands of a window run.
public struct RunContext: Sendable, Equatable {
  /// A user name; `nil`: the daemon's own user.
  public let user: String?
  /// An absolute path; `nil`: `/`.
  public let directory: String?
  public let environment: [String: String]
  /// An absolute path of a file of `NAME=VALUE` lines, read before each attempt; wins over nothing: `environment` wins over it.
  public let environmentFile: String?

  public init(
    user: String? = nil, directory: String? = nil, environment: [String: String] = [:], environmentFile: String? = nil
  ) {
    self.user = user
    self.directory = directory
    self.environment = environment
    self.environmentFile = environmentFile
  }
}
