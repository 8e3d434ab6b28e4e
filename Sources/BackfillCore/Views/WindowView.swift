/// What `show --json` prints.
public struct WindowView: Sendable, Equatable, Codable {
  public let window: String
  public let state: WindowState
  public let reason: String?
  public let since: Instant
  public let by: String
  public let zone: String
  public let dates: [DateView]
  /// The rates with evidence of a drift, of the whole window.
  public let drift: [DriftView]
  /// Alarms of the drift test that wait for a person, of the whole window, oldest date first.
  public let alarms: [OpenAlarm]
  /// Dates that wait for others which nothing brings by itself, by the date that is waited for.
  public let waiting: [WaitView]
  /// Its last firing, when that opened no chunk; `nil` when it did, or while the window is paused.
  public let missed: MissedNight?
  /// What persons decided; only for one date.
  public let decisions: [DecisionRecord]?
  /// The last changes, oldest first; only for all dates.
  public let changes: [ChangeRecord]?
  /// The window has a file; otherwise only its ledger is left.
  public let configured: Bool
  /// The digest of the definition in force; `nil` when the window is no longer configured.
  public let definition: String?
  /// Under which definitions its dates were done, in the order of their first use.
  public let definitions: [DefinitionView]

  public init(
    window: String, state: WindowState, reason: String?, since: Instant, by: String, zone: String, dates: [DateView],
    drift: [DriftView] = [], alarms: [OpenAlarm] = [], waiting: [WaitView] = [], missed: MissedNight? = nil,
    decisions: [DecisionRecord]? = nil,
    changes: [ChangeRecord]? = nil, configured: Bool = true, definition: String? = nil,
    definitions: [DefinitionView] = []
  ) {
    self.window = window
    self.state = state
    self.reason = reason
    self.since = since
    self.by = by
    self.zone = zone
    self.dates = dates
    self.drift = drift
    self.alarms = alarms
    self.waiting = waiting
    self.missed = missed
    self.decisions = decisions
    self.changes = changes
    self.configured = configured
    self.definition = definition
    self.definitions = definitions
  }
}

/// One date of a window.
public struct DateView: Sendable, Equatable, Codable {
  public let date: CivilDate
  public let state: DateState
  public let reason: String?
  /// Held only because the input of a step is missing: the next chunk looks again.
  public let awaitsInput: Bool
  public let verdict: Verdict?
  /// Of all its steps.
  public let attempts: Int
  /// A person ran it outside the schedule.
  public let byHand: Bool
  /// The window's calendar has it.
  public let covered: Bool
  public let steps: [StepView]
  /// Every attempt, oldest first; only when one date was asked for.
  public let history: [AttemptRecord]?

  public init(
    date: CivilDate, state: DateState, reason: String?, awaitsInput: Bool = false, verdict: Verdict?, attempts: Int,
    byHand: Bool, covered: Bool, steps: [StepView], history: [AttemptRecord]? = nil
  ) {
    self.date = date
    self.state = state
    self.reason = reason
    self.awaitsInput = awaitsInput
    self.verdict = verdict
    self.attempts = attempts
    self.byHand = byHand
    self.covered = covered
    self.steps = steps
    self.history = history
  }
}

/// One step of one date.
public struct StepView: Sendable, Equatable, Codable {
  public let step: String
  public let state: StepState
  public let verdict: Verdict?
  /// The sentence of the verdict, or why it failed.
  public let sentence: String?
  public let accepted: Bool
  public let attempts: Int
  public let report: Report?

  public init(
    step: String, state: StepState, verdict: Verdict?, sentence: String?, accepted: Bool, attempts: Int, report: Report?
  ) {
    self.step = step
    self.state = state
    self.verdict = verdict
    self.sentence = sentence
    self.accepted = accepted
    self.attempts = attempts
    self.report = report
  }
}

/// What came of a change that a person asked for.
public struct ChangeAnswer: Sendable, Equatable, Codable {
  /// One sentence: what happens now.
  public let message: String
  /// The dates that changed.
  public let changed: [CivilDate]
  /// The dates that did not, and why.
  public let refused: [DecisionOutcome.Refused]

  public init(message: String, changed: [CivilDate] = [], refused: [DecisionOutcome.Refused] = []) {
    self.message = message
    self.changed = changed
    self.refused = refused
  }
}
