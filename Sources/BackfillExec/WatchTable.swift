import BackfillCore
import CPosix
import Glibc

/// The processes that are watched, and what is done about each event. The watcher lets one thread at a time to it.
///
/// A leader that has ended stays a zombie until its session is empty: as long as it is there, the kernel gives its id to no
/// other process, group or session, and a signal to the group cannot reach a stranger.
final class WatchTable {
  /// How often ended orphans are reaped while steps run or orphans live, and how often otherwise.
  private static let sweepInterval = Duration.seconds(1)
  private static let idleSweepInterval = Duration.seconds(10)
  /// How long after SIGKILL something that does not go (a process in an uninterruptible call) is waited for.
  private static let killPatience = Duration.seconds(10)
  /// An orphan in the middle of execve(2) is looked at again after so long, so often at most.
  private static let lookInterval = Duration.milliseconds(1)
  private static let looksLimit = 1000

  /// Tells of the end of an orphan; its token is the number of the process it belongs to.
  private let poll: WakeablePoll
  private let ownSession = getsid(0)
  private var watched: [UInt64: WatchedProcess] = [:]
  private var leaders: Set<pid_t> = []
  private var gone: [@Sendable () -> Void] = []
  private var sweepAt = Monotonic.now()

  init(poll: WakeablePoll) {
    self.poll = poll
  }

  /// Takes a process over that was just started.
  func add(_ order: WatchOrder, as id: UInt64) {
    watched[id] = WatchedProcess(order, id: id)
    leaders.insert(order.pid)
  }

  /// What tells the ends of those that are gone, once.
  func takeGone() -> [@Sendable () -> Void] {
    defer { gone = [] }
    return gone
  }

  /// When there is something to do without an event.
  var nextDeadline: Monotonic {
    watched.values.reduce(sweepAt) { min($0, $1.deadline ?? $0) }
  }

  /// The leader of the process `id` has ended.
  func leaderEnded(_ id: UInt64) {
    guard let process = watched[id], case .running = process.phase else { return }
    process.phase = .ended
    process.endedAt = process.seenEndedAt ?? .now()
    if process.stop == nil { kill(-process.order.pid, SIGKILL) }
    settle(process)
  }

  /// An orphan of the process `id` has ended.
  func orphanEnded(_ id: UInt64) {
    if let process = watched[id], process.endedAt != nil { settle(process) }
  }

  /// SIGTERM to every group of the session; SIGKILL follows after the grace.
  func beginStop(_ id: UInt64, reason: StopReason) {
    guard let process = watched[id], case .running = process.phase, process.stop == nil, !isSeenEnded(process) else {
      return
    }
    process.stop = reason
    process.killAt = .now() + process.order.killGrace
    signalSession(process, SIGTERM)
    // What is stopped would not see SIGTERM.
    signalSession(process, SIGCONT)
  }

  /// Does what is due at `now`.
  func passDeadlines(at now: Monotonic) {
    for process in Array(watched.values) {
      guard let deadline = process.deadline, deadline <= now else { continue }
      guard case .running = process.phase else {
        settle(process)
        continue
      }
      if process.stop == nil {
        beginStop(process.id, reason: .timeLimit)
      } else {
        signalSession(process, SIGKILL)
        process.killAt = now + Self.sweepInterval
      }
    }
    if sweepAt <= now { sweep() }
  }

  /// Reaps orphans that have ended. Looks which leaders have, so that the time for which a thread is held up is not theirs.
  func sweep() {
    let living = orphans().filter { !reapIfEnded($0) }
    for process in Array(watched.values) {
      if process.endedAt != nil { settle(process) } else { _ = isSeenEnded(process) }
    }
    let isIdle = living.isEmpty && watched.isEmpty
    sweepAt = .now() + (isIdle ? Self.idleSweepInterval : Self.sweepInterval)
  }

  /// Whether the leader has ended; the first time that it has is noted.
  private func isSeenEnded(_ process: WatchedProcess) -> Bool {
    if process.seenEndedAt == nil, cposix_has_ended(process.order.pid) != 0 { process.seenEndedAt = .now() }
    return process.seenEndedAt != nil
  }

  /// Goes on with the end of a session whose leader has ended, as far as it can be done now.
  private func settle(_ process: WatchedProcess) {
    process.lookAgainAt = nil
    let (members, unclear) = livingMembers(of: process)
    if members.isEmpty {
      guard unclear, process.looks < Self.looksLimit else { return finish(process) }
      process.looks += 1
      process.lookAgainAt = .now() + Self.lookInterval
      return
    }
    let now = Monotonic.now()
    switch process.phase {
    case .running: return
    case .ended:
      // Whoever was asked to stop has the whole grace; what outlives its leader otherwise has none.
      guard process.stop == nil || (process.killAt ?? now) <= now else { break }
      process.phase = .killed(giveUpAt: now + Self.killPatience)
      killAll(members, of: process)
    case .killed(let giveUpAt):
      if giveUpAt <= now { return finish(process) }
      killAll(members, of: process)
    }
    wait(for: members, of: process)
  }

  /// The orphans that belong to the run, and whether there are some of which that cannot be said now.
  private func livingMembers(of process: WatchedProcess) -> (members: [pid_t], unclear: Bool) {
    var members: [pid_t] = []
    var unclear = false
    for pid in orphans() where !reapIfEnded(pid) {
      switch isMember(pid, of: process) {
      case true?: members.append(pid)
      case false?: continue
      case nil: unclear = true
      }
    }
    return (members, unclear)
  }

  /// Children that are not leaders, and not in our own session.
  private func orphans() -> [pid_t] {
    // A leader comes into that list only with the end of the thread that started it, which has handed it over before.
    ProcessTable.childrenOfMainThread().filter { !leaders.contains($0) && getsid($0) != ownSession }
  }

  private func reapIfEnded(_ pid: pid_t) -> Bool {
    switch cposix_has_ended(pid) {
    case 0: return false
    case 1:
      _ = cposix_reap(pid)
      return true
    default: return true
    }
  }

  /// `nil`: cannot be said while it is in the middle of execve(2).
  private func isMember(_ pid: pid_t, of process: WatchedProcess) -> Bool? {
    if getsid(pid) == process.order.pid { return true }
    guard let runID = process.order.runID else { return false }
    return switch ProcessTable.variable("BACKFILL_RUN_ID", of: pid) {
    case .value(let value): value == runID
    case .absent: false
    case .notYet: nil
    }
  }

  private func killAll(_ members: [pid_t], of process: WatchedProcess) {
    kill(-process.order.pid, SIGKILL)
    for pid in members {
      kill(pid, SIGKILL)
      // Its group is a descendant of the leader as a whole: it cannot be ours.
      let group = getpgid(pid)
      if group > 1, group != getpgrp() { kill(-group, SIGKILL) }
    }
  }

  /// Comes back to `settle` when one of them ends; those that cannot be waited for are looked at by the next sweep.
  private func wait(for members: [pid_t], of process: WatchedProcess) {
    for (pid, pidfd) in process.orphans where !members.contains(pid) {
      close(pidfd)
      process.orphans[pid] = nil
    }
    for pid in members where process.orphans[pid] == nil {
      let pidfd = cposix_pidfd_open(pid)
      guard pidfd >= 0 else { continue }
      guard case .success = poll.add(pidfd, token: process.id) else {
        close(pidfd)
        continue
      }
      process.orphans[pid] = pidfd
    }
  }

  private func finish(_ process: WatchedProcess) {
    let end = cposix_reap(process.order.pid)
    for pidfd in process.orphans.values { close(pidfd) }
    close(process.order.pidfd)
    leaders.remove(process.order.pid)
    watched[process.id] = nil
    let status: Ending =
      if end.error != 0 {
        .notStarted("the end of the process was lost: \(SystemError(end.error).words)")
      } else if end.signaled {
        .signaled(end.value)
      } else {
        .exited(end.value)
      }
    let usage = ResourceUsage(
      userCPU: .microseconds(end.user_microseconds), systemCPU: .microseconds(end.system_microseconds),
      peakMemoryKiB: end.peak_kibibytes < 0 ? nil : Int(end.peak_kibibytes))
    let told = ProcessEnd(status: status, stop: process.stop, usage: usage, endedAt: process.endedAt ?? .now())
    gone.append { [whenGone = process.order.whenGone] in whenGone(told) }
  }

  private func signalSession(_ process: WatchedProcess, _ signal: Int32) {
    for group in ProcessTable.groups(inSession: process.order.pid).union([process.order.pid]) { kill(-group, signal) }
  }
}
