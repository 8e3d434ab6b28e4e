import BackfillCore
import Synchronization

/// READY is said when the engine has made its first plan and the socket is served, and again at the end of each reload (I6).
final class Readiness: Sendable {
  private struct State {
    var isPlanned = false
    var isServing = false
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
    if state.withLock({ $0.isPlanned && $0.isServing }) { notifier.ready() }
  }

  private func note(_ change: (inout State) -> Void) {
    let becameReady = state.withLock { state in
      let was = state.isPlanned && state.isServing
      change(&state)
      return !was && state.isPlanned && state.isServing
    }
    if becameReady { notifier.ready() }
  }
}
