/// What the ledger knows of one step of one date.
public struct StepRecord: Sendable, Equatable, Codable {
  public let step: String
  public let state: StepState
  /// The number of the last attempt; 0 when there was none.
  public let attempt: Int
  /// Attempts made before the current round of retries began.
  public let roundStart: Int
  /// The run of the last attempt; it is used again when that attempt was interrupted or stopped.
  public let runID: String?
  /// The last attempt did not come to an end of its own: the next execution is the same attempt.
  public let isUnfinished: Bool
  /// Interruptions in a row.
  public let interruptions: Int
  public let verdict: StepVerdict?
  /// A person accepted the verdict: the steps below may run.
  public let isAccepted: Bool
  public let report: Report?
  /// Why the last attempt failed; `nil` when it did not.
  public let failure: String?

  public init(
    step: String, state: StepState = .pending, attempt: Int = 0, roundStart: Int = 0, runID: String? = nil,
    isUnfinished: Bool = false, interruptions: Int = 0, verdict: StepVerdict? = nil, isAccepted: Bool = false,
    report: Report? = nil, failure: String? = nil
  ) {
    self.step = step
    self.state = state
    self.attempt = attempt
    self.roundStart = roundStart
    self.runID = runID
    self.isUnfinished = isUnfinished
    self.interruptions = interruptions
    self.verdict = verdict
    self.isAccepted = isAccepted
    self.report = report
    self.failure = failure
  }

  /// Done, and with a verdict that lets the steps below it start.
  public var opensGate: Bool {
    state == .done && (isAccepted || (verdict?.word ?? .pass) < .anomaly)
  }
}

/// What the ledger knows of one date.
public struct DateRecord: Sendable, Equatable, Codable {
  public let date: CivilDate
  public let state: DateState
  public let reason: String?
  /// Held only because the input of a step is missing.
  public let awaitsInput: Bool
  public let verdict: Verdict?
  /// A person ran it outside the schedule.
  public let isByHand: Bool
  /// The activation that last worked on it; `nil` when none did.
  public let chunk: Int64?
  /// Keyed by name; steps that were never claimed are absent.
  public let steps: [String: StepRecord]

  public init(
    date: CivilDate, state: DateState = .pending, reason: String? = nil, awaitsInput: Bool = false,
    verdict: Verdict? = nil, isByHand: Bool = false, chunk: Int64? = nil, steps: [String: StepRecord] = [:]
  ) {
    self.date = date
    self.state = state
    self.reason = reason
    self.awaitsInput = awaitsInput
    self.verdict = verdict
    self.isByHand = isByHand
    self.chunk = chunk
    self.steps = steps
  }
}

/// What the ledger knows of one window, without its dates.
public struct WindowRecord: Sendable, Equatable, Codable {
  public let window: String
  public let state: WindowState
  /// Why it is paused; `nil` when it is not.
  public let reason: String?
  /// Since when it is in this state.
  public let since: Instant
  /// Who put it there: a user name, or `backfilld`.
  public let by: String
  /// How many chunks of the ramp have gone well in a row.
  public let rampIndex: Int
  /// The last nominal firing that is dealt with; `nil` before the first.
  public let lastNominal: Instant?
  /// The expression and zone that `lastNominal` belongs to; a change forgets missed firings.
  public let scheduleKey: String?

  public init(
    window: String, state: WindowState = .active, reason: String? = nil, since: Instant, by: String = "backfilld",
    rampIndex: Int = 0, lastNominal: Instant? = nil, scheduleKey: String? = nil
  ) {
    self.window = window
    self.state = state
    self.reason = reason
    self.since = since
    self.by = by
    self.rampIndex = rampIndex
    self.lastNominal = lastNominal
    self.scheduleKey = scheduleKey
  }
}

/// One execution history entry of a step, as `show` prints it.
public struct AttemptRecord: Sendable, Equatable, Codable {
  public let step: String
  /// 1, 2, ...
  public let attempt: Int
  public let runID: String
  /// The activation it belongs to.
  public let chunk: Int64
  /// Times its process was started: more than 1 after interruptions and stops.
  public let executions: Int
  public let started: Instant
  /// `nil` while it runs.
  public let ended: Instant?
  /// In milliseconds, of the last execution; `nil` while it runs.
  public let durationMilliseconds: Int64?
  /// How it ended, in words; `nil` while it runs.
  public let ending: String?
  public let usage: ResourceUsage?
  public let report: Report?
  public let verdict: StepVerdict?
  /// UTF-8 as far as it is; `nil` for an attempt that passed.
  public let outputTail: String?
  /// The window's definition at that time.
  public let definitionHash: String

  public init(
    step: String, attempt: Int, runID: String, chunk: Int64, executions: Int, started: Instant, ended: Instant?,
    durationMilliseconds: Int64?, ending: String?, usage: ResourceUsage?, report: Report?, verdict: StepVerdict?,
    outputTail: String?, definitionHash: String
  ) {
    self.step = step
    self.attempt = attempt
    self.runID = runID
    self.chunk = chunk
    self.executions = executions
    self.started = started
    self.ended = ended
    self.durationMilliseconds = durationMilliseconds
    self.ending = ending
    self.usage = usage
    self.report = report
    self.verdict = verdict
    self.outputTail = outputTail
    self.definitionHash = definitionHash
  }
}

/// One change of a window: the decisions that a person, or backfilld, took in one go.
public struct ChangeRecord: Sendable, Equatable, Codable {
  public let action: String
  public let step: String?
  public let reason: String?
  public let by: String
  public let at: Instant
  /// The first and the last date it is about; `nil` when it is about the window.
  public let from: CivilDate?
  public let to: CivilDate?
  /// How many dates it is about; 0 for the window.
  public let dates: Int
  /// The firing that it is about; `nil`: none.
  public let firing: Instant?

  public init(
    action: String, step: String?, reason: String?, by: String, at: Instant, from: CivilDate?, to: CivilDate?,
    dates: Int, firing: Instant? = nil
  ) {
    self.firing = firing
    self.action = action
    self.step = step
    self.reason = reason
    self.by = by
    self.at = at
    self.from = from
    self.to = to
    self.dates = dates
  }
}

/// What a person decided, and why.
public struct DecisionRecord: Sendable, Equatable, Codable {
  public let action: String
  public let date: CivilDate?
  public let step: String?
  public let reason: String?
  public let by: String
  public let at: Instant

  public init(action: String, date: CivilDate?, step: String?, reason: String?, by: String, at: Instant) {
    self.action = action
    self.date = date
    self.step = step
    self.reason = reason
    self.by = by
    self.at = at
  }
}
