import BackfillCore
import Glibc

/// A leader that the watcher looks after, from its start until it and its session are gone. Belongs to the watcher's table.
final class WatchedProcess {
  let id: UInt64
  let order: WatchOrder
  var phase = Phase.running
  /// Why it is being stopped; the first reason stays.
  var stop: StopReason?
  /// When SIGKILL follows SIGTERM, or has followed.
  var killAt: Monotonic?
  /// When the leader had ended, as its thread told.
  var endedAt: Monotonic?
  /// When it was seen that the leader had ended, where its thread is held up (by the journal) and has not told yet.
  var seenEndedAt: Monotonic?
  /// When orphans are looked at again that could not be told apart, and how often that was done.
  var lookAgainAt: Monotonic?
  var looks = 0
  /// Orphans of the session that are waited for, with their pidfds.
  var orphans: [pid_t: Int32] = [:]

  enum Phase {
    /// The leader runs.
    case running
    /// The leader has ended, but is not reaped: its id must not be used again while its session has members.
    case ended
    /// SIGKILL went to everything that was left; it is waited for no longer than `giveUpAt`.
    case killed(giveUpAt: Monotonic)
  }

  init(_ order: WatchOrder, id: UInt64) {
    self.id = id
    self.order = order
  }

  /// The next point in time at which there is something to do without an event.
  var deadline: Monotonic? {
    if let lookAgainAt { return lookAgainAt }
    return switch phase {
    case .killed(let giveUpAt): giveUpAt
    case .ended: killAt
    case .running: stop != nil ? killAt : seenEndedAt == nil ? order.timeLimitAt : nil
    }
  }
}

/// What the watcher needs to know of a process.
struct WatchOrder: Sendable {
  let pid: pid_t
  /// Closed by the watcher.
  let pidfd: Int32
  /// The value of `BACKFILL_RUN_ID` in its environment; `nil`: none.
  let runID: String?
  let timeLimitAt: Monotonic?
  let killGrace: Duration
  /// Called once, on the watcher's thread or on one that tells it something; must not block.
  let whenGone: @Sendable (ProcessEnd) -> Void
}

/// Why a process is stopped by us.
enum StopReason: Sendable, Equatable {
  case timeLimit, asked
}

/// How a leader ended, after its whole session is gone.
struct ProcessEnd: Sendable, Equatable {
  /// `exited` or `signaled`.
  let status: Ending
  let stop: StopReason?
  let usage: ResourceUsage
  let endedAt: Monotonic
}
