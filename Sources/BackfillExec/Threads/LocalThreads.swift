import BackfillCore
import Dispatch
import Synchronization

/// Threads of this machine.
///
/// Those of the loop and of the journal take the processor from nobody: what they do is never what a step waits for.
public struct LocalThreads: WorkThreads {
  /// So many tasks have a thread of their own at once; what more there is (dates of a wide window that wait for a place, a
  /// thousand windows at midnight) shares those of libdispatch. A thread takes a descriptor too, of which there may be 1,024.
  static let limit = 64

  public let loop: any TaskExecutor
  public let journal: any TaskExecutor
  private let places = ThreadPlaces(limit)

  public init() throws(ExecutorFailure) {
    do throws(SystemError) {
      loop = LoopExecutor(try EventThread("backfill-loop", inBackground: true))
      journal = try EventThread("backfill-events", inBackground: true)
    } catch {
      throw ExecutorFailure("cannot start a thread: \(error.words)")
    }
  }

  /// Where no thread is left, a queue that finds one as soon as there is.
  public func own() -> any TaskExecutor {
    guard let place = places.take() else { return QueueExecutor() }
    do throws(SystemError) {
      return try EventThread("backfill-work", in: place)
    } catch {
      return QueueExecutor()
    }
  }
}

/// Counts threads, so that there are no more than so many.
private final class ThreadPlaces: Sendable {
  private let free: Mutex<Int>

  init(_ count: Int) {
    free = Mutex(count)
  }

  /// A place, which is free again when nobody has it any more; `nil`: all are taken.
  func take() -> Place? {
    let isTaken = free.withLock { free in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
    return isTaken ? Place(of: self) : nil
  }

  final class Place: Sendable {
    private let places: ThreadPlaces

    fileprivate init(of places: ThreadPlaces) {
      self.places = places
    }

    deinit {
      places.free.withLock { $0 += 1 }
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
