import BackfillCore
import Dispatch
import Glibc

/// Runs steps as processes of this machine, each the leader of a session of its own.
///
/// On an `EventThread` the whole execution stays on it: the start, the output, the report, the end. Callers on other threads
/// share one that is kept for them. Time limits and stops are the matter of one thread for the whole process (`Watcher`), so
/// that no sink and no disk holds them up.
///
/// The process that uses this adopts what steps leave behind. Children of its own that it starts by other means must stay
/// in its session, or they may be reaped here.
public final class LocalExecutor: Executor {
  let output: any OutputSink
  let reports: ReportFolder
  let clock: any BackfillCore.Clock
  let queue = DispatchQueue(label: "backfill-files", attributes: .concurrent)
  private let shared: Result<EventThread, SystemError>

  /// Removes places of reports that an earlier daemon left in `reportDirectory`.
  ///
  /// - Parameters:
  ///   - reportDirectory: Belongs to this executor alone. Made with mode 0711 when it is not there; the users of steps must
  ///     be able to pass through it and through all directories above it.
  ///   - output: Takes the lines of all steps, each step's on the thread of its execution; while it blocks, the step that
  ///     writes waits.
  ///   - clock: Tells when executions start; durations and time limits are measured with the monotonic clock.
  public init(reportDirectory: String, output: any OutputSink, clock: any BackfillCore.Clock) {
    reports = ReportFolder(directory: reportDirectory)
    reports.removeStalePlaces()
    self.clock = clock
    self.output = output
    shared = Self.thread()
  }

  public func run(_ order: ExecutionOrder) async throws(ExecutorFailure) -> Execution {
    let run = LocalRun(order, executor: self)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if let thread = EventThread.current, !thread.isInBackground {
          run.begin(continuation, on: thread)
        } else {
          begin(run, continuation)
        }
      }
    } onCancel: {
      run.cancel()
    }
    return try result.get()
  }

  private func begin(_ run: LocalRun, _ continuation: CheckedContinuation<LocalRun.Outcome, Never>) {
    switch shared {
    case .success(let thread):
      thread.perform { EventThread.current.map { run.begin(continuation, on: $0) } }
    case .failure(let problem):
      continuation.resume(returning: .failure(ExecutorFailure("cannot start a thread: \(problem.words)")))
    }
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

  private static func thread() -> Result<EventThread, SystemError> {
    do throws(SystemError) {
      return .success(try EventThread("backfill-steps"))
    } catch {
      return .failure(error)
    }
  }
}
