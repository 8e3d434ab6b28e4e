import BackfillCore

/// What happens between the opening of the ledger and READY: leftovers of a daemon that died are stopped, claims undone,
/// windows registered, the memory filled.
struct StartUp: Sendable {
  let ports: EnginePorts
  let settings: DaemonSettings
  let windows: [Window]
  let rejected: [RejectedWindowStatus]
  let version: String
  let startedAt: Instant

  enum Outcome {
    case started(EngineState)
    /// The ledger cannot be read or written now; one sentence.
    case waiting(String)
    case broken(String)
  }

  /// Recovers and makes the state the loop begins with. Done again after a failure, it counts nothing twice.
  func outcome() async -> Outcome {
    do {
      return .started(try await recovered())
    } catch let failure as LedgerFailure {
      return failure.kind == .contradiction ? .broken(failure.message) : .waiting(failure.message)
    } catch let failure as ExecutorFailure {
      return .broken(failure.message)
    } catch {
      return .broken("\(error)")
    }
  }

  private func recovered() async throws -> EngineState {
    let now = ports.clock.now()
    ports.faults.reached(.beforeRecovery)
    let before = try await ports.ledger.snapshot()
    let preflights = before.openActivations.filter { !$0.hasPassedPreflight }
    let runs = Set(before.claimed.map(\.runID) + preflights.map(\.runID))
    if !runs.isEmpty {
      let stopped = try await ports.executor.stopLeftovers(of: runs)
      if stopped > 0 { ports.sink.hand(over: .leftoversStopped(runs: stopped), at: now) }
    }
    let maxHeld = windows.reduce(into: [:]) { limits, window in limits[window.name] = window.maxHeld }
    _ = try await ports.ledger.recover(at: now, maxHeld: maxHeld)
    ports.faults.reached(.recovered)
    var durations: [String: DateDurations] = [:]
    for window in formerWindows(among: before.windows) + windows {
      let registration = WindowRegistration(window, at: now, printed: before.calendars[window.name])
      _ = try await registration.write(to: ports.ledger)
      durations[window.name] = try await registration.durations(from: ports.ledger).map { DateDurations($0) }
    }
    let snapshot = try await ports.ledger.snapshot()
    ports.eventsCommitted()
    return EngineState(
      version: version, startedAt: startedAt, settings: settings, windows: runtimes(from: snapshot, durations, at: now),
      rejected: rejected)
  }

  private func runtimes(
    from snapshot: LedgerSnapshot, _ durations: [String: DateDurations], at now: Instant
  ) -> [String: WindowRuntime] {
    let records = Dictionary(uniqueKeysWithValues: snapshot.windows.map { ($0.window, $0) })
    let activations = Dictionary(grouping: snapshot.openActivations, by: \.window)
    var runtimes: [String: WindowRuntime] = [:]
    for window in windows {
      let record = records[window.name] ?? WindowRecord(window: window.name, since: now)
      var runtime = WindowRuntime(
        window: window, record: record, dates: snapshot.dates[window.name] ?? [:],
        printed: snapshot.calendars[window.name], now: now)
      runtime.activations = activations[window.name] ?? []
      // Whether the command has run for a chunk without a date is not known.
      if window.dates.command != nil, runtime.activations.contains(where: { $0.kind != .hand && $0.started.isEmpty }) {
        runtime.needsCalendar = true
      }
      runtime.notices = WindowNotices(of: window.name, in: snapshot)
      runtime.durations = durations[window.name] ?? DateDurations()
      runtimes[window.name] = runtime
    }
    for record in snapshot.windows where runtimes[record.window] == nil && !isRejected(record.window) {
      runtimes[record.window] = former(record, snapshot, at: now)
    }
    return runtimes
  }

  private func formerWindows(among known: [WindowRecord]) -> [Window] {
    let configured = Set(windows.map(\.name))
    return known.map(\.window).filter { !configured.contains($0) && !isRejected($0) }.map { .former($0, zone: .utc) }
  }

  /// A broken file is no deleted one: its window goes on when the file is corrected.
  private func isRejected(_ window: String) -> Bool {
    rejected.contains { $0.window == window }
  }

  /// A window that the ledger knows and that has no file.
  private func former(_ record: WindowRecord, _ snapshot: LedgerSnapshot, at now: Instant) -> WindowRuntime {
    var runtime = WindowRuntime(
      window: .former(record.window, zone: .utc), record: record, dates: snapshot.dates[record.window] ?? [:],
      printed: snapshot.calendars[record.window], now: now)
    runtime.isConfigured = false
    runtime.notices = WindowNotices(of: record.window, in: snapshot)
    runtime.activations = snapshot.openActivations.filter { $0.window == record.window }
    return runtime
  }
}
