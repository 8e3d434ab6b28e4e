import BackfillCore
import Synchronization

/// Keeps the events that were handed over, and lets a test wait for one.
public final class EventRecorder: EventSink {
  public typealias Condition = @Sendable ([JournalEvent]) -> Bool

  private struct State {
    var events: [JournalEvent] = []
    var waiters: [(condition: Condition, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  public init() {}

  /// In the order in which they were handed over.
  public var events: [JournalEvent] { state.withLock { $0.events } }

  public func hand(over event: JournalEvent, at: Instant) {
    let ready = state.withLock { state in
      state.events.append(event)
      let events = state.events
      let ready = state.waiters.filter { $0.condition(events) }
      state.waiters.removeAll { $0.condition(events) }
      return ready.map(\.continuation)
    }
    for continuation in ready { continuation.resume() }
  }

  /// Returns as soon as `condition` holds for the events so far.
  public func wait(until condition: @escaping Condition) async {
    await withCheckedContinuation { continuation in
      let isMet = state.withLock { state in
        if condition(state.events) { return true }
        state.waiters.append((condition, continuation))
        return false
      }
      if isMet { continuation.resume() }
    }
  }
}

/// Keeps what systemd would have heard.
public final class NotifierRecorder: ServiceNotifier {
  public typealias Condition = @Sendable ([String]) -> Bool

  private struct State {
    var heard: [String] = []
    var waiters: [(condition: Condition, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())
  public let watchdogInterval: Duration?

  public init(watchdogInterval: Duration? = nil) {
    self.watchdogInterval = watchdogInterval
  }

  /// `READY`, `STATUS ...`, `STOPPING`, `WATCHDOG`, in order.
  public var heard: [String] { state.withLock { $0.heard } }

  public func ready() { note("READY") }
  public func reloading() { note("RELOADING") }
  public func status(_ text: String) { note("STATUS \(text)") }
  public func stopping() { note("STOPPING") }
  public func watchdog() { note("WATCHDOG") }
  public func extendTimeout(by duration: Duration) { note("EXTEND \(duration.spoken)") }

  private func note(_ text: String) {
    let ready = state.withLock { state in
      state.heard.append(text)
      let heard = state.heard
      let ready = state.waiters.filter { $0.condition(heard) }
      state.waiters.removeAll { $0.condition(heard) }
      return ready.map(\.continuation)
    }
    for continuation in ready { continuation.resume() }
  }

  /// Returns as soon as `condition` holds for what was heard so far.
  public func wait(until condition: @escaping Condition) async {
    await withCheckedContinuation { continuation in
      let isMet = state.withLock { state in
        if condition(state.heard) { return true }
        state.waiters.append((condition, continuation))
        return false
      }
      if isMet { continuation.resume() }
    }
  }
}

/// No fault ever.
public struct NoFaults: Faults {
  public init() {}
  public func reached(_ point: FaultPoint) {}
}
