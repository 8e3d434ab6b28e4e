/// What one transaction records when a step or a date ends, or when steps are about to start.
public struct Checkpoint: Sendable, Equatable {
  public let window: String
  public let date: CivilDate
  public let at: Instant
  public let ended: [AttemptEnd]
  public let dateChange: DateChange?
  /// How long the date took, when it is done with this checkpoint and came to its end in one go.
  public let took: Duration?
  /// Pauses the window, with this reason.
  public let pause: String?
  /// Pauses the window when, with this checkpoint, so many of its dates are held for a person.
  public let maxHeld: Int?
  public let claims: [StepClaim]
  public let events: [JournalEvent]

  public init(
    window: String, date: CivilDate, at: Instant, ended: [AttemptEnd] = [], dateChange: DateChange? = nil,
    took: Duration? = nil, pause: String? = nil, maxHeld: Int? = nil, claims: [StepClaim] = [],
    events: [JournalEvent] = []
  ) {
    self.window = window
    self.date = date
    self.at = at
    self.ended = ended
    self.dateChange = dateChange
    self.took = took
    self.pause = pause
    self.maxHeld = maxHeld
    self.claims = claims
    self.events = events
  }
}

extension Checkpoint {
  /// This checkpoint and the claims of the date that comes next, in one transaction.
  public func claiming(_ next: Checkpoint) -> Checkpoint {
    Checkpoint(
      window: window, date: date, at: at, ended: ended, dateChange: dateChange, took: took, pause: pause,
      maxHeld: maxHeld, claims: claims + next.claims, events: events + next.events)
  }
}

/// The end of one execution.
public struct AttemptEnd: Sendable, Equatable {
  public let attempt: AttemptIdentity
  public let execution: Execution
  /// `nil` when there was nothing to judge.
  public let verdict: StepVerdict?
  /// What becomes of the step: `done`, `failed`, or `pending` for a retry or after a stop.
  public let stepState: StepState
  /// Why the attempt failed; `nil` when it did not.
  public let failure: String?
  /// The execution was stopped by us, or its input was missing: the attempt is executed again under the same number.
  public let isUnfinished: Bool

  public init(
    attempt: AttemptIdentity, execution: Execution, verdict: StepVerdict?, stepState: StepState, failure: String?,
    isUnfinished: Bool = false
  ) {
    self.attempt = attempt
    self.execution = execution
    self.verdict = verdict
    self.stepState = stepState
    self.failure = failure
    self.isUnfinished = isUnfinished
  }
}

/// A step that is about to start: the date and the step become `running`, the attempt is written down.
public struct StepClaim: Sendable, Equatable {
  public let attempt: AttemptIdentity
  public let definitionHash: String
  /// Requested by a person outside the schedule.
  public let isByHand: Bool

  public init(attempt: AttemptIdentity, definitionHash: String, isByHand: Bool) {
    self.attempt = attempt
    self.definitionHash = definitionHash
    self.isByHand = isByHand
  }
}

/// The state a date gets.
public enum DateChange: Sendable, Equatable {
  case done(Verdict)
  case held(reason: String, verdict: Verdict?)
  /// Held because the input of a step is missing: it is looked at again at each activation, no person is needed.
  case heldForInput(reason: String, verdict: Verdict?)
  /// Back to pending: the daemon stops, or a lookback is not satisfied.
  case pending(reason: String?)
}

/// The end of an activation's preflight.
public struct PreflightEnd: Sendable, Equatable {
  public let activation: Int64
  public let window: String
  /// Why it failed, which pauses the window; `nil`: it passed, and is not run again for this activation.
  public let failure: String?
  public let at: Instant

  public init(activation: Int64, window: String, failure: String?, at: Instant) {
    self.activation = activation
    self.window = window
    self.failure = failure
    self.at = at
  }
}

/// A change that a person, or a rule of the engine, makes outside the running of steps.
public struct Decision: Sendable, Equatable {
  public enum Action: Sendable, Equatable {
    /// With the decision's `reason`, which must be there.
    case pause
    /// Settles the open alarms of the drift test: their streams start anew after the last date that was folded.
    case resume
    case complete
    /// A new date came into a complete window, or one was reopened.
    case reopen
    /// The anomalies of the dates, and the alarms of the drift test that name them: their streams start anew after them.
    case accept([CivilDate])
    case retry([CivilDate])
    case skip([CivilDate])
    case rerun(Rerun)
    /// Dates that were done before backfilld knew them, and the steps that are done with them.
    case importDone([CivilDate], steps: [String])
    /// New verdicts on what was judged before; pauses the window for the reason `pause` when a date becomes held by them.
    case rejudge([Rejudgement], figures: [NewFigures], pause: String?)
    /// Dates of `skip_first`.
    case skipBootstrap([CivilDate], work: DateRange?)
    /// A firing that nothing will be done about; with the decision's `reason` it is told, and kept as a missed night where the
    /// window is active.
    case passOver(nominal: Instant)
  }

  public let window: String
  public let action: Action
  public let reason: String?
  public let by: String
  public let at: Instant
  /// The last date that the drift test has folded when it was decided: what a `resume` settles starts anew after it.
  public let foldedThrough: CivilDate?
  /// The activation that is opened in the same transaction, when the decision changed something; of the dates it names,
  /// only those that changed. `nil`: none.
  public let opening: ActivationRequest?

  public init(
    window: String, action: Action, reason: String? = nil, by: String, at: Instant, foldedThrough: CivilDate? = nil,
    opening: ActivationRequest? = nil
  ) {
    self.window = window
    self.action = action
    self.reason = reason
    self.by = by
    self.at = at
    self.foldedThrough = foldedThrough
    self.opening = opening
  }
}

/// What came of a decision.
public struct DecisionOutcome: Sendable, Equatable {
  /// The dates that changed.
  public let changed: [CivilDate]
  /// The dates that did not, and why.
  public let refused: [Refused]
  /// The streams of the drift test that start anew with it; of `accept`, a date that an alarm named may not have changed
  /// itself.
  public let restarted: [DriftRestart]
  /// Of `accept`: the steps whose anomalies are accepted, by date.
  public let accepted: [CivilDate: Set<String>]
  /// Of `skipBootstrap`: the dates that were skipped as bootstrap before and are pending again.
  public let freed: [CivilDate]
  /// Of `rejudge`: how many verdicts got the figures of today and kept their word.
  public let refigured: Int
  /// The activation that was opened with it; `nil` when none was.
  public let opened: Activation?

  public struct Refused: Sendable, Equatable, Codable {
    public let date: CivilDate
    public let why: String

    public init(date: CivilDate, why: String) {
      self.date = date
      self.why = why
    }
  }

  public init(
    changed: [CivilDate], refused: [Refused], restarted: [DriftRestart] = [],
    accepted: [CivilDate: Set<String>] = [:], freed: [CivilDate] = [], refigured: Int = 0, opened: Activation? = nil
  ) {
    self.accepted = accepted
    self.freed = freed
    self.changed = changed
    self.refused = refused
    self.restarted = restarted
    self.refigured = refigured
    self.opened = opened
  }
}
