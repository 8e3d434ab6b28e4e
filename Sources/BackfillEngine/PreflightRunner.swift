import BackfillCore

/// What is to be checked before the first date of an activation.
struct Preflight: Sendable {
  let activation: Activation
  let window: Window
  /// The first and the last date that the activation may work on.
  let from: CivilDate
  let to: CivilDate
}

/// How a preflight ended.
enum PreflightOutcome: Sendable, Equatable {
  case passed
  /// The window is paused; `isNew`: it was not before.
  case failed(reason: String, at: Instant, isNew: Bool)
  /// Nothing is known: the daemon stops.
  case stopped
}

/// Runs the preflight of one activation, one check after the other, in one place among the processes, and writes down how
/// it ended.
///
/// Its run id was written down with the activation, before its first process: a daemon that starts again finds what is left.
struct PreflightRunner: Sendable {
  let orders: OrderRunner
  let gate: LedgerGate
  let slots: ProcessSlots
  let stop: StopSignal
  let baseEnvironment: @Sendable (_ user: String?) -> [String: String]

  /// What its checks came to.
  private enum Result {
    case passed, stopped
    case failed(CheckFailure)
  }

  /// Runs `preflight` to its end.
  func run(_ preflight: Preflight) async throws(EngineFailure) -> PreflightOutcome {
    guard await takePlace() else { return .stopped }
    let result = await check(preflight)
    slots.giveBack()
    switch result {
    case .stopped: return .stopped
    case .passed:
      return try await commit(preflight, failure: nil)
    case .failed(let failure):
      return try await commit(preflight, failure: failure.sentence)
    }
  }

  /// Waits for a place; `false` when the daemon stops first.
  private func takePlace() async -> Bool {
    await withTaskGroup(of: Bool.self) { race in
      race.addTask { await slots.take() }
      race.addTask {
        await stop.wait()
        return false
      }
      var gotPlace = await race.next() ?? false
      race.cancelAll()
      while let other = await race.next() { gotPlace = gotPlace || other }
      guard gotPlace, stop.isGiven else { return gotPlace }
      slots.giveBack()
      return false
    }
  }

  private func check(_ preflight: Preflight) async -> Result {
    let window = preflight.window
    let attempt = AttemptIdentity.preflight(of: preflight.activation, from: preflight.from)
    let placeholders = Placeholders(window: window.name, from: preflight.from, to: preflight.to)
    for check in window.preflight {
      let order = ExecutionOrder(
        attempt: attempt, command: check.command.map(placeholders.fill), environment: environment(attempt, of: window),
        inherited: baseEnvironment(window.run.user), environmentFile: window.run.environmentFile,
        directory: window.run.directory, user: window.run.user, timeout: check.timeout, report: .none)
      switch await orders.run(order).ending {
      case .exited(0) where stop.isGiven: return .stopped
      case .exited(0): continue
      case .stopped: return .stopped
      case let ending: return .failed(CheckFailure(.preflight, of: nil, command: order.command, ending: ending))
      }
    }
    return .passed
  }

  private func environment(_ attempt: AttemptIdentity, of window: Window) -> [String: String] {
    var environment = window.run.environment
    environment["BACKFILL_WINDOW"] = attempt.window
    environment["BACKFILL_CHUNK"] = String(attempt.chunk)
    environment["BACKFILL_RUN_ID"] = attempt.runID
    return environment
  }

  private func commit(_ preflight: Preflight, failure: String?) async throws(EngineFailure) -> PreflightOutcome {
    let end = PreflightEnd(
      activation: preflight.activation.id, window: preflight.window.name, failure: failure, at: orders.clock.now())
    let isNew = try await gate.persist { () async throws(LedgerFailure) in try await gate.ledger.endPreflight(end) }
    gate.eventsCommitted()
    return failure.map { .failed(reason: $0, at: end.at, isNew: isNew) } ?? .passed
  }
}
