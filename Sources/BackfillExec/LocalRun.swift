import BackfillCore
import CPosix
import Dispatch
import Glibc
import Synchronization

/// One execution on its way from the order to the `Execution`.
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
    var processEnd: ProcessEnd?
    var outputEnd: OutputEnd?
  }

  /// What is known once the process runs.
  private struct Begun: Sendable {
    let started: Instant
    let startedAt: Monotonic
    let place: ReportPlace
    let reader: OutputReader
    let id: UInt64
  }

  init(_ order: ExecutionOrder, executor: LocalExecutor) {
    self.order = order
    self.executor = executor
  }

  /// Starts the process; `continuation` is resumed once, when everything has ended.
  func begin(_ continuation: CheckedContinuation<Outcome, Never>) {
    let isCancelled = state.withLock { state in
      state.continuation = continuation
      return state.isCancelled
    }
    let started = executor.clock.now()
    if isCancelled { return resume(.success(unstarted(.stopped, at: started))) }
    do throws(StartFailure) {
      try start(at: started)
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

  private func start(at started: Instant) throws(StartFailure) {
    let watcher = try available(Watcher.shared, "cannot watch processes")
    let reader = try available(executor.output, "cannot read output")
    let account = try StartPlan.account(order.user)
    let place = try executor.reports.makePlace(owner: account)
    do throws(StartFailure) {
      let plan = try StartPlan(order, account: account, reportPath: place.path)
      let pipes = try OutputPipes()
      let begun = Begun(
        started: started, startedAt: .now(), place: place, reader: reader, id: watcher.newID())
      try start(plan, pipes, begun, watcher)
    } catch {
      place.remove()
      throw error
    }
  }

  private func start(
    _ plan: StartPlan, _ pipes: OutputPipes, _ begun: Begun, _ watcher: Watcher
  ) throws(StartFailure) {
    defer { pipes.closeWriteEnds() }
    let output = OutputOrder(
      id: begun.id, attempt: order.attempt, standard: pipes.standard.read, error: pipes.error.read,
      findsReport: order.report == .output, keptOutput: order.keptOutput
    ) { end in self.take(begun) { $0.outputEnd = end } }
    if case .failure(let problem) = begun.reader.collect(output) {
      pipes.closeReadEnds()
      throw .daemon(ExecutorFailure("cannot read output: \(problem.words)"))
    }
    // From here the reader owns the read ends: without a process they end by themselves, and nobody waits for them.
    let process = try plan.start(output: pipes.standard.write, error: pipes.error.write)
    let watch = WatchOrder(
      id: begun.id, pid: process.pid, pidfd: process.pidfd, runID: order.environment["BACKFILL_RUN_ID"],
      timeLimitAt: order.timeout.map { begun.startedAt + $0 }, killGrace: order.killGrace
    ) { end in
      let isRead = self.take(begun) { $0.processEnd = end }
      if !isRead { begun.reader.close(begun.id) }
    }
    if case .failure(let problem) = watcher.watch(watch) {
      kill(-process.pid, SIGKILL)
      _ = cposix_reap(process.pid)
      close(process.pidfd)
      throw .daemon(ExecutorFailure("cannot watch a process: \(problem.words)"))
    }
    let isCancelled = state.withLock { state in
      state.watchID = begun.id
      return state.isCancelled
    }
    if isCancelled { watcher.stop(begun.id) }
  }

  private func available<Value>(
    _ value: Result<Value, SystemError>, _ what: String
  ) throws(StartFailure) -> Value {
    switch value {
    case .success(let value): return value
    case .failure(let problem): throw .daemon(ExecutorFailure("\(what): \(problem.words)"))
    }
  }

  /// Notes that the process or its output has ended; after both, the report is read and the caller goes on.
  ///
  /// Returns whether both have.
  @discardableResult
  private func take(_ begun: Begun, _ note: (inout State) -> Void) -> Bool {
    let ends = state.withLock { state -> (ProcessEnd, OutputEnd)? in
      note(&state)
      guard let process = state.processEnd, let output = state.outputEnd else { return nil }
      state.watchID = nil
      return (process, output)
    }
    guard let (process, output) = ends else { return false }
    switch order.report {
    case .file:
      executor.queue.async {
        let report = begun.place.read()
        begun.place.remove()
        self.end(begun, process, output, report)
      }
    case .output, .none:
      // Nobody waits for a place where nothing is looked for.
      end(begun, process, output, output.report ?? .notPromised)
      if !begun.place.removeEmpty() { executor.queue.async { begun.place.remove() } }
    }
    return true
  }

  private func end(_ begun: Begun, _ process: ProcessEnd, _ output: OutputEnd, _ report: ReportReading) {
    let execution = Execution(
      ending: ending(of: process), started: begun.started, duration: process.endedAt - begun.startedAt,
      usage: process.usage, outputTail: output.tail, report: report, standardOutput: output.kept)
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
