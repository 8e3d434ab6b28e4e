/// One firing of a window's schedule, or one request of a person: the reason why dates are being worked on.
public struct Activation: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// A firing of the schedule.
    case scheduled
    /// `resume --now`: as if the schedule had fired.
    case forced
    /// `run`, `retry`, `accept`: the dates that a person named.
    case hand
  }

  /// The number of the chunk: `BACKFILL_CHUNK`.
  public let id: Int64
  public let window: String
  public let kind: Kind
  /// The instant the schedule named, or the instant of the request. A window has one activation of a kind per nominal.
  public let nominal: Instant
  /// At most so many dates; `nil`: no limit.
  public let quota: Int?
  /// No date starts after this instant; `nil`: no limit.
  public let endsAt: Instant?
  /// The dates a person named; `nil` for the other kinds.
  public let dates: [CivilDate]?
  /// The only step to run, of those dates; `nil`: all.
  public let step: String?
  /// Who asked; `backfilld` for a firing.
  public let by: String
  /// The dates it has started so far.
  public private(set) var started: Set<CivilDate>
  /// Those of them that were held for their input before.
  public private(set) var lookedAt: Set<CivilDate>
  /// What `BACKFILL_RUN_ID` is in its preflight; the same each time it runs.
  public let runID: String
  /// It needs no preflight any more.
  public let hasPassedPreflight: Bool
  /// The window was paused while it was open: of what was asked for by hand, nothing more starts.
  public let isHalted: Bool

  public init(
    id: Int64, window: String, kind: Kind, nominal: Instant, quota: Int? = nil, endsAt: Instant? = nil,
    dates: [CivilDate]? = nil, step: String? = nil, by: String = "backfilld", started: Set<CivilDate> = [],
    lookedAt: Set<CivilDate> = [], runID: String = "", hasPassedPreflight: Bool = false, isHalted: Bool = false
  ) {
    self.id = id
    self.window = window
    self.kind = kind
    self.nominal = nominal
    self.quota = quota
    self.endsAt = endsAt
    self.dates = dates
    self.step = step
    self.by = by
    self.started = started
    self.lookedAt = lookedAt
    self.runID = runID
    self.hasPassedPreflight = hasPassedPreflight
    self.isHalted = isHalted
  }

  /// Puts `date` among the dates it has started; `awaitedInput`: it was held for its input before.
  public mutating func note(started date: CivilDate, awaitedInput: Bool) {
    if started.insert(date).inserted, awaitedInput { lookedAt.insert(date) }
  }

  /// Takes `date` out of the dates it has started: nothing of it was begun.
  public mutating func forget(started date: CivilDate) {
    started.remove(date)
    lookedAt.remove(date)
  }

  /// Whether it is of a firing that is far ahead of `now`: the clock was wrong when it was opened, or is behind now.
  ///
  /// Until that firing it starts nothing: its end is as far away.
  public func isAhead(of now: Instant) -> Bool {
    kind == .scheduled && Firing.isFromWrongClock(nominal, at: now)
  }

  /// How many dates of its quota are used up, where `dates` stand as they do now. A date that still waits for its input
  /// takes no place of one that could run, except by the activation that found it missing first: so nobody starves, and a
  /// feed that is down does not hold the whole window in one night.
  public func used(_ dates: [CivilDate: DateSummary]) -> Int {
    started.count - lookedAt.count { dates[$0]?.awaitsInput ?? false }
  }
}
