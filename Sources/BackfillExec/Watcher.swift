import BackfillCore
import CPosix
import Glibc
import Synchronization

/// Looks after processes: their time limits, requests to stop them, and what outlives its leader, on one thread. That a
/// leader has ended it is told by the thread that started it.
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
  private let state: Mutex<State>

  private struct State {
    let table: WatchTable
    var lastID: UInt64 = 0
    /// Until when the thread sleeps.
    var asleepUntil = Monotonic.now()
  }

  private init() throws(SystemError) {
    poll = try WakeablePoll()
    state = Mutex(State(table: WatchTable(poll: poll)))
    let problem = cposix_adopt_orphans()
    guard problem == 0 else {
      poll.close()
      throw SystemError(problem)
    }
    // Ignored, it would make the kernel reap. The daemon may have been started that way.
    signal(SIGCHLD, SIG_DFL)
    try OwnThread.start("backfill-watch", inBackground: true) { [self] in
      while true { turn() }
    }
  }

  /// Looks after a process until it is gone; returns its number here.
  func watch(_ order: WatchOrder) -> UInt64 {
    let (id, mustWake) = state.withLock { state in
      state.lastID += 1
      state.table.add(order, as: state.lastID)
      let mustWake = (order.timeLimitAt ?? state.asleepUntil) < state.asleepUntil
      if mustWake { state.asleepUntil = .now() }
      return (state.lastID, mustWake)
    }
    if mustWake { poll.wake() }
    return id
  }

  /// The leader of `id` has ended. When nothing of its session is left its end is told before this returns, otherwise later.
  func leaderEnded(_ id: UInt64) {
    change { table in table.leaderEnded(id) }
  }

  /// Stops the process `id` as `StopReason.asked`; nothing happens when it is gone.
  func stop(_ id: UInt64) {
    change { table in table.beginStop(id, reason: .asked) }
  }

  /// Reaps orphans that have ended, now instead of a little later.
  func sweep() {
    change { table in table.sweep() }
  }

  /// Does `work` on the table, has the thread look at the new deadlines, and tells who is gone.
  private func change(_ work: (WatchTable) -> Void) {
    let (gone, mustWake) = state.withLock { state in
      work(state.table)
      let mustWake = state.table.nextDeadline < state.asleepUntil
      if mustWake { state.asleepUntil = .now() }
      return (state.table.takeGone(), mustWake)
    }
    if mustWake { poll.wake() }
    for tell in gone { tell() }
  }

  private func turn() {
    let deadline = state.withLock { state in
      state.asleepUntil = state.table.nextDeadline
      return state.asleepUntil
    }
    let tokens = poll.wait(until: deadline)
    change { table in
      for token in tokens { table.orphanEnded(token) }
      table.passDeadlines(at: .now())
    }
  }
}
