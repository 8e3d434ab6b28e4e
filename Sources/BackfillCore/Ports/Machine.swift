/// The clock and the timers of the machine; one implementation reads the real ones, tests drive their own.
public protocol Clock: Sendable {
  /// The wall clock.
  func now() -> Instant

  /// Waits for `duration` of monotonic time. Throws only `CancellationError`.
  func wait(for duration: Duration) async throws

  /// Waits until the wall clock shows `instant`; returns `.clockWasSet` early when the clock is set meanwhile, also after a
  /// suspend. Throws only `CancellationError`.
  func wait(until instant: Instant) async throws -> WallWait
}

/// Why a wait for a wall-clock instant ended.
public enum WallWait: Sendable, Equatable {
  case reached, clockWasSet
}

/// What systemd wants to hear from a `Type=notify` service. Source: sd_notify(3).
public protocol ServiceNotifier: Sendable {
  func ready()
  /// The configuration is being read again; `ready()` ends it.
  func reloading()
  func status(_ text: String)
  func stopping()
  func watchdog()
  /// The service needs so much longer to stop.
  func extendTimeout(by duration: Duration)
  /// Half of WATCHDOG_USEC, the interval at which `watchdog()` is to be called; `nil` without a watchdog.
  var watchdogInterval: Duration? { get }
}

/// Where committed events go: the journal, or readable lines on standard error.
public protocol EventSink: Sendable {
  /// Hands `event` over; `at` is the instant of its commit. Returns when it is handed over, in order.
  func hand(over event: JournalEvent, at: Instant)
}

/// The places of the data walk at which a debug build can be made to die, so that tests can look at what is left.
public enum FaultPoint: String, Sendable, CaseIterable {
  case activationOpened = "activation-opened"
  case beforeClaim = "before-claim"
  case claimed
  case processEnded = "process-ended"
  case judged
  case beforeCommit = "before-commit"
  case committed
  case beforeDateEnd = "before-date-end"
  case dateEnded = "date-ended"
  case eventHandedOver = "event-handed-over"
  case beforeRecovery = "before-recovery"
  case recovered
}

/// Called at each fault point; does nothing in a release build.
public protocol Faults: Sendable {
  func reached(_ point: FaultPoint)
}
