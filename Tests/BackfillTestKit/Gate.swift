import Synchronization

/// A place in a scripted step where a test can hold it.
public final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var isReached = false
    var held: [CheckedContinuation<Void, Never>] = []
    var watchers: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  public init() {}

  /// Held here until the gate opens or the task is cancelled.
  public func waitUntilCancelledOrOpen() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (passes, watchers) = state.withLock { state in
          state.isReached = true
          defer { state.watchers = [] }
          let passes = state.isOpen || Task.isCancelled
          if !passes { state.held.append(continuation) }
          return (passes, state.watchers)
        }
        for watcher in watchers { watcher.resume() }
        if passes { continuation.resume() }
      }
    } onCancel: {
      release(opening: false)
    }
  }

  /// Returns when somebody is held here, or was.
  public func waitUntilReached() async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        if !state.isReached { state.watchers.append(continuation) }
        return state.isReached
      }
      if isReached { continuation.resume() }
    }
  }

  /// Lets everybody through, now and later.
  public func open() {
    release(opening: true)
  }

  private func release(opening: Bool) {
    let held = state.withLock { state in
      state.isOpen = state.isOpen || opening
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }
}

/// Counts who is inside, and the most who were inside at the same time.
public final class Census: Sendable {
  private struct State {
    var inside: [String: Int] = [:]
    var most = 0
  }

  private let state = Mutex(State())

  public init() {}

  public func enter(_ name: String) {
    state.withLock { state in
      state.inside[name, default: 0] += 1
      state.most = max(state.most, state.inside.values.reduce(0, +))
    }
  }

  public func leave(_ name: String) {
    state.withLock { $0.inside[name, default: 0] -= 1 }
  }

  /// The most who were inside at the same time.
  public var most: Int { state.withLock { $0.most } }
}

/// A flag that a test sets for its scripted steps.
public final class Flag: Sendable {
  private let state = Mutex(false)

  public init() {}

  public var isSet: Bool { state.withLock { $0 } }

  public func set() {
    state.withLock { $0 = true }
  }
}
