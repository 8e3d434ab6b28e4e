import BackfillCore

/// Where one date stands while its steps run, and what the next checkpoint must say. A value: it starts nothing.
struct DateWalk {
  let entry: CalendarDate
  let chunk: DateChunk
  private(set) var records: [String: StepRecord]
  /// How the date ended; `nil` while it runs.
  private(set) var conclusion: DateChange?

  private let plan: Plan
  /// Steps that run, or wait for a place or for their next attempt.
  private var occupied: Set<String> = []
  private var ended: [AttemptEnd] = []
  private var claims: [StepClaim] = []
  private var started: [AttemptIdentity] = []
  private var events: [JournalEvent] = []
  private var pause: String?
  /// Steps whose checks failed on this walk, and the sentences: they are not tried again on it.
  private var missing: [String: String] = [:]
  /// A step of the date was claimed on this walk.
  private(set) var hasBegun = false
  /// How long the date took; `nil` unless it is done and came to its end on this walk alone.
  private(set) var took: Duration?
  private let isWhole: Bool
  private var firstStart: Instant?

  /// What the walks over a window's dates have in common.
  final class Plan: Sendable {
    let window: Window
    let graph: StepGraph
    /// N of the date test.
    let plannedDates: Int

    init(_ window: Window, plannedDates: Int) {
      self.window = window
      graph = StepGraph(window.steps)
      self.plannedDates = plannedDates
    }
  }

  init(_ plan: Plan, entry: CalendarDate, chunk: DateChunk, records: [String: StepRecord]) {
    self.plan = plan
    self.entry = entry
    self.chunk = chunk
    self.records = records
    isWhole = records.values.allSatisfy { $0.state != .done && !$0.isUnfinished }
  }

  var window: Window { plan.window }

  /// Ready steps that may be started now, as many as the window allows side by side.
  var startable: [String] {
    Array(ready.prefix(max(0, window.parallel.steps - occupied.count)))
  }

  private var ready: [String] {
    plan.graph.ready(records).map(\.name).filter { name in
      !occupied.contains(name) && missing[name] == nil && (chunk.step ?? name) == name
    }
  }

  /// Nothing runs and nothing waits.
  var isIdle: Bool { occupied.isEmpty }

  /// The steps whose processes run.
  var running: [String] { window.steps.map(\.name).filter { records[$0]?.state == .running } }

  /// The date as the planner sees it.
  var summary: DateSummary {
    var done: Set<String> = []
    for record in records.values where record.opensGate { done.insert(record.step) }
    switch conclusion {
    case .done(let verdict): return DateSummary(state: .done, verdict: verdict, doneSteps: done)
    case .held(let reason, let verdict):
      return DateSummary(state: .held, reason: reason, verdict: verdict, doneSteps: done)
    case .heldForInput(let reason, let verdict):
      return DateSummary(state: .held, reason: reason, awaitsInput: true, verdict: verdict, doneSteps: done)
    case .pending(let reason): return DateSummary(state: .pending, reason: reason, doneSteps: done)
    case nil: return DateSummary(state: .running, doneSteps: done)
    }
  }

  /// The step is as good as running: it waits for its place.
  mutating func occupy(_ step: String) {
    occupied.insert(step)
  }

  /// The step does not start after all.
  mutating func giveUp(_ step: String) {
    occupied.remove(step)
  }

  /// A place for the step is taken: its claim goes into the next checkpoint.
  mutating func claim(_ step: String) {
    hasBegun = true
    let old = records[step] ?? StepRecord(step: step)
    let isSameAttempt = old.isUnfinished && old.runID != nil
    let attempt = AttemptIdentity(
      window: window.name, date: entry.date, step: step, attempt: isSameAttempt ? old.attempt : old.attempt + 1,
      runID: isSameAttempt ? old.runID ?? Hexadecimal.random() : Hexadecimal.random(), chunk: chunk.id)
    claims.append(
      StepClaim(attempt: attempt, definitionHash: window.definitionHash, isByHand: chunk.isByHand))
    started.append(attempt)
    events.append(.stepStarted(attempt))
    records[step] = StepRecord(
      step: step, state: .running, attempt: attempt.attempt, roundStart: old.roundStart, runID: attempt.runID,
      interruptions: old.interruptions)
  }

  /// An execution has ended: judges it. Returns the wait before the step's next attempt, when there is to be one.
  mutating func end(
    _ attempt: AttemptIdentity, _ execution: Execution, slowInPrevious4: Int
  ) -> (step: String, delay: Duration)? {
    guard let step = window.step(attempt.step), let record = records[attempt.step] else { return nil }
    firstStart = min(firstStart ?? execution.started, execution.started)
    switch StepOutcome(execution) {
    case .reported(let report):
      let verdict = judged(report, of: step, execution, slowInPrevious4)
      if verdict.word == .anomaly, window.onAnomaly == .pause { pause = verdict.sentence }
      events.append(.stepJudged(attempt, verdict: verdict, duration: execution.duration))
      close(attempt, execution, .done, verdict: verdict, report: report)
    case .stopped:
      events.append(.stepStopped(attempt))
      close(attempt, execution, .pending, isUnfinished: true)
    case .checkFailed(let why):
      // The attempt counts as not made: the next look is the same one, with all its tries.
      missing[step.name] = why
      events.append(.stepInputMissing(attempt, reason: why))
      close(attempt, execution, .pending, failure: why, isUnfinished: true)
    case .inputMissing:
      events.append(.stepFailed(attempt, reason: execution.ending.sentence, retryIn: nil))
      close(attempt, execution, .failed, failure: execution.ending.sentence)
    case .failed(let why):
      let tries = attempt.attempt - record.roundStart
      let delay = step.retry.delay(afterFailure: tries)
      events.append(.stepFailed(attempt, reason: why, retryIn: delay))
      guard let delay else {
        let failure = tries > 1 ? "\(why) (attempt \(tries) of \(step.retry.attempts))" : why
        close(attempt, execution, .failed, failure: failure)
        return nil
      }
      close(attempt, execution, .pending, failure: why)
      occupied.insert(step.name)
      return (step.name, delay)
    }
    return nil
  }

  /// Nothing of the date runs any more: works out how it ended. What a person must decide about holds it, also when other
  /// steps could still start (after a stop, or because only one was asked for).
  mutating func conclude() {
    var change = plan.graph.conclusion(records, missing: missing)
    // Cut short by a stop: the date goes on with its activation, not with the next one.
    if case .heldForInput = change, !ready.isEmpty { change = .pending(reason: nil) }
    conclusion = change
    switch change {
    case .done(let verdict):
      events.append(.dateDone(window: window.name, date: entry.date, chunk: chunk.id, verdict: verdict))
    case .held(let reason, _):
      events.append(.dateHeld(window: window.name, date: entry.date, chunk: chunk.id, reason: reason))
    case .heldForInput(let reason, _):
      events.append(.dateAwaitsInput(window: window.name, date: entry.date, chunk: chunk.id, reason: reason))
    case .pending: break
    }
  }

  /// What is to be committed since the last checkpoint; `nil` when that is nothing.
  mutating func takeCheckpoint(at now: Instant) -> Checkpoint? {
    guard !ended.isEmpty || !claims.isEmpty || conclusion != nil else { return nil }
    var maxHeld: Int?
    if case .held = conclusion { maxHeld = window.maxHeld }
    // A clock that was set back meanwhile tells nothing.
    if case .done = conclusion, isWhole, let firstStart, firstStart <= now { took = now - firstStart }
    let checkpoint = Checkpoint(
      window: window.name, date: entry.date, at: now, ended: ended, dateChange: conclusion, took: took,
      pause: pause, maxHeld: maxHeld, claims: claims, events: events)
    ended = []
    claims = []
    events = []
    pause = nil
    return checkpoint
  }

  /// The attempts whose claims were in the last checkpoint, once.
  mutating func takeStarted() -> [AttemptIdentity] {
    defer { started = [] }
    return started
  }

  private func judged(
    _ report: Report?, of step: Step, _ execution: Execution, _ slowInPrevious4: Int
  ) -> StepVerdict {
    let streams = window.steps.reduce(0) { $0 + $1.expect.streams.count }
    return Judge.verdict(
      on: report, expecting: step.expect,
      in: JudgingContext(
        date: entry.date, step: step.name, calendarCount: entry.count, windowDates: max(1, plan.plannedDates),
        streams: max(1, streams), slowInPrevious4: slowInPrevious4, duration: execution.duration))
  }

  private mutating func close(
    _ attempt: AttemptIdentity, _ execution: Execution, _ state: StepState, verdict: StepVerdict? = nil,
    report: Report? = nil, failure: String? = nil, isUnfinished: Bool = false
  ) {
    let old = records[attempt.step] ?? StepRecord(step: attempt.step)
    occupied.remove(attempt.step)
    ended.append(
      AttemptEnd(
        attempt: attempt, execution: execution, verdict: verdict, stepState: state, failure: failure,
        isUnfinished: isUnfinished))
    records[attempt.step] = StepRecord(
      step: attempt.step, state: state, attempt: attempt.attempt, roundStart: old.roundStart, runID: attempt.runID,
      isUnfinished: isUnfinished, interruptions: execution.ending == .stopped ? old.interruptions : 0, verdict: verdict,
      report: report, failure: failure)
  }
}
