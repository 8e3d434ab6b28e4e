import Dispatch

/// Where the loop and its child tasks run, one at a time: a message from one to the other wakes no thread, and a date in
/// flight costs no more wake-ups than its process and its commit.
final class EngineQueue: TaskExecutor {
  private let queue = DispatchQueue(label: "backfill-engine")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
