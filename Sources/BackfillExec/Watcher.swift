import BackfillCore
import CPosix
import Glibc
import Synchronization

/// Waits for processes, their time limits and requests to stop them, on one thread.
///
/// A process has one set of children, so there is one watcher: it alone reaps. It makes this process the one that adopts
/// orphaned descendants (prctl(2), PR_SET_CHILD_SUBREAPER), so that nothing a step leaves behind is out of reach. It never
/// reaps a child in this process's own session: an orphan of a step cannot come there, another library's child may.
final class Watcher: Sendable {
  /// The watcher of this process, or why there is none.
  static let shared: Result<Watcher, SystemError> = {
    do throws(SystemError) {
      return .success(try Watcher())
    } catch {
      return .failure(error)
    }
  }()

  private let poll: WakeablePoll
  private let inbox = Mutex(Inbox())

  private struct Inbox {
    var lastID: UInt64 = 0
    var arrivals: [WatchOrder] = []
    var stops: [UInt64] = []
    var isSweepAsked = false
    /// Until when the thread sleeps.
    var asleepUntil = Monotonic.now()
  }

  private init() throws(SystemError) {
    poll = try WakeablePoll()
    let problem = cposix_adopt_orphans()
    guard problem == 0 else {
      poll.close()
      throw SystemError(problem)
    }
    // Ignored, it would make the kernel reap. The daemon may have been started that way.
    signal(SIGCHLD, SIG_DFL)
    try OwnThread.start("backfill-watch") { [self] in
      let table = WatchTable(poll: poll) { self.inbox.withLock { inbox in Self.taken(&inbox.arrivals) } }
      while true { turn(table) }
    }
  }

  /// A number that no other process of this watcher has.
  func newID() -> UInt64 {
    inbox.withLock { inbox in
      inbox.lastID += 1
      return inbox.lastID
    }
  }

  /// Looks after a process until it is gone. On failure nothing is watched and `whenGone` is not called.
  func watch(_ order: WatchOrder) -> Result<Void, SystemError> {
    let (added, mustWake) = inbox.withLock { inbox in
      // An event of the process is handled only after its order was taken, which this lock holds off.
      let added = poll.add(order.pidfd, token: order.id)
      guard case .success = added else { return (added, false) }
      inbox.arrivals.append(order)
      return (added, (order.timeLimitAt ?? inbox.asleepUntil) < inbox.asleepUntil)
    }
    if mustWake { poll.wake() }
    return added
  }

  /// Stops the process `id` as `StopReason.asked`; nothing happens when it is gone.
  func stop(_ id: UInt64) {
    inbox.withLock { $0.stops.append(id) }
    poll.wake()
  }

  /// Reaps orphans that have ended, now instead of a little later.
  func sweep() {
    inbox.withLock { $0.isSweepAsked = true }
    poll.wake()
  }

  private func turn(_ table: WatchTable) {
    let next = table.nextDeadline
    let deadline = inbox.withLock { inbox in
      // What came since the last look is looked at before sleeping.
      let hasNews = !inbox.arrivals.isEmpty || !inbox.stops.isEmpty || inbox.isSweepAsked
      inbox.asleepUntil = hasNews ? .now() : next
      return inbox.asleepUntil
    }
    let tokens = poll.wait(until: deadline)
    table.takeArrivals()
    for token in tokens { table.becameReady(token) }
    let (stops, isSweepAsked) = inbox.withLock { inbox in
      defer { inbox.isSweepAsked = false }
      return (Self.taken(&inbox.stops), inbox.isSweepAsked)
    }
    // A stop may be for a process that came after the arrivals were taken.
    table.takeArrivals()
    for id in stops { table.beginStop(id, reason: .asked) }
    table.passDeadlines(at: .now())
    if isSweepAsked { table.sweep() }
  }

  private static func taken<Element>(_ items: inout [Element]) -> [Element] {
    defer { items = [] }
    return items
  }
}
