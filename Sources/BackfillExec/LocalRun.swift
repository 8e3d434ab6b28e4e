import BackfillCore
import CPosix
import Dispatch
import Glibc
import Synchronization

/// One execution on its way from the order to the `Execution`. Belongs to the thread that it begins on, which starts the
/// process, reads its output and its report, and sees its end.
final class LocalRun: Sendable {
  typealias Outcome = Result<Execution, ExecutorFailure>

  private let order: ExecutionOrder
  private let executor: LocalExecutor
  private let state = Mutex(State())

  private struct State {
    var continuation: CheckedContinuation<Outcome, Never>?
    var isCancelled = false
    /// The watcher's number of the process while it may be stopped.
    var watchID: UInt64?
    /// The thread's watches of its output.
    var outputWatches: [UInt64] = []
  }

  /// What is known once the process runs.
  private struct Begun: Sendable {
    let thread: EventWork
    let started: Instant
    let startedAt: Monotonic
    let place: ReportPlace
    let output: CollectedOutput
  }

  init(_ order: ExecutionOrder, executor: LocalExecutor) {
    self.order = order
    self.executor = executor
  }

  /// Starts the process; `continuation` is resumed once, when everything has ended. To be called on `thread`.
  func begin(_ continuation: CheckedContinuation<Outcome, Never>, on thread: EventWork) {
    let isCancelled = state.withLock { state in
      state.continuation = continuation
      return state.isCancelled
    }
    let started = executor.clock.now()
    if isCancelled { return resume(.success(unstarted(.stopped, at: started))) }
    do throws(StartFailure) {
      try start(at: started, on: thread)
    } catch {
      switch error {
      case .order(let sentence): resume(.success(unstarted(.notStarted(sentence), at: started)))
      case .daemon(let failure): resume(.failure(failure))
      }
    }
  }

  /// Stops the process, or keeps it from being started.
  func cancel() {
    let id = state.withLock { state in
      state.isCancelled = true
      return state.watchID
    }
    if let id, case .success(let watcher) = Watcher.shared { watcher.stop(id) }
  }

  private func start(at started: Instant, on thread: EventWork) throws(StartFailure) {
    let watcher = try watcher()
    let account = try StartPlan.account(order.user)
    let place = try executor.reports.makePlace(owner: account)
    do throws(StartFailure) {
      let plan = try StartPlan(order, account: account, reportPath: place.path)
      let pipes = try OutputPipes()
      defer { pipes.closeWriteEnds() }
      let startedAt = Monotonic.now()
      let process: (pid: pid_t, pidfd: Int32)
      do throws(StartFailure) {
        process = try plan.start(output: pipes.standard.write, error: pipes.error.write)
      } catch {
        pipes.closeReadEnds()
        throw error
      }
      let output = CollectedOutput(
        order, standard: pipes.standard.read, error: pipes.error.read, sink: executor.output)
      watch(
        process,
        Begun(thread: thread, started: started, startedAt: startedAt, place: place, output: output), watcher)
    } catch {
      place.remove()
      throw error
    }
  }

  private func watch(_ process: (pid: pid_t, pidfd: Int32), _ begun: Begun, _ watcher: Watcher) {
    let id = watcher.watch(
      WatchOrder(
        pid: process.pid, pidfd: process.pidfd, runID: order.environment["BACKFILL_RUN_ID"],
        timeLimitAt: order.timeout.map { begun.startedAt + $0 }, killGrace: order.killGrace
      ) { end in self.take(end, begun) })
    let outputWatches = [begun.output.standard, begun.output.error].map { stream in
      begun.thread.watch(stream) { begun.output.readOnce(stream) }
    }
    begun.thread.watch(process.pidfd) {
      watcher.leaderEnded(id)
      return false
    }
    let isCancelled = state.withLock { state in
      state.watchID = id
      state.outputWatches = outputWatches
      return state.isCancelled
    }
    if isCancelled { watcher.stop(id) }
  }

  private func watcher() throws(StartFailure) -> Watcher {
    switch Watcher.shared {
    case .success(let watcher): return watcher
    case .failure(let problem): throw .daemon(ExecutorFailure("cannot watch processes: \(problem.words)"))
    }
  }

  /// The process and its session are gone: back to the thread of the execution.
  private func take(_ end: ProcessEnd, _ begun: Begun) {
    state.withLock { $0.watchID = nil }
    if EventThread.current === begun.thread {
      finish(begun, end)
    } else {
      begun.thread.add { self.finish(begun, end) }
    }
  }

  private func finish(_ begun: Begun, _ process: ProcessEnd) {
    for watch in state.withLock({ $0.outputWatches }) { begun.thread.unwatch(watch) }
    let output = begun.output.close()
    let report: ReportReading
    switch order.report {
    case .file: report = begun.place.read()
    case .output, .none: report = output.report ?? .notPromised
    }
    let execution = Execution(
      ending: ending(of: process), started: begun.started, duration: process.endedAt - begun.startedAt,
      usage: process.usage, outputTail: output.tail, report: report, standardOutput: output.kept)
    // What the step left there may be much: nobody waits for its removal.
    if !begun.place.removeEmpty() { executor.queue.async { begun.place.remove() } }
    resume(.success(execution))
  }

  private func ending(of process: ProcessEnd) -> Ending {
    switch process.stop {
    case nil: process.status
    case .asked: .stopped
    case .timeLimit: .timedOut(order.timeout ?? .zero)
    }
  }

  private func unstarted(_ ending: Ending, at started: Instant) -> Execution {
    Execution(
      ending: ending, started: started, duration: .zero,
      report: order.report == .none ? .notPromised : .missing("no report: the step was not started"))
  }

  private func resume(_ outcome: Outcome) {
    let continuation = state.withLock { state in
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(returning: outcome)
  }
}
