import BackfillCore
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Clock {
  private struct Waiter {
    let id: UInt64
    let due: Instant
    let isWall: Bool
    let continuation: CheckedContinuation<WallWait?, Never>
  }

  private struct State {
    var now: Instant
    var nextID: UInt64 = 0
    var waiters: [Waiter] = []
    var readings = 0
  }

  private let state: Mutex<State>

  public init(_ now: Instant) {
    state = Mutex(State(now: now))
  }

  /// Makes the clock at an instant such as `2013-02-01T06:00:00Z`.
  public convenience init(iso text: String) {
    self.init(Instant(iso: text) ?? Instant(seconds: 0))
  }

  public func now() -> Instant {
    state.withLock { state in
      state.readings += 1
      return state.now
    }
  }

  /// How often `now` was asked for.
  public var readings: Int { state.withLock { $0.readings } }

  /// How many wait.
  public var waiting: Int { state.withLock { $0.waiters.count } }

  public func wait(for duration: Duration) async throws {
    _ = try await sleep(until: state.withLock { $0.now } + duration, isWall: false)
  }

  public func wait(until instant: Instant) async throws -> WallWait {
    try await sleep(until: instant, isWall: true)
  }

  /// Moves the clock forward, and wakes who waited for it.
  public func advance(by duration: Duration) {
    move(to: state.withLock { $0.now } + duration)
  }

  /// Moves the clock to `instant`, and wakes who waited for it.
  public func move(to instant: Instant) {
    let due = state.withLock { state in
      state.now = instant
      let due = state.waiters.filter { $0.due <= instant }
      state.waiters.removeAll { $0.due <= instant }
      return due
    }
    for waiter in due { waiter.continuation.resume(returning: .reached) }
  }

  /// Sets the clock, as a person, NTP or a suspend does: every wait for an instant ends.
  public func set(to instant: Instant) {
    let ended = state.withLock { state in
      state.now = instant
      let ended = state.waiters.filter(\.isWall)
      state.waiters.removeAll(where: \.isWall)
      return ended
    }
    for waiter in ended { waiter.continuation.resume(returning: .clockWasSet) }
  }

  /// The earliest instant that somebody waits for; `nil` when nobody does.
  public var nextWake: Instant? { state.withLock { $0.waiters.map(\.due).min() } }

  private func sleep(until due: Instant, isWall: Bool) async throws -> WallWait {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let reached = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: WallWait?? = state.withLock { state in
          if Task.isCancelled { return .some(nil) }
          if due <= state.now { return .reached }
          state.waiters.append(Waiter(id: id, due: due, isWall: isWall, continuation: continuation))
          return .none
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state -> Waiter? in
        guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return state.waiters.remove(at: index)
      }
      waiter?.continuation.resume(returning: nil)
    }
    guard let reached else { throw CancellationError() }
    return reached
  }
}
