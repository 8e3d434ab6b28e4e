import BackfillCore

/// What happens between the opening of the ledger and READY: leftovers of a daemon that died are stopped, claims undone,
/// windows registered, the memory filled.
struct StartUp: Sendable {
  let ports: EnginePorts
  let windows: [Window]
  let rejected: [RejectedWindowStatus]
  let version: String

  /// Recovers and returns the state the loop begins with. Throws when the ledger cannot be read or written.
  func state() async throws(EngineFailure) -> EngineState {
    do {
      return try await recovered()
    } catch let failure as LedgerFailure {
      throw EngineFailure(failure.message)
    } catch let failure as ExecutorFailure {
      throw EngineFailure(failure.message)
    } catch {
      throw EngineFailure("\(error)")
    }
  }

  private func recovered() async throws -> EngineState {
    let now = ports.clock.now()
    ports.faults.reached(.beforeRecovery)
    let left = try await ports.ledger.snapshot()
    let preflights = left.openActivations.filter { !$0.hasPassedPreflight }
    let runs = Set(left.claimed.map(\.runID) + preflights.map(\.runID))
    if !runs.isEmpty {
      let stopped = try await ports.executor.stopLeftovers(of: runs)
      if stopped > 0 { ports.sink.hand(over: .leftoversStopped(runs: stopped), at: now) }
    }
    let maxHeld = windows.reduce(into: [:]) { limits, window in limits[window.name] = window.maxHeld }
    _ = try await ports.ledger.recover(at: now, maxHeld: maxHeld)
    ports.faults.reached(.recovered)
    for window in windows { try await register(window, at: now) }
    let snapshot = try await ports.ledger.snapshot()
    ports.eventsCommitted()
    return EngineState(
      version: version, startedAt: now, windows: runtimes(from: snapshot, at: now), rejected: rejected)
  }

  private func register(_ window: Window, at now: Instant) async throws {
    let key = window.schedule.map { "\($0.when.description) \(window.zone.name)" }
    try await ports.ledger.register(window: window.name, scheduleKey: key, now: now)
    let bootstrap = WindowCalendar(window.dates).dates.filter(\.isBootstrap).map(\.date)
    guard !bootstrap.isEmpty else { return }
    _ = try await ports.ledger.decide(
      Decision(
        window: window.name, action: .skipBootstrap(bootstrap), reason: "bootstrap (skip_first)", by: "backfilld",
        at: now))
  }

  private func runtimes(from snapshot: LedgerSnapshot, at now: Instant) -> [String: WindowRuntime] {
    let records = Dictionary(uniqueKeysWithValues: snapshot.windows.map { ($0.window, $0) })
    var runtimes: [String: WindowRuntime] = [:]
    for window in windows {
      let record = records[window.name] ?? WindowRecord(window: window.name, since: now)
      var runtime = WindowRuntime(
        window: window, record: record, dates: snapshot.dates[window.name] ?? [:], now: now)
      runtime.activations = snapshot.openActivations.filter { $0.window == window.name }
      runtimes[window.name] = runtime
    }
    return runtimes
  }
}
