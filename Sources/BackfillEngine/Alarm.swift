import BackfillCore
import Synchronization

/// The one timer of the loop: posts a tick when the next deadline comes, or the clock is set.
///
/// A deadline that is replaced takes its task with it; at most one task waits.
final class Alarm: Sendable {
  private struct State {
    var deadline: Instant?
    var task: Task<Void, Never>?
  }

  private let state = Mutex(State())
  private let clock: any Clock
  private let mailbox: Mailbox

  init(clock: any Clock, mailbox: Mailbox) {
    self.clock = clock
    self.mailbox = mailbox
  }

  /// Sets the deadline; `nil` for none. The same deadline again changes nothing.
  func set(_ deadline: Instant?) {
    state.withLock { state in
      guard state.deadline != deadline else { return }
      state.task?.cancel()
      state.deadline = deadline
      state.task = deadline.map { deadline in Task { await self.wait(until: deadline) } }
    }
  }

  private func wait(until deadline: Instant) async {
    do {
      _ = try await clock.wait(until: deadline)
    } catch {
      return  // Replaced by another deadline.
    }
    // From here on the same deadline may be set again: the clock may have gone back.
    state.withLock { state in
      if state.deadline == deadline { state.deadline = nil }
    }
    mailbox.post(fromOutside: .tick)
  }
}
