/// What is known about every date of every window, durably. Every call is one transaction, committed when it returns.
public protocol Ledger: Sendable {
  /// Reads what the engine keeps in memory.
  func snapshot() async throws(LedgerFailure) -> LedgerSnapshot

  /// Puts a window into the ledger, or its new schedule; a window that is there already keeps its state.
  ///
  /// A changed `scheduleKey` sets `lastNominal` to `now`: a new or edited schedule has no missed firings. A `definition`
  /// that differs from the last one is told once, when there are dates that were done with another one.
  func register(window: String, scheduleKey: String?, definition: String, now: Instant) async throws(LedgerFailure)

  /// Keeps the calendar that a window's command printed, in the place of the one before.
  func keep(_ calendar: CommandCalendar, of window: String) async throws(LedgerFailure)

  /// Opens an activation; `nil` when there is one of that window, kind and nominal already (I1). One that a person asked for is
  /// kept as his decision.
  func open(_ request: ActivationRequest) async throws(LedgerFailure) -> Activation?

  /// Ends an activation; `ramp` moves the window's ramp.
  func end(activation: Int64, of window: String, ramp: RampMove, events: [JournalEvent], at: Instant)
    async throws(LedgerFailure)

  /// Records how the preflight of an open activation ended; a failure pauses the window.
  ///
  /// - Returns: Whether it paused the window, which was not paused before.
  func endPreflight(_ end: PreflightEnd) async throws(LedgerFailure) -> Bool

  /// Reads one date with its steps; a date the ledger does not know is pending.
  func record(of date: CivilDate, in window: String) async throws(LedgerFailure) -> DateRecord

  /// How the dates of a window stand that are more than untouched: what a rerun is worked out from.
  func standings(in window: String) async throws(LedgerFailure) -> [CivilDate: DateStanding]

  /// How many of the last four dates before `date` had a duration above `limit` at `step`.
  func slowDates(before date: CivilDate, step: String, window: String, limit: Duration)
    async throws(LedgerFailure) -> Int

  /// Records ends and verdicts, states, claims and events, all or nothing (I2, I3, I4).
  ///
  /// - Returns: The reason for which this checkpoint paused the window; `nil` when it did not.
  @discardableResult
  func commit(_ checkpoint: Checkpoint) async throws(LedgerFailure) -> String?

  /// Records what a person, or a rule of the engine, decided about dates or the window, and opens the activation that
  /// carries it out.
  func decide(_ decision: Decision) async throws(LedgerFailure) -> DecisionOutcome

  /// Reads what the drift test folds: the dates after `after` up to `through`, and what is decided and told of the window.
  func driftFacts(in window: String, after: CivilDate?, through: CivilDate) async throws(LedgerFailure) -> DriftFacts

  /// Writes down alarms of the drift test with their events and, if they say so, pauses the window, all or nothing.
  ///
  /// Nothing is written when a person decided something since the facts were read.
  func commit(_ report: DriftReport) async throws(LedgerFailure) -> DriftOutcome

  /// Makes every claimed step pending again and counts an interruption for it; holds its date at the third in a row, and
  /// pauses its window when so many dates are held as `maxHeld` says for it.
  ///
  /// Called once at start, when the processes of the claimed steps are gone. An orderly stop leaves no claim behind.
  func recover(at: Instant, maxHeld: [String: Int]) async throws(LedgerFailure) -> [RecoveredStep]

  /// Events that are not handed over yet, oldest first.
  func pendingEvents(limit: Int) async throws(LedgerFailure) -> [OutboxEntry]

  /// Forgets the events up to and including `id`: they are handed over.
  func markHandedOver(through id: Int64) async throws(LedgerFailure)

  // For the commands that read.
  func attempts(of date: CivilDate, in window: String) async throws(LedgerFailure) -> [AttemptRecord]
  func decisions(in window: String, date: CivilDate?) async throws(LedgerFailure) -> [DecisionRecord]
  /// The last `limit` changes of a window, oldest first; what was decided in one go is one change.
  func changes(in window: String, limit: Int) async throws(LedgerFailure) -> [ChangeRecord]
  func records(in window: String) async throws(LedgerFailure) -> [DateRecord]
  /// The definitions with which the done steps of a window's dates were last done, in the order of their first use.
  func definitions(in window: String) async throws(LedgerFailure) -> [DefinitionView]

  /// How long the dates took that are done and came to their end in one go, as their checkpoints said: of the `limit` of them
  /// that were worked on last, oldest first.
  func dateDurations(in window: String, limit: Int) async throws(LedgerFailure) -> [Duration]

  /// How long the last attempt of each step took on each date; only those that came to an end of their own.
  func stepDurations(in window: String) async throws(LedgerFailure) -> [String: [CivilDate: Duration]]

  /// Looks whether everything is sound, without holding up who reads or writes.
  func checkup() async throws(LedgerFailure) -> LedgerCheckup

  /// The last firing of each window that opened an activation.
  func lastFirings() async throws(LedgerFailure) -> [String: Instant]

  /// Copies everything as of one instant into a new file at the absolute `path`, durably, while work goes on; returns its
  /// size in bytes. A file that is there is refused.
  func backup(to path: String) async throws(LedgerFailure) -> Int64
}

/// The daemon could not remember: a disk full, a database corrupt, a directory read-only.
public struct LedgerFailure: Error, Equatable, Sendable {
  public let message: String
  public let kind: Kind

  public enum Kind: Sendable, Equatable {
    /// The machine is in the way; the same request may succeed later.
    case unavailable
    /// The request contradicts the ledger (a state edge that is not written): a fault of ours, which no waiting mends.
    case contradiction
    /// Something that is written there cannot be read: it is left as it is, and a person must look.
    case unreadable
    /// There is no ledger to ask: it is not open.
    case closed
  }

  public init(_ message: String, _ kind: Kind = .unavailable) {
    self.message = message
    self.kind = kind
  }

  /// What was asked for does not fit what the ledger knows.
  public static func contradiction(_ message: String) -> LedgerFailure {
    LedgerFailure(message, .contradiction)
  }
}

/// The part of the ledger that the engine keeps in memory.
public struct LedgerSnapshot: Sendable, Equatable {
  public let windows: [WindowRecord]
  /// Keyed by window; only dates that are not untouched pending ones.
  public let dates: [String: [CivilDate: DateSummary]]
  /// The activations that have not ended, oldest first.
  public let openActivations: [Activation]
  /// Steps that are claimed: after a start, those of a daemon that died.
  public let claimed: [AttemptIdentity]
  /// The last good calendars of commands, by window.
  public let calendars: [String: CommandCalendar]
  /// The alarms of the drift test that nobody has settled, by window, oldest date first.
  public let alarms: [String: [OpenAlarm]]
  /// The last missed night of each window, unless a person has started a chunk since.
  public let missed: [String: MissedNight]

  public init(
    windows: [WindowRecord], dates: [String: [CivilDate: DateSummary]], openActivations: [Activation],
    claimed: [AttemptIdentity], calendars: [String: CommandCalendar] = [:], alarms: [String: [OpenAlarm]] = [:],
    missed: [String: MissedNight] = [:]
  ) {
    self.missed = missed
    self.calendars = calendars
    self.alarms = alarms
    self.windows = windows
    self.dates = dates
    self.openActivations = openActivations
    self.claimed = claimed
  }
}

/// A date without the details of its steps.
public struct DateSummary: Sendable, Equatable {
  public let state: DateState
  public let reason: String?
  /// Held only because the input of a step is missing: each activation looks at it again.
  public let awaitsInput: Bool
  public let verdict: Verdict?
  /// Names of the steps that are done: what a look back asks for.
  public let doneSteps: Set<String>

  public init(
    state: DateState, reason: String? = nil, awaitsInput: Bool = false, verdict: Verdict? = nil,
    doneSteps: Set<String> = []
  ) {
    self.state = state
    self.reason = reason
    self.awaitsInput = awaitsInput
    self.verdict = verdict
    self.doneSteps = doneSteps
  }
}

/// What `open` needs to know.
public struct ActivationRequest: Sendable, Equatable {
  public let window: String
  public let kind: Activation.Kind
  public let nominal: Instant
  public let quota: Int?
  public let endsAt: Instant?
  public let dates: [CivilDate]?
  public let step: String?
  public let by: String
  /// Why a person asked; `nil`: he did not say.
  public let reason: String?
  public let at: Instant

  public init(
    window: String, kind: Activation.Kind, nominal: Instant, quota: Int?, endsAt: Instant?, dates: [CivilDate]? = nil,
    step: String? = nil, by: String = "backfilld", reason: String? = nil, at: Instant
  ) {
    self.window = window
    self.kind = kind
    self.nominal = nominal
    self.quota = quota
    self.endsAt = endsAt
    self.dates = dates
    self.step = step
    self.by = by
    self.reason = reason
    self.at = at
  }

  /// The request with only those of its dates that are in `dates`; `nil` when it names dates and none of them is there.
  public func limited(to dates: [CivilDate]) -> ActivationRequest? {
    guard let named = self.dates else { return self }
    let wanted = Set(dates)
    let left = named.filter { wanted.contains($0) }
    guard !left.isEmpty else { return nil }
    return ActivationRequest(
      window: window, kind: kind, nominal: nominal, quota: quota, endsAt: endsAt, dates: left, step: step, by: by,
      reason: reason, at: at)
  }
}

/// What the end of an activation does to its window's ramp.
public enum RampMove: Sendable, Equatable {
  case stay, advance, reset
}

/// An event of the outbox.
public struct OutboxEntry: Sendable, Equatable {
  /// Ascending in the order of the commits.
  public let id: Int64
  public let at: Instant
  public let event: JournalEvent

  public init(id: Int64, at: Instant, event: JournalEvent) {
    self.id = id
    self.at = at
    self.event = event
  }
}

/// A step that was found claimed at start.
public struct RecoveredStep: Sendable, Equatable {
  public let attempt: AttemptIdentity
  /// Interruptions in a row, this one included.
  public let interruptions: Int
  /// The third in a row: its date is held.
  public let isDateHeld: Bool

  public init(attempt: AttemptIdentity, interruptions: Int, isDateHeld: Bool) {
    self.attempt = attempt
    self.interruptions = interruptions
    self.isDateHeld = isDateHeld
  }
}
