import BackfillCore

/// Runs one claimed attempt: its checks one by one, then its command, all under the attempt's run id.
struct StepRunner: Sendable {
  let orders: OrderRunner
  /// Given when nothing new is to start: after it, no command follows its checks.
  let stop: StopSignal
  let baseEnvironment: @Sendable (_ user: String?) -> [String: String]

  /// Runs `attempt` to its end. A check that fails is the end: the input is missing.
  func run(_ attempt: AttemptIdentity, of window: Window) async -> Execution {
    guard let step = window.step(attempt.step) else {
      return orders.notRun(.notStarted("the window has no step `\(attempt.step)` any more"))
    }
    let today = window.zone.localTime(at: orders.clock.now()).date
    let isSettled = window.isSettled(attempt.date, on: today)
    let environment = environment(attempt, of: window, isSettled: isSettled)
    let placeholders = Placeholders(window: window.name, date: attempt.date, step: step.name)
    func order(_ command: [String], _ timeout: Duration?, _ report: ReportSource) -> ExecutionOrder {
      ExecutionOrder(
        attempt: attempt, command: command.map(placeholders.fill), environment: environment,
        inherited: baseEnvironment(window.run.user), environmentFile: window.run.environmentFile,
        directory: window.run.directory, user: window.run.user, timeout: timeout, report: report)
    }
    var done: [Execution] = []
    for (kind, check) in step.checks(isSettled: isSettled) {
      let order = order(check.command, check.timeout, .none)
      let execution = await orders.run(order)
      done.append(execution)
      if execution.ending == .stopped || (execution.ending == .exited(0) && stop.isGiven) {
        return orders.notRun(.stopped).after(done)
      }
      guard execution.ending == .exited(0) else {
        let failure = CheckFailure(kind, of: step.name, command: order.command, ending: execution.ending)
        return .inputMissing(failure, done)
      }
    }
    return await orders.run(order(step.command, step.timeout, step.report)).after(done)
  }

  /// Source: DESIGN, "What a step is given".
  private func environment(
    _ attempt: AttemptIdentity, of window: Window, isSettled: Bool
  ) -> [String: String] {
    var environment = window.run.environment
    environment["BACKFILL_WINDOW"] = attempt.window
    environment["BACKFILL_DATE"] = attempt.date.description
    environment["BACKFILL_STEP"] = attempt.step
    environment["BACKFILL_ATTEMPT"] = String(attempt.attempt)
    environment["BACKFILL_RUN_ID"] = attempt.runID
    environment["BACKFILL_CHUNK"] = String(attempt.chunk)
    environment["BACKFILL_MODE"] = isSettled ? "backfill" : "live"
    return environment
  }
}
