import BackfillCore
import Synchronization

/// READY is said when the engine has made its first plan and the socket is served, and again at the end of each reload (I6).
final class Readiness: Sendable {
  private struct State {
    var isPlanned = false
    var isServing = false
    var lastID: UInt64 = 0
    var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]

    var isReady: Bool { isPlanned && isServing }
  }

  private let state = Mutex(State())
  private let notifier: any ServiceNotifier

  init(_ notifier: any ServiceNotifier) {
    self.notifier = notifier
  }

  /// The engine has recovered and planned.
  func planned() {
    note { $0.isPlanned = true }
  }

  /// The socket is served.
  func serving() {
    note { $0.isServing = true }
  }

  /// A reload has ended. One that ended before the first READY is covered by it.
  func reloaded() {
    if state.withLock({ $0.isReady }) { notifier.ready() }
  }

  /// Returns when READY was said, or the task is cancelled.
  func wait() async {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isReady || Task.isCancelled { return true }
          state.waiting[id] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
    }
  }

  private func note(_ change: (inout State) -> Void) {
    let (becameReady, waiting) = state.withLock { state in
      let was = state.isReady
      change(&state)
      guard !was, state.isReady else { return (false, [CheckedContinuation<Void, Never>]()) }
      defer { state.waiting = [:] }
      return (true, Array(state.waiting.values))
    }
    if becameReady { notifier.ready() }
    for waiter in waiting { waiter.resume() }
  }
}
