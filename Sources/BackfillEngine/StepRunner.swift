import BackfillCore

/// Runs one claimed attempt: puts its order together and hands it to the executor.
struct StepRunner: Sendable {
  /// The wait before a start is tried again when the daemon could not start a process at all.
  static let pause = Duration.seconds(5)

  let executor: any Executor
  let clock: any Clock
  let mailbox: Mailbox
  /// Given when running steps are to be stopped.
  let abort: StopSignal
  let baseEnvironment: @Sendable (_ user: String?) -> [String: String]

  /// Runs `attempt` to its end; `abort` stops it.
  func run(_ attempt: AttemptIdentity, of window: Window) async -> Execution {
    guard let step = window.step(attempt.step) else {
      return notRun(.notStarted("the window has no step `\(attempt.step)` any more"))
    }
    let order = order(for: attempt, step, of: window)
    var hasFailed = false
    while !abort.isGiven {
      do {
        let execution = try await runUntilAbort(order)
        if hasFailed { mailbox.post(.executorWorks) }
        return execution
      } catch {
        hasFailed = true
        mailbox.post(.executorFailed(error.message))
        if await abort.wait(atMost: Self.pause, clock) { break }
      }
    }
    return notRun(.stopped)
  }

  /// Runs `order` in a task of its own, which is cancelled when `abort` is given: the executor stops the process then.
  private func runUntilAbort(_ order: ExecutionOrder) async throws(ExecutorFailure) -> Execution {
    let result = await withTaskGroup(of: Result<Execution, ExecutorFailure>?.self) { race in
      race.addTask {
        do throws(ExecutorFailure) {
          return .success(try await executor.run(order))
        } catch {
          return .failure(error)
        }
      }
      race.addTask {
        await abort.wait()
        return nil
      }
      var result = await race.next() ?? nil
      race.cancelAll()
      while result == nil, let next = await race.next() { result = next }
      return result
    }
    return try result?.get() ?? notRun(.stopped)
  }

  private func order(for attempt: AttemptIdentity, _ step: Step, of window: Window) -> ExecutionOrder {
    let placeholders = Placeholders(window: window.name, date: attempt.date, step: step.name)
    return ExecutionOrder(
      attempt: attempt, command: step.command.map(placeholders.fill), environment: environment(attempt, of: window),
      inherited: baseEnvironment(window.run.user), environmentFile: window.run.environmentFile,
      directory: window.run.directory, user: window.run.user,
      timeout: step.timeout, report: step.report)
  }

  /// Source: DESIGN, "What a step is given".
  private func environment(_ attempt: AttemptIdentity, of window: Window) -> [String: String] {
    var environment = window.run.environment
    environment["BACKFILL_WINDOW"] = attempt.window
    environment["BACKFILL_DATE"] = attempt.date.description
    environment["BACKFILL_STEP"] = attempt.step
    environment["BACKFILL_ATTEMPT"] = String(attempt.attempt)
    environment["BACKFILL_RUN_ID"] = attempt.runID
    environment["BACKFILL_CHUNK"] = String(attempt.chunk)
    environment["BACKFILL_MODE"] = mode(of: attempt.date, in: window)
    return environment
  }

  private func mode(of date: CivilDate, in window: Window) -> String {
    guard let days = window.settledAfterDays else { return "live" }
    let today = window.zone.localTime(at: clock.now()).date
    return date <= today.adding(days: -days) ? "backfill" : "live"
  }

  private func notRun(_ ending: Ending) -> Execution {
    Execution(ending: ending, started: clock.now(), duration: .zero, report: .notPromised)
  }
}
