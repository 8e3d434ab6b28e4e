import BackfillCore
import Dispatch
import Synchronization

/// Hands a state that changes often over at a bearable pace: at once when the last one was handed over a while ago, else the
/// newest when its time has come.
///
/// systemd passes each STATUS on to whoever listens to the unit; of short steps there are hundreds a second.
final class PacedStatus: Sendable {
  private struct State {
    /// When the last one was handed over.
    var handedOver: DispatchTime?
    /// The newest that waits.
    var waiting: String?
  }

  private let interval: Duration
  private let handOver: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - interval: No two are handed over within so long.
  ///   - handOver: Called by one caller or the timer at a time, in order.
  init(interval: Duration = .milliseconds(100), handOver: @escaping @Sendable (String) -> Void) {
    self.interval = interval
    self.handOver = handOver
  }

  /// Takes the state as it is now.
  func take(_ status: String) {
    state.withLock { state in
      if state.waiting != nil {
        state.waiting = status
        return
      }
      let nanoseconds = UInt64(clamping: interval.wholeMicroseconds * 1000)
      let now = DispatchTime.now()
      guard let last = state.handedOver, now.uptimeNanoseconds < last.uptimeNanoseconds + nanoseconds else {
        state.handedOver = now
        handOver(status)
        return
      }
      state.waiting = status
      let due = DispatchTime(uptimeNanoseconds: last.uptimeNanoseconds + nanoseconds)
      DispatchQueue.global().asyncAfter(deadline: due) { self.handOverWaiting() }
    }
  }

  private func handOverWaiting() {
    state.withLock { state in
      guard let status = state.waiting else { return }
      state.waiting = nil
      state.handedOver = .now()
      handOver(status)
    }
  }
}
