import Synchronization

/// Runs the loop and its child tasks, one job at a time.
///
/// None of them blocks. So an `EventThread` that has posted a message may carry out what comes of it itself, and no other
/// thread is woken. Otherwise the loop's own thread does.
final class LoopExecutor: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    /// Some thread runs them, or is on its way.
    var isTaken = false
  }

  private let state = Mutex(State())
  private let thread: EventThread

  init(_ thread: EventThread) {
    self.thread = thread
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isTaken = state.withLock { state in
      state.jobs.append(job)
      return state.isTaken
    }
    if isTaken { return }
    if let lender = EventThread.current, !thread.isCurrent { lender.lend(to: self) } else { wake() }
  }

  /// Has what waits run by the loop's own thread, if nobody runs it.
  func wake() {
    if take() { thread.perform { self.runAll() } }
  }

  /// Runs what waits, if nobody does.
  func runWaiting() {
    if take() { runAll() }
  }

  private func take() -> Bool {
    state.withLock { state in
      guard !state.isTaken, !state.jobs.isEmpty else { return false }
      state.isTaken = true
      return true
    }
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
