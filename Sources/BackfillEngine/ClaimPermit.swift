import BackfillCore
import Synchronization

/// Given when the claims of a checkpoint are on the disk: the processes of their attempts start on the thread that has
/// written them.
final class ClaimPermit: StartPermit {
  private struct State {
    var isGiven = false
    var waiting: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  func whenGiven(_ start: @escaping @Sendable () -> Void) {
    let isGiven = state.withLock { state in
      if !state.isGiven { state.waiting.append(start) }
      return state.isGiven
    }
    if isGiven { start() }
  }

  /// Gives the permit, for ever.
  func give() {
    let waiting = state.withLock { state in
      state.isGiven = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for start in waiting { start() }
  }
}
