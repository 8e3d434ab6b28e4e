import Dispatch
import Synchronization

/// Runs the loop and its child tasks, one job at a time.
///
/// None of them blocks. So a thread of an `OwnThreadExecutor` that has posted a message carries out what comes of it as soon as
/// its own job suspends or ends, and no other thread is woken. For messages from elsewhere there is a thread of a dispatch
/// queue; it does not wait for one that has its own job to do first.
final class LoopExecutor: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    /// Some thread runs them.
    var isTaken = false
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "backfill-loop")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let lender = OwnThreadExecutor.current
    let isToWake = state.withLock { state in
      state.jobs.append(job)
      guard !state.isTaken, lender == nil else { return false }
      state.isTaken = true
      return true
    }
    if isToWake { queue.async { self.runAll() } } else { lender?.lend(to: self) }
  }

  /// Runs what waits, if nobody does.
  func runWaiting() {
    let isFree = state.withLock { state in
      guard !state.isTaken, !state.jobs.isEmpty else { return false }
      state.isTaken = true
      return true
    }
    if isFree { runAll() }
  }

  private func runAll() {
    while true {
      let jobs = state.withLock { state in
        defer { state.jobs = [] }
        if state.jobs.isEmpty { state.isTaken = false }
        return state.jobs
      }
      guard !jobs.isEmpty else { return }
      for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }
}
