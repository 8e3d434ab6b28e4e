import Synchronization

/// The places for running steps over all windows (`max_processes`), given out first come, first served.
final class ProcessSlots: Sendable {
  private struct State {
    var count: Int
    /// Below 0 when there were more places once, and they are not given back yet.
    var free: Int
    var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    var nextID: UInt64 = 0
  }

  private let state: Mutex<State>

  /// Makes `count` places, at least 1.
  init(_ count: Int) {
    state = Mutex(State(count: count, free: count))
  }

  /// Makes it `count` places, at least 1. Where there are fewer than are taken, none is given until enough came back.
  func resize(to count: Int) {
    let called = state.withLock { state in
      state.free += count - state.count
      state.count = count
      let called = state.waiting.prefix(max(0, state.free)).map(\.continuation)
      state.waiting.removeFirst(called.count)
      state.free -= called.count
      return called
    }
    for waiter in called { waiter.resume(returning: true) }
  }

  /// Takes a place if one is free and nobody waits.
  func tryTake() -> Bool {
    state.withLock { state in
      guard state.free > 0, state.waiting.isEmpty else { return false }
      state.free -= 1
      return true
    }
  }

  /// Waits for a place; `false` when the calling task is cancelled first.
  func take() async -> Bool {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          guard state.free > 0, state.waiting.isEmpty else {
            state.waiting.append((id, continuation))
            return nil
          }
          state.free -= 1
          return true
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
        guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
        return state.waiting.remove(at: index).continuation
      }
      waiter?.resume(returning: false)
    }
  }

  /// Gives a place back: to the first who waits, if anybody does.
  func giveBack() {
    let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.waiting.isEmpty, state.free >= 0 else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    waiter?.resume(returning: true)
  }
}
