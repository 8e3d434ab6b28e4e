import BackfillCore
import Dispatch

/// Threads of this machine.
///
/// Those of the loop and of the journal take the processor from nobody: what they do is never what a step waits for.
public struct LocalThreads: WorkThreads {
  public let loop: any TaskExecutor
  public let journal: any TaskExecutor

  public init() throws(ExecutorFailure) {
    do throws(SystemError) {
      loop = LoopExecutor(try EventThread("backfill-loop", inBackground: true))
      journal = try EventThread("backfill-events", inBackground: true)
    } catch {
      throw ExecutorFailure("cannot start a thread: \(error.words)")
    }
  }

  /// Where the system has no thread left, a queue that finds one as soon as there is.
  public func own() -> any TaskExecutor {
    do throws(SystemError) {
      return try EventThread("backfill-work")
    } catch {
      return QueueExecutor()
    }
  }
}

/// Runs a task on threads of a dispatch queue, one job at a time.
private final class QueueExecutor: TaskExecutor {
  private let queue = DispatchQueue(label: "backfill-work")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
