import BackfillCore

/// Runs the steps of a date: claims what is ready, runs it, judges it when it ends, commits, and goes on; then the dates
/// that the loop has for it next.
///
/// Each end of a step, the claims of the steps it frees, and the end of the date are one commit (I3). The first claims of
/// the next date are in the commit that ends the one before, where nothing comes between the two.
struct DateRunner: Sendable {
  let plan: DateWalk.Plan
  let gate: LedgerGate
  let steps: StepRunner
  let stop: StopSignal
  let slots: ProcessSlots
  let threads: any WorkThreads
  let clock: any Clock
  let faults: any Faults

  private var window: Window { plan.window }

  /// What comes back from a child task of the date.
  enum Turn: Sendable {
    /// A place for the step's process was taken.
    case mayStart(String)
    /// The stop signal came before a place, or before the time of the next attempt.
    case gaveUp(String)
    case ended(AttemptIdentity, Execution)
  }

  /// A date that is being worked on.
  private struct Current {
    let task: DateTask
    var walk: DateWalk
    /// An attempt that the date's own task runs next. Where at most one step runs at a time, a child task for each would do
    /// nothing but cost.
    var alone: AttemptIdentity?
    var date: CivilDate { task.entry.date }
  }

  /// Runs until nothing of a date runs or is ready, and no other date follows; tells the loop how each ended. A failure names
  /// its date.
  func run(from first: DateTask) async throws(EngineFailure) {
    var date = first.entry.date
    do {
      guard let records = try await records(for: first) else { return }
      var current = current(first, records)
      try await withThrowingTaskGroup(of: Turn.self) { group in
        try await advance(&current, after: nil, in: &group)
        date = current.date
        while let turn = try await next(&current, in: &group) {
          try await advance(&current, after: turn, in: &group)
          date = current.date
        }
      }
    } catch let failure as EngineFailure {
      throw EngineFailure("\(date): \(failure.message)")
    } catch {
      throw EngineFailure("\(date): \(error)")
    }
  }

  /// What ends next of all that runs or waits; `nil` when nothing does.
  private func next(
    _ current: inout Current, in group: inout ThrowingTaskGroup<Turn, any Error>
  ) async throws -> Turn? {
    if let attempt = current.alone.take() { return await run(attempt) }
    return try await group.next()
  }

  /// What the ledger has of the steps of a date; `nil` when that cannot be read: the date is then held.
  private func records(for task: DateTask) async throws(EngineFailure) -> [String: StepRecord]? {
    if task.before == nil { return [:] }
    switch try await reading(task.entry.date) {
    case .success(let record): return record.steps
    case .failure(let failure):
      try await hold(task, "\(failure.message); the ledger is left as it is")
      return nil
    }
  }

  private func current(_ task: DateTask, _ records: [String: StepRecord]) -> Current {
    Current(task: task, walk: DateWalk(plan, entry: task.entry, chunk: task.chunk, records: records))
  }

  /// Reads the date's record; a failure is one that no waiting mends.
  private func reading(_ date: CivilDate) async throws(EngineFailure) -> Result<DateRecord, LedgerFailure> {
    try await gate.persist { () async throws(LedgerFailure) in
      do throws(LedgerFailure) {
        return .success(try await gate.ledger.record(of: date, in: window.name))
      } catch {
        guard error.kind == .unreadable else { throw error }
        return .failure(error)
      }
    }
  }

  /// Holds the date without running anything: what the ledger has of it cannot be read.
  private func hold(_ task: DateTask, _ reason: String) async throws(EngineFailure) {
    let date = task.entry.date
    let checkpoint = Checkpoint(
      window: window.name, date: date, at: clock.now(), dateChange: .held(reason: reason, verdict: nil),
      maxHeld: window.maxHeld,
      events: [.dateHeld(window: window.name, date: date, chunk: task.chunk.id, reason: reason)])
    try await write(checkpoint)
    tell(date, DateSummary(state: .held, reason: reason), next: nil)
    gate.eventsCommitted()
  }

  /// Takes in `turn`, commits what follows from it, and starts what may start.
  private func advance(
    _ current: inout Current, after turn: Turn?, in group: inout ThrowingTaskGroup<Turn, any Error>
  ) async throws {
    var delayed: (step: String, delay: Duration)?
    switch turn {
    case nil: break
    case .mayStart(let step) where startsNothing(current):
      slots.giveBack()
      current.walk.giveUp(step)
    case .mayStart(let step): current.walk.claim(step)
    case .gaveUp(let step): current.walk.giveUp(step)
    case .ended(let attempt, let execution):
      faults.reached(.processEnded)
      let slow = try await slowDates(before: current.date, attempt.step)
      delayed = current.walk.end(attempt, execution, slowInPrevious4: slow)
      faults.reached(.judged)
    }
    var waiting = startReady(&current)
    if current.walk.isIdle {
      while current.walk.isIdle, let next = try await end(&current, in: &group) { waiting = next }
    } else if let checkpoint = current.walk.takeCheckpoint(at: clock.now()) {
      try await commit(checkpoint, of: &current, in: &group)
      tellSteps(of: current)
      gate.eventsCommitted()
    }
    for step in waiting { wait(for: step, delay: .zero, current, in: &group) }
    if let delayed { wait(for: delayed.step, delay: delayed.delay, current, in: &group) }
  }

  /// Ends the date, of which nothing runs. When another one follows, it is the current one then, its first steps claimed;
  /// returns those of its steps that wait for a place, `nil` when no date follows.
  private func end(
    _ current: inout Current, in group: inout ThrowingTaskGroup<Turn, any Error>
  ) async throws -> [String]? {
    current.walk.conclude()
    if let before = calledOff(current) {
      gate.mailbox.post(.dateCalledOff(window: window.name, date: current.date, before))
      return nil
    }
    guard var checkpoint = current.walk.takeCheckpoint(at: clock.now()) else { return nil }
    if let took = checkpoint.took, window.schedule?.stopBy != nil {
      gate.mailbox.post(.dateTook(window: window.name, took))
    }
    guard let task = await successor(of: current) else {
      try await commit(checkpoint, of: &current, in: &group)
      tell(current.date, current.walk.summary, next: nil)
      gate.eventsCommitted()
      return nil
    }
    var next = self.current(task, [:])
    let waiting = startReady(&next)
    if let claims = next.walk.takeCheckpoint(at: checkpoint.at) { checkpoint = checkpoint.claiming(claims) }
    try await commit(checkpoint, of: &next, in: &group)
    tell(current.date, current.walk.summary, next: next)
    current = next
    gate.eventsCommitted()
    return waiting
  }

  /// What was known of a date that was called off before anything of it was begun: nothing is to be written down. `nil` for
  /// every other, as one that has no step to start: it must not be picked again and again.
  private func calledOff(_ current: Current) -> DateSummary? {
    guard !current.walk.hasBegun, startsNothing(current), case .pending = current.walk.conclusion else { return nil }
    let before = current.task.before ?? DateSummary(state: .pending)
    return before.state == .pending || before.awaitsInput ? before : nil
  }

  /// The date that follows one that is done; `nil` when the loop has none, or something comes between.
  private func successor(of current: Current) async -> DateTask? {
    guard case .done = current.walk.conclusion, !stop.isGiven else { return nil }
    return await withCheckedContinuation { continuation in
      gate.mailbox.post(.dateEnding(window: window.name, SuccessorReply(continuation)))
    }
  }

  /// The daemon stops; or the date has waited for its first place while its window was paused, or its time passed.
  private func startsNothing(_ current: Current) -> Bool {
    let task = current.task
    return stop.isGiven
      || (!current.walk.hasBegun && (task.callOff.isGiven || !(task.latestStart?.allows(clock.now()) ?? true)))
  }

  /// Claims the ready steps for which there is a place; returns those that must wait for one.
  private func startReady(_ current: inout Current) -> [String] {
    guard !startsNothing(current) else { return [] }
    var waiting: [String] = []
    for step in current.walk.startable {
      current.walk.occupy(step)
      if slots.tryTake() { current.walk.claim(step) } else { waiting.append(step) }
    }
    return waiting
  }

  /// Commits `checkpoint`, and starts the attempts of `current` that it claims; a lone one is left to the task of the date.
  private func commit(
    _ checkpoint: Checkpoint, of current: inout Current, in group: inout ThrowingTaskGroup<Turn, any Error>
  ) async throws {
    if !checkpoint.claims.isEmpty { faults.reached(.beforeClaim) }
    if !checkpoint.ended.isEmpty { faults.reached(.beforeCommit) }
    if checkpoint.dateChange != nil { faults.reached(.beforeDateEnd) }
    try await write(checkpoint) {
      if !checkpoint.ended.isEmpty { faults.reached(.committed) }
      if checkpoint.dateChange != nil { faults.reached(.dateEnded) }
      if !checkpoint.claims.isEmpty { faults.reached(.claimed) }
      for attempt in current.walk.takeStarted() { start(attempt, of: &current, in: &group) }
    }
  }

  private func tell(_ date: CivilDate, _ summary: DateSummary, next: Current?) {
    let running = next.map { (date: $0.date, steps: $0.walk.running) }
    gate.mailbox.post(.dateEnded(window: window.name, date: date, summary, next: running))
  }

  private func tellSteps(of current: Current) {
    gate.mailbox.post(.stepsRunning(window: window.name, date: current.date, steps: current.walk.running))
  }

  /// Writes `checkpoint`; `written` is called before anybody is told of a pause.
  private func write(_ checkpoint: Checkpoint, written: () -> Void = {}) async throws(EngineFailure) {
    let paused = try await gate.commit(checkpoint)
    written()
    if let reason = paused {
      gate.mailbox.post(.windowPaused(window: window.name, reason: reason, by: "backfilld", at: checkpoint.at))
    } else if checkpoint.pause != nil {
      gate.mailbox.post(.handHalted(window: window.name))
    }
  }

  private func start(
    _ attempt: AttemptIdentity, of current: inout Current, in group: inout ThrowingTaskGroup<Turn, any Error>
  ) {
    if window.parallel.steps > 1 {
      // Where steps run side by side, one whose start hangs holds up none of the others.
      group.addTask(executorPreference: threads.own()) { await run(attempt) }
    } else {
      current.alone = attempt
    }
  }

  private func run(_ attempt: AttemptIdentity) async -> Turn {
    let execution = await steps.run(attempt, of: window)
    slots.giveBack()
    return .ended(attempt, execution)
  }

  private func wait(
    for step: String, delay: Duration, _ current: Current, in group: inout ThrowingTaskGroup<Turn, any Error>
  ) {
    let canBeCalledOff = !current.walk.hasBegun
    let callOff = current.task.callOff
    group.addTask {
      await withTaskGroup(of: Bool.self) { race in
        race.addTask {
          if delay > .zero {
            do { try await clock.wait(for: delay) } catch { return false }
          }
          return await slots.take()
        }
        race.addTask {
          await stop.wait()
          return false
        }
        if canBeCalledOff {
          race.addTask {
            await callOff.wait()
            return false
          }
        }
        var gotPlace = await race.next() ?? false
        race.cancelAll()
        while let other = await race.next() { gotPlace = gotPlace || other }
        return gotPlace ? .mayStart(step) : .gaveUp(step)
      }
    }
  }

  private func slowDates(before date: CivilDate, _ step: String) async throws(EngineFailure) -> Int {
    guard let limit = window.step(step)?.expect.maxDuration else { return 0 }
    return try await gate.persist { () async throws(LedgerFailure) in
      try await gate.ledger.slowDates(before: date, step: step, window: window.name, limit: limit)
    }
  }
}
