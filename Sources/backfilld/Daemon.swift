import BackfillConfig
import BackfillCore
import BackfillEngine
import BackfillExec
import BackfillHost
import BackfillServer
import BackfillStore
import Logging
import ServiceLifecycle

/// Puts the parts together and runs them. Decides nothing.
struct Daemon {
  let folders: DaemonFolders
  /// It is a user's own, not the machine's.
  let isUser: Bool
  let environment: [String: String]
  let allowNewLedger: Bool

  func run() async throws {
    // First of all: a signal that comes before the trap would kill the process.
    let trap = try orStartFailure { try SignalTrap() }
    let clock = try orStartFailure { try SystemClock() }
    let threads = try orStartFailure { () throws(ExecutorFailure) in try LocalThreads() }
    let faultPoints = try orStartFailure { try faults(from: environment) }
    let sink = eventSink(environment: environment, clock: clock)
    let notifier = SystemdNotifier()
    let stepEnvironment = try StepEnvironment(environment: environment)
    let facts = try HostFacts(
      environment: environment, clock: clock,
      stepUser: StepUser.name(isUser: isUser, state: folders.state, environment: environment))
    let reader = ConfigReader(directory: folders.config, machine: facts)
    let config = reader.read()
    try folders.make(ancestors: isUser)
    let readiness = Readiness(notifier)
    let patience = StartPatience(notifier: notifier, clock: clock) { await readiness.wait() }
    async let _: Void = patience.run()
    let ledger = try StateLedger(directory: folders.state, allowNew: allowNewLedger) { upgrade in
      sink.hand(
        over: .ledgerUpgraded(from: upgrade.from, to: upgrade.to, backup: upgrade.backup), at: clock.now())
    }
    let place = LedgerPlace(opening: { await ledger.open() }, closing: { ledger.giveUp() })
    let runtimeLock = try lock(folders.runtime)
    defer { withExtendedLifetime(runtimeLock) {} }
    announce(config, to: sink, at: clock.now())

    let drainer = OutboxDrainer(ledger: place, sink: sink, on: threads.journal, clock: clock, faults: faultPoints)
    let engine = Engine(
      settings: config.settings, windows: config.windows, rejected: config.configuration.rejected,
      version: BackfilldVersion.current,
      ports: EnginePorts(
        ledger: place,
        executor: LocalExecutor(reportDirectory: folders.reports, output: sink, clock: clock),
        threads: threads, clock: clock,
        notifier: notifier, sink: sink, faults: faultPoints,
        baseEnvironment: stepEnvironment.values,
        eventsCommitted: { drainer.wake() }, planned: { readiness.planned() },
        readConfiguration: { await Blocking.run { reader.read().configuration } }, reloaded: { readiness.reloaded() },
        untilReady: { await readiness.wait() }, calendarReading: { CalendarOutput.reading(of: $0) },
        daemonFacts: { [folders] in folders.facts(user: facts.currentUser) }))
    let server = ControlServer(
      operations: engine.operations, socket: try socket(), logger: quietLogger(),
      onServing: { readiness.serving() })
    try await run(
      [drainer, server, engine], heeding: trap, onReload: { engine.reload() },
      onStop: { sink.hand(over: .daemonStopping, at: clock.now()) })
    do {
      try ledger.close()
    } catch {
      // Everything is written down: what could not be forgotten now is handed over once more at the next start.
      sink.hand(over: .ledgerUnavailable(reason: error.message), at: clock.now())
    }
  }

  /// The last service is stopped first: the engine, then the socket, then the journal's feed.
  private func run(
    _ services: [any Service], heeding trap: SignalTrap, onReload: @escaping @Sendable () -> Void,
    onStop: @escaping @Sendable () -> Void
  ) async throws {
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services.map {
          .init(
            service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        },
        logger: quietLogger()))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        var isStopping = false
        for await signal in trap.signals {
          guard signal != .reload else {
            onReload()
            continue
          }
          if !isStopping { onStop() }
          isStopping = true
          await group.triggerGracefulShutdown()
        }
      }
      tasks.addTask {
        do {
          try await group.run()
        } catch {
          throw StartFailure(message: "\(error)")
        }
      }
      // The listener ends only by cancellation: the first result is the services'.
      try await tasks.next()
      tasks.cancelAll()
    }
  }

  /// Keeps a second daemon, of another state directory, away from this one's socket and reports.
  private func lock(_ directory: String) throws(StartFailure) -> DirectoryLock {
    do {
      return try DirectoryLock(directory: directory)
    } catch {
      throw StartFailure(message: error.message)
    }
  }

  private func socket() throws(StartFailure) -> ControlServer.Socket {
    do {
      return try ListeningSocket.handedOver().map { .handedOver($0) } ?? .path(folders.socket)
    } catch {
      throw StartFailure(message: "\(error)")
    }
  }

  private func announce(_ config: ConfigSet, to sink: any EventSink, at now: Instant) {
    let general = config.settingsFindings + config.pipelineFindings
    if !general.isEmpty { sink.hand(over: .settingsRejected(findings: general.map(\.description)), at: now) }
    for window in config.rejected {
      sink.hand(
        over: .windowRejected(window: window.name, findings: window.findings.map(\.description)), at: now)
    }
    sink.hand(over: .daemonStarted(version: BackfilldVersion.current, windows: config.windows.count), at: now)
  }

  /// What libraries have to say goes nowhere below `error`: the journal is written from the closed list of events only.
  private func quietLogger() -> Logger {
    var logger = Logger(label: "backfilld")
    logger.logLevel = .error
    return logger
  }

  private func orStartFailure<Value, Failure: Error>(
    _ make: () throws(Failure) -> Value
  ) throws(StartFailure) -> Value {
    do {
      return try make()
    } catch {
      throw StartFailure(message: "\(error)")
    }
  }
}
