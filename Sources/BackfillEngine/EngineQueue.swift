import Dispatch

/// Runs tasks one at a time, on one thread as long as they follow each other.
///
/// The loop and its child tasks share one: a message from one to the other wakes no thread. Each chain of dates has one more
/// for what may block.
final class EngineQueue: TaskExecutor {
  private let queue: DispatchQueue

  init(_ label: String) {
    queue = DispatchQueue(label: label)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
