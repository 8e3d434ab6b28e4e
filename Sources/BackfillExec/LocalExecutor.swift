import BackfillCore
import Dispatch
import Glibc

/// Runs steps as processes of this machine, each the leader of a session of its own.
///
/// Processes are started on the thread of the caller's executor; waiting is done on one thread for the whole process
/// (`Watcher`), reading output on one thread for each executor, what reads /proc and files on threads of a dispatch queue: the
/// caller's threads never wait for a step or a sink.
///
/// The process that uses this adopts what steps leave behind. Children of its own that it starts by other means must stay
/// in its session, or they may be reaped here.
public final class LocalExecutor: Executor {
  let output: Result<OutputReader, SystemError>
  let reports: ReportFolder
  let clock: any BackfillCore.Clock
  let queue = DispatchQueue(label: "backfill-start", attributes: .concurrent)

  /// Removes places of reports that an earlier daemon left in `reportDirectory`.
  ///
  /// - Parameters:
  ///   - reportDirectory: Belongs to this executor alone. Made with mode 0711 when it is not there; the users of steps must
  ///     be able to pass through it and through all directories above it.
  ///   - output: Takes the lines of all steps, on one thread; while it blocks, steps that write wait.
  ///   - clock: Tells when executions start; durations and time limits are measured with the monotonic clock.
  public init(reportDirectory: String, output: any OutputSink, clock: any BackfillCore.Clock) {
    reports = ReportFolder(directory: reportDirectory)
    reports.removeStalePlaces()
    self.clock = clock
    self.output = Self.reader(output)
  }

  deinit {
    if case .success(let reader) = output { reader.finish() }
  }

  public func run(_ order: ExecutionOrder) async throws(ExecutorFailure) -> Execution {
    let run = LocalRun(order, executor: self)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        run.begin(continuation)
      }
    } onCancel: {
      run.cancel()
    }
    return try result.get()
  }

  public func stopLeftovers(of runIDs: Set<String>) async throws(ExecutorFailure) -> Int {
    guard !runIDs.isEmpty else { return 0 }
    let result: Result<Int, ExecutorFailure> = await withCheckedContinuation { continuation in
      queue.async {
        var search = LeftoverSearch(runIDs: runIDs)
        let result = search.stopAll()
        // Those that this process has adopted meanwhile are to be reaped.
        if case .success(let watcher) = Watcher.shared { watcher.sweep() }
        continuation.resume(returning: result)
      }
    }
    return try result.get()
  }

  private static func reader(_ sink: any OutputSink) -> Result<OutputReader, SystemError> {
    do throws(SystemError) {
      return .success(try OutputReader(sink: sink))
    } catch {
      return .failure(error)
    }
  }
}
