import BackfillCore

/// Everything that can happen to the engine. One loop takes these one by one; whatever takes time is a child task that
/// posts its result here.
enum Message: Sendable {
  /// A deadline has come, or the clock was set: look again.
  case tick
  /// The watchdog wants to hear from the loop.
  case watchdog
  /// A task has committed events, and told before what it had to tell.
  case eventsCommitted
  /// An orderly stop was asked for.
  case stop
  /// The time that running steps had to end by themselves is over.
  case stopGraceOver
  /// The stop is not over, and systemd is to give it so much more time.
  case stopGoesOn(Duration)

  /// An activation was opened (`nil`: it existed already).
  case opened(ActivationRequest, Activation?)
  /// An activation was ended.
  case ended(window: String, chunk: Int64, RampMove)
  /// The preflight of an activation ended.
  case preflightEnded(window: String, chunk: Int64, PreflightOutcome)
  case stepsRunning(window: String, date: CivilDate, steps: [String])
  /// Its task goes on with `next`, a date that it was given, and the steps of it that run; `nil`: the task has ended.
  case dateEnded(window: String, date: CivilDate, DateSummary, next: (date: CivilDate, steps: [String])?)
  /// Nothing of the date was begun: it was called off. It is as it was before.
  case dateCalledOff(window: String, date: CivilDate, DateSummary)
  /// A date of a window with `stop_by` is done but for its commit, and took so long in one go: before anything else starts,
  /// this counts.
  case dateTook(window: String, Duration)
  /// A date is done but for its commit: is there one whose steps can be claimed in that commit?
  case dateEnding(window: String, SuccessorReply)
  case windowPaused(window: String, reason: String, by: String, at: Instant)
  /// Alarms of the drift test are written down, with what became of the window.
  case driftAlarmed(window: String, [OpenAlarm], DriftOutcome, at: Instant)
  /// The drift test of a window has gone on, from the state that `generation` names.
  case folded(window: String, DriftFold, generation: Int)
  /// An anomaly came while the window was paused already: what was asked for by hand is halted all the same.
  case handHalted(window: String)
  /// A decision of the engine is written down.
  case decided(Decision, DecisionOutcome)
  /// The configuration was read again.
  case configurationRead(DaemonConfiguration)
  /// What came of running the command of a window's calendar.
  case calendarRead(window: String, command: [String], CalendarOutcome)
  /// New definitions are written down and may take effect.
  case adopted([AdoptedWindow])
  /// What came of the decisions of a person.
  case asked([Asked], Reply<ChangeAnswer>)
  /// What a rerun would do is worked out, from how the window's dates stand.
  case rerunPlanned(RerunQuestion, Result<RerunPlan, LedgerFailure>, Reply<RerunAnswer>)

  /// The ledger is open and recovered: the loop begins with this state. Apart, so that no other message is as large.
  indirect case started(EngineState)
  /// The ledger cannot be opened, or refused a write, with its sentence; it is tried again.
  case ledgerFailed(String)
  case ledgerWorks
  /// No process can be started at all, with the executor's sentence; it is tried again.
  case executorFailed(String)
  case executorWorks
  /// A fault of the daemon itself: it stops, and is started again by systemd.
  case broken(String)

  case request(Request)
}

/// What a person asks of the loop.
enum Request: Sendable {
  case status(window: String?, Reply<DaemonStatus>)
  /// The window's definition and record as the loop knows them; the rest is read from the ledger.
  case describe(window: String, date: CivilDate?, Reply<WindowFacts>)
  /// When the windows fire.
  case firings(Reply<[WindowFirings]>)
  /// What a forecast is made from.
  case foresee(window: String, Reply<Forecast.Facts>)
  case rejudge(RejudgeRequest, Reply<ChangeAnswer>)
  case run(RunRequest, by: String, Reply<ChangeAnswer>)
  case change(ChangeRequest, by: String, Reply<ChangeAnswer>)
  case rerun(RerunRequest, by: String, Reply<RerunAnswer>)
  case importDone(ImportRequest, by: String, Reply<ImportAnswer>)
  case pause(PauseRequest, by: String, Reply<ChangeAnswer>)
  case resume(ResumeRequest, by: String, Reply<ChangeAnswer>)
  case reload(ReloadAsker)
}

/// What the loop knows of a window beyond its dates.
struct WindowFacts: Sendable {
  let window: Window
  let calendar: WindowCalendar
  let calendarState: CalendarState
  let record: WindowRecord
  /// The rates with evidence of a drift.
  let drift: [DriftView]
  /// What the drift test said and nobody has settled.
  let alarms: [OpenAlarm]
  /// Dates that wait for others which nothing brings by itself.
  let waiting: [WaitView]
  /// Its last firing, when that opened no chunk.
  let missed: MissedNight?
  /// Why the date that was asked for does not start although it is pending.
  let waitReason: String?
  /// It has a file; otherwise only its ledger is left.
  let isConfigured: Bool
}

/// A decision of a person, and what came of writing it down.
struct Asked: Sendable {
  let decision: Decision
  let outcome: Result<DecisionOutcome, LedgerFailure>
}

/// A person who waits for an activation: answered once it is written down, so that no answer promises what a crash loses.
struct Promise: Sendable {
  let reply: Reply<ChangeAnswer>
  let answer: ChangeAnswer
}

/// A rerun that is to be worked out.
struct RerunQuestion: Sendable {
  let request: RerunRequest
  /// The named dates, in calendar order.
  let dates: [CivilDate]
  let staleness: Staleness
  let by: String
}

/// A date to work on, and the signal that calls it off as long as none of its steps has begun.
struct DateTask: Sendable {
  let entry: CalendarDate
  let chunk: DateChunk
  /// Until when it may begin; `nil`: whenever.
  let latestStart: LatestStart?
  let callOff: StopSignal
  /// What was known of it before; `nil`: the ledger has nothing of it.
  let before: DateSummary?
}

/// What the task of a date knows of its activation.
struct DateChunk: Sendable {
  let id: Int64
  let isByHand: Bool
  /// The only step to run; `nil`: all.
  let step: String?

  init(_ activation: Activation) {
    id = activation.id
    isByHand = activation.kind == .hand
    step = activation.step
  }
}

/// The way back to the task of a date that asks what comes next.
struct SuccessorReply: Sendable {
  private let continuation: CheckedContinuation<DateTask?, Never>

  init(_ continuation: CheckedContinuation<DateTask?, Never>) {
    self.continuation = continuation
  }

  func give(_ task: DateTask?) {
    continuation.resume(returning: task)
  }
}

/// The way back to the one who asked.
struct Reply<Answer: Sendable>: Sendable {
  private let resume: @Sendable (Result<Answer, Refusal>) -> Void

  init(_ continuation: CheckedContinuation<Result<Answer, Refusal>, Never>) {
    resume = { continuation.resume(returning: $0) }
  }

  private init(resume: @escaping @Sendable (Result<Answer, Refusal>) -> Void) {
    self.resume = resume
  }

  func answer(_ answer: Answer) {
    resume(.success(answer))
  }

  func refuse(_ kind: Refusal.Kind, _ message: String) {
    resume(.failure(Refusal(kind, message)))
  }

  /// The same way back for an answer of another sort, which `transform` turns into the one that is waited for.
  func taking<Other>(_ transform: @escaping @Sendable (Other) -> Answer) -> Reply<Other> {
    Reply<Other>(resume: { resume($0.map(transform)) })
  }
}
