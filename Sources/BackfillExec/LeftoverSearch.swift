import BackfillCore
import CPosix
import Glibc

/// Finds the processes that executions of a daemon that died have left, and stops them.
///
/// They are known by `BACKFILL_RUN_ID` in the environment they were started with. With them goes the rest of their session,
/// where its leader belongs to the run or has ended: a person's shell in which a step is tried by hand is not touched.
/// A process is pinned by a pidfd before it is looked at, so that its id cannot have gone to another meanwhile.
struct LeftoverSearch {
  private static let patience = Duration.seconds(30)
  private static let unclearLimit = 100

  let runIDs: Set<String>
  private var found: Set<String> = []
  /// Looks at which some process was in the middle of execve(2), one after the other.
  private var unclearLooks = 0

  init(runIDs: Set<String>) {
    self.runIDs = runIDs
  }

  private struct Leftover {
    let pid: pid_t
    let pidfd: Int32
    /// `nil`: it is in the session of one that carries an id.
    let runID: String?
    let session: pid_t
  }

  /// Kills until a look at all processes finds none; returns how many runs had any.
  mutating func stopAll() -> Result<Int, ExecutorFailure> {
    let giveUpAt = Monotonic.now() + Self.patience
    while true {
      switch killRound(giveUpAt) {
      case .failure(let failure): return .failure(failure)
      case .success(true): unclearLooks = 0
      case .success(false):
        if unclearLooks == 0 || unclearLooks > Self.unclearLimit { return .success(found.count) }
        poll(nil, 0, 1)
      }
    }
  }

  /// One look at all processes; whether there was something to stop.
  private mutating func killRound(_ giveUpAt: Monotonic) -> Result<Bool, ExecutorFailure> {
    let leftovers: [Leftover]
    switch lookAtAll() {
    case .failure(let failure): return .failure(failure)
    case .success(let some): leftovers = some
    }
    defer { for leftover in leftovers { close(leftover.pidfd) } }
    for leftover in leftovers where cposix_pidfd_signal(leftover.pidfd, SIGKILL) != 0 && errno != ESRCH {
      return .failure(ExecutorFailure("cannot stop \(name(leftover)): \(SystemError.last.words)"))
    }
    for leftover in leftovers where !waitForEnd(leftover.pidfd, until: giveUpAt) {
      return .failure(ExecutorFailure("\(name(leftover)) did not end within 30s of SIGKILL"))
    }
    found.formUnion(leftovers.compactMap(\.runID))
    return .success(!leftovers.isEmpty)
  }

  private mutating func lookAtAll() -> Result<[Leftover], ExecutorFailure> {
    let pids: [pid_t]
    switch ProcessTable.all() {
    case .failure(let problem): return .failure(ExecutorFailure("cannot read /proc: \(problem.words)"))
    case .success(let all): pids = all.filter { $0 > 1 && $0 != getpid() }
    }
    var leftovers: [Leftover] = []
    var isUnclear = false
    for pid in pids {
      let variable = ProcessTable.variable("BACKFILL_RUN_ID", of: pid)
      isUnclear = isUnclear || variable == .notYet
      guard case .value(let runID) = variable, runIDs.contains(runID) else { continue }
      switch pin(pid, runID: runID) {
      case .success(let leftover?): leftovers.append(leftover)
      case .success(nil): continue
      case .failure(let failure): return give(up: leftovers, failure)
      }
    }
    unclearLooks = isUnclear ? unclearLooks + 1 : 0
    let sessions = Set(leftovers.map(\.session)).filter { isOurs(session: $0, leftovers) }
    let known = Set(leftovers.map(\.pid))
    for pid in pids where !known.contains(pid) && sessions.contains(getsid(pid)) {
      switch pin(pid, session: getsid(pid)) {
      case .success(let leftover?): leftovers.append(leftover)
      case .success(nil): continue
      case .failure(let failure): return give(up: leftovers, failure)
      }
    }
    return .success(leftovers)
  }

  private func give(up leftovers: [Leftover], _ failure: ExecutorFailure) -> Result<[Leftover], ExecutorFailure> {
    for leftover in leftovers { close(leftover.pidfd) }
    return .failure(failure)
  }

  /// Not the session of this process, and its leader belongs to the run or is gone.
  private func isOurs(session: pid_t, _ leftovers: [Leftover]) -> Bool {
    guard session > 1, session != getsid(0) else { return false }
    return leftovers.contains { $0.pid == session } || !ProcessTable.isAlive(session)
  }

  /// A pidfd of `pid` when, with it in hand, the process still is what it was taken for.
  private func pin(_ pid: pid_t, runID: String? = nil, session: pid_t? = nil) -> Result<Leftover?, ExecutorFailure> {
    let pidfd = cposix_pidfd_open(pid)
    guard pidfd >= 0 else {
      let problem = SystemError.last
      return problem.isShortage
        ? .failure(ExecutorFailure("cannot look for processes of earlier runs: \(problem.words)")) : .success(nil)
    }
    let isSame =
      if let runID {
        ProcessTable.variable("BACKFILL_RUN_ID", of: pid) == .value(runID)
      } else {
        getsid(pid) == session
      }
    guard isSame, !hasEnded(pidfd) else {
      close(pidfd)
      return .success(nil)
    }
    return .success(Leftover(pid: pid, pidfd: pidfd, runID: runID, session: session ?? getsid(pid)))
  }

  private func hasEnded(_ pidfd: Int32) -> Bool {
    waitForEnd(pidfd, until: .now())
  }

  /// `false` when it has not ended by `deadline`.
  private func waitForEnd(_ pidfd: Int32, until deadline: Monotonic) -> Bool {
    while true {
      var request = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
      let left = max(0, (deadline.nanoseconds - Monotonic.now().nanoseconds + 999_999) / 1_000_000)
      let count = poll(&request, 1, Int32(clamping: left))
      if count > 0 { return true }
      if count == 0 { return false }
    }
  }

  private func name(_ leftover: Leftover) -> String {
    leftover.runID.map { "process \(leftover.pid) of run \($0)" } ?? "process \(leftover.pid) of an earlier run"
  }
}
