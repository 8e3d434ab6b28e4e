import CPosix
import Glibc
import Synchronization

/// A thread of its own for one task: runs its jobs, which may block, and between them waits for descriptors.
///
/// A chain of dates runs on one: it writes to the ledger there, starts its processes, and sees their ends, and from the end of
/// one process to the start of the next no other thread is woken. The thread ends with the last reference to this.
final class EventThread: TaskExecutor {
  private let work: EventWork
  /// Kept as long as this.
  private let place: (any Sendable)?

  /// One in the background takes the processor from no other that runs. Throws when the system has no thread or descriptor
  /// left.
  init(_ name: String, inBackground: Bool = false, in place: (any Sendable)? = nil) throws(SystemError) {
    self.place = place
    let work = try EventWork(inBackground: inBackground)
    self.work = work
    do throws(SystemError) {
      try OwnThread.start(name, inBackground: inBackground) { work.run() }
    } catch {
      work.close()
      throw error
    }
  }

  deinit {
    work.finish()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    work.add { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  /// Has `body` called on the thread.
  func perform(_ body: @escaping @Sendable () -> Void) {
    work.add(body)
  }

  /// The calling thread is this one.
  var isCurrent: Bool { Self.current === work }

  /// What the calling thread does if it is such a thread.
  static var current: EventWork? { EventWork.current }
}
