import BackfillCore

/// Runs the steps of one date: claims what is ready, runs it, judges it when it ends, commits, and goes on.
///
/// Each end of a step, the claims of the steps it frees, and the end of the date are one commit (I3).
struct DateRunner: Sendable {
  let window: Window
  let calendar: WindowCalendar
  let entry: CalendarDate
  let activation: Activation
  let gate: LedgerGate
  let steps: StepRunner
  let stop: StopSignal
  /// Given when the date is not to begin after all: its window was paused.
  let callOff: StopSignal
  let slots: ProcessSlots
  let clock: any Clock
  let faults: any Faults
  /// Told which steps run, whenever that changes.
  let progress: @Sendable ([String]) -> Void

  /// What comes back from a child task of the date.
  enum Turn: Sendable {
    /// A place for the step's process was taken.
    case mayStart(String)
    /// The stop signal came before a place, or before the time of the next attempt.
    case gaveUp(String)
    case ended(AttemptIdentity, Execution)
  }

  /// Runs until nothing of the date runs or is ready, and says how it stands then.
  func run() async throws(EngineFailure) -> DateSummary {
    let record: DateRecord
    switch try await reading() {
    case .success(let read): record = read
    case .failure(let failure): return try await hold("\(failure.message); the ledger is left as it is")
    }
    var walk = DateWalk(
      window: window, entry: entry, activation: activation, records: record.steps,
      plannedDates: calendar.workDateCount)
    do {
      return try await withThrowingTaskGroup(of: Turn.self) { group in
        try await advance(&walk, after: nil, in: &group)
        while walk.conclusion == nil, let turn = try await group.next() {
          try await advance(&walk, after: turn, in: &group)
        }
        return walk.summary
      }
    } catch let failure as EngineFailure {
      throw failure
    } catch {
      throw EngineFailure("\(error)")
    }
  }

  /// Reads the date's record; a failure is one that no waiting mends.
  private func reading() async throws(EngineFailure) -> Result<DateRecord, LedgerFailure> {
    try await gate.persist { () async throws(LedgerFailure) in
      do throws(LedgerFailure) {
        return .success(try await gate.ledger.record(of: entry.date, in: window.name))
      } catch {
        guard error.kind == .unreadable else { throw error }
        return .failure(error)
      }
    }
  }

  /// Holds the date without running anything: what the ledger has of it cannot be read.
  private func hold(_ reason: String) async throws(EngineFailure) -> DateSummary {
    let checkpoint = Checkpoint(
      window: window.name, date: entry.date, at: clock.now(), dateChange: .held(reason: reason, verdict: nil),
      maxHeld: window.maxHeld,
      events: [.dateHeld(window: window.name, date: entry.date, chunk: activation.id, reason: reason)])
    try await write(checkpoint)
    return DateSummary(state: .held, reason: reason)
  }

  /// Takes in `turn`, commits what follows from it, and starts what may start.
  private func advance(
    _ walk: inout DateWalk, after turn: Turn?, in group: inout ThrowingTaskGroup<Turn, any Error>
  ) async throws {
    var delayed: (step: String, delay: Duration)?
    switch turn {
    case nil: break
    case .mayStart(let step) where startsNothing(walk):
      slots.giveBack()
      walk.giveUp(step)
    case .mayStart(let step): walk.claim(step)
    case .gaveUp(let step): walk.giveUp(step)
    case .ended(let attempt, let execution):
      faults.reached(.processEnded)
      let slow = try await slowDates(before: attempt.step)
      delayed = walk.end(attempt, execution, slowInPrevious4: slow)
      faults.reached(.judged)
    }
    let waiting = startReady(&walk)
    if walk.isIdle { walk.conclude() }
    try await commit(&walk)
    for attempt in walk.takeStarted() { start(attempt, walk, in: &group) }
    for step in waiting { wait(for: step, delay: .zero, walk, in: &group) }
    if let delayed { wait(for: delayed.step, delay: delayed.delay, walk, in: &group) }
  }

  /// The daemon stops; or the date has waited for its first place while its window was paused, or its time passed.
  private func startsNothing(_ walk: DateWalk) -> Bool {
    stop.isGiven || (!walk.hasBegun && (callOff.isGiven || activation.isTimeOver(at: clock.now())))
  }

  /// Claims the ready steps for which there is a place; returns those that must wait for one.
  private func startReady(_ walk: inout DateWalk) -> [String] {
    guard !startsNothing(walk) else { return [] }
    var waiting: [String] = []
    for step in walk.startable {
      walk.occupy(step)
      if slots.tryTake() { walk.claim(step) } else { waiting.append(step) }
    }
    return waiting
  }

  private func commit(_ walk: inout DateWalk) async throws {
    guard let checkpoint = walk.takeCheckpoint(at: clock.now()) else { return }
    if !checkpoint.claims.isEmpty { faults.reached(.beforeClaim) }
    if !checkpoint.ended.isEmpty { faults.reached(.beforeCommit) }
    if checkpoint.dateChange != nil { faults.reached(.beforeDateEnd) }
    try await write(checkpoint)
    if !checkpoint.ended.isEmpty { faults.reached(.committed) }
    if checkpoint.dateChange != nil { faults.reached(.dateEnded) }
    if !checkpoint.claims.isEmpty { faults.reached(.claimed) }
    progress(walk.running)
  }

  private func write(_ checkpoint: Checkpoint) async throws(EngineFailure) {
    if let reason = try await gate.commit(checkpoint) {
      gate.mailbox.post(.windowPaused(window: window.name, reason: reason, by: "backfilld", at: checkpoint.at))
    } else if checkpoint.pause != nil {
      gate.mailbox.post(.handHalted(window: window.name))
    }
  }

  private func start(_ attempt: AttemptIdentity, _ walk: DateWalk, in group: inout ThrowingTaskGroup<Turn, any Error>) {
    group.addTask {
      let execution = await steps.run(attempt, of: window)
      slots.giveBack()
      return .ended(attempt, execution)
    }
  }

  private func wait(
    for step: String, delay: Duration, _ walk: DateWalk, in group: inout ThrowingTaskGroup<Turn, any Error>
  ) {
    let canBeCalledOff = !walk.hasBegun
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

  private func slowDates(before step: String) async throws(EngineFailure) -> Int {
    guard let limit = window.step(step)?.expect.maxDuration else { return 0 }
    return try await gate.persist { () async throws(LedgerFailure) in
      try await gate.ledger.slowDates(before: entry.date, step: step, window: window.name, limit: limit)
    }
  }
}
