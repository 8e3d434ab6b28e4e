import BackfillCore
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Clock {
  private struct Waiter {
    let id: UInt64
    let due: Instant
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var now: Instant
    var nextID: UInt64 = 0
    var waiters: [Waiter] = []
  }

  private let state: Mutex<State>

  public init(_ now: Instant) {
    state = Mutex(State(now: now))
  }

  /// Makes the clock at an instant such as `2013-02-01T06:00:00Z`.
  public convenience init(iso text: String) {
    self.init(Instant(iso: text) ?? Instant(seconds: 0))
  }

  public func now() -> Instant { state.withLock { $0.now } }

  public func wait(for duration: Duration) async throws {
    try await sleep(until: now() + duration)
  }

  public func wait(until instant: Instant) async throws -> WallWait {
    try await sleep(until: instant)
    return .reached
  }

  /// Moves the clock forward, and wakes who waited for it.
  public func advance(by duration: Duration) {
    move(to: now() + duration)
  }

  /// Moves the clock to `instant`, and wakes who waited for it.
  public func move(to instant: Instant) {
    let due = state.withLock { state in
      state.now = instant
      let due = state.waiters.filter { $0.due <= instant }
      state.waiters.removeAll { $0.due <= instant }
      return due
    }
    for waiter in due { waiter.continuation.resume(returning: true) }
  }

  /// The earliest instant that somebody waits for; `nil` when nobody does.
  public var nextWake: Instant? { state.withLock { $0.waiters.map(\.due).min() } }

  private func sleep(until due: Instant) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let reached = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          if due <= state.now { return true }
          state.waiters.append(Waiter(id: id, due: due, continuation: continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state -> Waiter? in
        guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return state.waiters.remove(at: index)
      }
      waiter?.continuation.resume(returning: false)
    }
    guard reached else { throw CancellationError() }
  }
}
