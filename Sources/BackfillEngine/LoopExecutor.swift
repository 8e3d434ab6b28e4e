import Dispatch
import Synchronization

/// Runs the loop and its child tasks, one job at a time.
///
/// None of them blocks, so any thread may lend itself: one of a chain of dates that posts a message carries out what comes of
/// it before it goes on, and no other thread is woken. For the rest there is a thread of a dispatch queue.
final class LoopExecutor: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    /// Some thread runs them.
    var isTaken = false
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "backfill-engine")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isTaken = state.withLock { state in
      state.jobs.append(job)
      defer { state.isTaken = true }
      return state.isTaken
    }
    guard !isTaken else { return }
    if DateExecutor.isCurrent { runAll() } else { queue.async { self.runAll() } }
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

/// Runs one chain of dates on one thread, which may block: it waits for the disk and starts processes. What hangs there
/// holds up these dates, not the loop.
final class DateExecutor: TaskExecutor {
  private static let key = DispatchSpecificKey<Void>()
  private let queue = DispatchQueue(label: "backfill-dates")

  init() {
    queue.setSpecific(key: Self.key, value: ())
  }

  /// The caller runs on such a thread.
  static var isCurrent: Bool { DispatchQueue.getSpecific(key: key) != nil }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
