import BackfillCore

/// Everything outside that the engine needs, as ports.
public struct EnginePorts: Sendable {
  public let place: LedgerPlace
  public let executor: any Executor
  public let threads: any WorkThreads
  public let clock: any Clock
  public let notifier: any ServiceNotifier
  /// Takes what must be said although nothing can be committed.
  public let sink: any EventSink
  public let faults: any Faults
  /// The environment that a step of the given user (`nil`: the daemon's own) starts from: `PATH`, `HOME` and the like.
  public let baseEnvironment: @Sendable (_ user: String?) -> [String: String]
  /// Called after each commit that may have left events in the outbox.
  public let eventsCommitted: @Sendable () -> Void
  /// Called once, when recovery is done and the first plan is made.
  public let planned: @Sendable () -> Void
  /// Reads the configuration again; may take its time.
  public let readConfiguration: @Sendable () async -> DaemonConfiguration
  /// Returns when READY was said, or the task is cancelled: no foreign command but the steps runs before.
  public let untilReady: @Sendable () async -> Void
  /// Reads what the command of a calendar printed.
  public let calendarReading: @Sendable ([UInt8]) -> CalendarReading
  /// What the daemon knows of itself and the machine.
  public let daemonFacts: @Sendable () -> DaemonFacts
  /// Called at the end of each reload.
  public let reloaded: @Sendable () -> Void

  public init(
    ledger place: LedgerPlace, executor: any Executor, threads: any WorkThreads, clock: any Clock,
    notifier: any ServiceNotifier,
    sink: any EventSink,
    faults: any Faults,
    baseEnvironment: @escaping @Sendable (_ user: String?) -> [String: String],
    eventsCommitted: @escaping @Sendable () -> Void, planned: @escaping @Sendable () -> Void,
    readConfiguration: @escaping @Sendable () async -> DaemonConfiguration, reloaded: @escaping @Sendable () -> Void,
    untilReady: @escaping @Sendable () async -> Void,
    calendarReading: @escaping @Sendable ([UInt8]) -> CalendarReading,
    daemonFacts: @escaping @Sendable () -> DaemonFacts = { DaemonFacts() }
  ) {
    self.daemonFacts = daemonFacts
    self.untilReady = untilReady
    self.calendarReading = calendarReading
    self.place = place
    self.executor = executor
    self.threads = threads
    self.clock = clock
    self.notifier = notifier
    self.sink = sink
    self.faults = faults
    self.baseEnvironment = baseEnvironment
    self.eventsCommitted = eventsCommitted
    self.planned = planned
    self.readConfiguration = readConfiguration
    self.reloaded = reloaded
  }
}

extension EnginePorts {
  /// The ledger; throws while it is not open.
  var ledger: any Ledger {
    get throws(LedgerFailure) { try place.ledger }
  }
}

/// The daemon itself cannot go on.
public struct EngineFailure: Error, Equatable, Sendable, CustomStringConvertible {
  public let message: String

  public init(_ message: String) {
    self.message = message
  }

  public var description: String { message }
}
