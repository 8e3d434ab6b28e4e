import Dispatch
import Synchronization

/// Runs a task on one thread, which may block: a chain of dates waits there for the disk and starts its processes. What hangs
/// holds up this task, not the loop.
final class OwnThreadExecutor: TaskExecutor {
  /// What a thread of the queue knows of it. The job that asks keeps the executor alive.
  private struct Reference: Sendable {
    unowned let executor: OwnThreadExecutor
  }

  private static let key = DispatchSpecificKey<Reference>()
  private let queue = DispatchQueue(label: "backfill-work")
  private let loop = Mutex<LoopExecutor?>(nil)

  init() {
    queue.setSpecific(key: Self.key, value: Reference(executor: self))
  }

  /// The one whose job the calling thread runs; `nil`: none.
  static var current: OwnThreadExecutor? { DispatchQueue.getSpecific(key: key)?.executor }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async {
      job.runSynchronously(on: self.asUnownedTaskExecutor())
      self.loop.withLock { loop in
        defer { loop = nil }
        return loop
      }?.runWaiting()
    }
  }

  /// After its job, the thread runs what `loop` has waiting.
  func lend(to loop: LoopExecutor) {
    self.loop.withLock { $0 = loop }
  }
}
