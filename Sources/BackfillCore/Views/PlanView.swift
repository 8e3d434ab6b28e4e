/// What `plan --json` prints.
public struct PlanView: Sendable, Equatable, Codable {
  public let window: String
  public let state: WindowState
  /// Why it is paused; the plan then takes it to be resumed now.
  public let reason: String?
  public let zone: String
  /// The canonical expression; `nil` without a schedule.
  public let schedule: String?
  /// The median of done dates; `nil` before there is one.
  public let dateMilliseconds: Int64?
  /// How many done dates that is the median of.
  public let samples: Int
  /// When the last date that can run ends; `nil` when that is not known.
  public let finish: Instant?
  /// Why `finish` is not known.
  public let finishUnknown: String?
  /// How many dates there are for each `why`, in the whole window.
  public let counts: [String: Int]
  /// Dates that could run and for which no activation is in sight.
  public let unplanned: Int
  /// How many activations it takes, in the whole plan.
  public let nightCount: Int
  /// Never at the same time as a date of these windows.
  public let locks: [PlanLock]
  public let nights: [PlannedNight]
  public let dates: [PlanDate]

  public init(
    window: String, state: WindowState, reason: String?, zone: String, schedule: String?, dateMilliseconds: Int64?,
    samples: Int, finish: Instant?, finishUnknown: String?, counts: [String: Int], unplanned: Int, nightCount: Int,
    locks: [PlanLock], nights: [PlannedNight], dates: [PlanDate]
  ) {
    self.window = window
    self.state = state
    self.reason = reason
    self.zone = zone
    self.schedule = schedule
    self.dateMilliseconds = dateMilliseconds
    self.samples = samples
    self.finish = finish
    self.finishUnknown = finishUnknown
    self.counts = counts
    self.unplanned = unplanned
    self.nightCount = nightCount
    self.locks = locks
    self.nights = nights
    self.dates = dates
  }
}

/// A lock of the window, and the other windows that name it.
public struct PlanLock: Sendable, Equatable, Codable {
  public let lock: String
  public let windows: [String]

  public init(lock: String, windows: [String]) {
    self.lock = lock
    self.windows = windows
  }
}

/// An activation that is open or to come, and the dates it will run.
public struct PlannedNight: Sendable, Equatable, Codable {
  /// 1, 2, ...
  public let night: Int
  public let kind: Activation.Kind
  /// The number of the chunk; `nil` for one that is not open yet.
  public let chunk: Int64?
  /// The instant the schedule names, or of the request.
  public let firing: Instant
  public let quota: Int?
  public let endsAt: Instant?
  /// How many dates it will run.
  public let dates: Int
  public let first: CivilDate
  public let last: CivilDate
  /// When the last of them ends; `nil` before durations are known.
  public let finish: Instant?

  public init(
    night: Int, kind: Activation.Kind, chunk: Int64?, firing: Instant, quota: Int?, endsAt: Instant?, dates: Int,
    first: CivilDate, last: CivilDate, finish: Instant?
  ) {
    self.night = night
    self.kind = kind
    self.chunk = chunk
    self.firing = firing
    self.quota = quota
    self.endsAt = endsAt
    self.dates = dates
    self.first = first
    self.last = last
    self.finish = finish
  }
}

/// One date of a plan.
public struct PlanDate: Sendable, Equatable, Codable {
  /// Why the date is in or out; in are `pending`, `running`, `verifying` and `input`.
  public enum Why: String, Sendable, Codable, CaseIterable {
    case pending, running, verifying
    /// Held for its input: each activation looks again, and runs it when the input is there.
    case input
    case done, held, skipped
    /// It looks back at dates that nothing will run.
    case waits
    case skipFirst = "skip_first"
    case except, weekdays
    /// The ledger knows it, the calendar does not.
    case uncovered
  }

  public let date: CivilDate
  /// `nil` for a day that the calendar does not have.
  public let state: DateState?
  public let why: Why
  /// The reason of the state; of a done date its verdict.
  public let reason: String?
  /// The night that will run it.
  public let night: Int?
  /// What each rate stream is expected to be on that date.
  public let bands: [PlanBand]

  public init(date: CivilDate, state: DateState?, why: Why, reason: String?, night: Int?, bands: [PlanBand]) {
    self.date = date
    self.state = state
    self.why = why
    self.reason = reason
    self.night = night
    self.bands = bands
  }

  /// The plan works on it, or would.
  public var isIn: Bool {
    switch why {
    case .pending, .running, .verifying, .input: true
    case .done, .held, .skipped, .waits, .skipFirst, .except, .weekdays, .uncovered: false
    }
  }
}

/// What a rate stream is expected to be on one date; without edges where no band covers it.
public struct PlanBand: Sendable, Equatable, Codable {
  public let step: String
  public let stream: String
  /// 0...1.
  public let low: Double?
  public let high: Double?

  public init(step: String, stream: String, low: Double?, high: Double?) {
    self.step = step
    self.stream = stream
    self.low = low
    self.high = high
  }
}
