import BackfillCore

/// What came of running the command of a window's calendar.
enum CalendarOutcome: Sendable {
  /// It is written down.
  case changed(CommandCalendar)
  case unchanged
  /// The sentence with which the window pauses.
  case bad(String)
  /// The daemon stops.
  case stopped
}

// The child task that runs the command of a calendar.
extension Engine {
  /// More output is no calendar: 1 MiB.
  static let calendarLimit = 1 << 20
  static let calendarTimeout = Duration.seconds(60)

  func readCalendar(_ window: Window, before: CommandCalendar?) async {
    let command = window.dates.command ?? []
    do {
      let outcome = try await calendar(command, of: window, before: before)
      mailbox.post(.calendarRead(window: window.name, command: command, outcome))
    } catch {
      mailbox.post(.broken("\(window.name): \(error.message)"))
    }
  }

  private func calendar(
    _ command: [String], of window: Window, before: CommandCalendar?
  ) async throws(EngineFailure) -> CalendarOutcome {
    guard let execution = await runUntilStop(order(command, of: window)) else { return .stopped }
    let reading = ports.calendarReading(execution.standardOutput)
    let problem = CommandCalendar.problem(
      with: execution, reading, limit: Self.calendarLimit, of: window, before: before)
    guard problem == nil, case .dates(let dates) = reading else {
      return .bad(CommandCalendar.sentence(problem ?? "", of: window, before: before))
    }
    let calendar = CommandCalendar(command: command, dates: dates)
    guard calendar != before else { return .unchanged }
    try await gate.persist { () async throws(LedgerFailure) in try await ports.ledger.keep(calendar, of: window.name) }
    return .changed(calendar)
  }

  /// Runs `order` after READY; `nil` when the daemon stops first.
  private func runUntilStop(_ order: ExecutionOrder) async -> Execution? {
    guard await isReady() else { return nil }
    let orders = OrderRunner(executor: ports.executor, clock: ports.clock, mailbox: mailbox, abort: stop)
    let execution = await stop.cancelling { await orders.run(order) }
    return execution.ending == .stopped ? nil : execution
  }

  /// Waits for READY; `false` when the daemon stops first.
  private func isReady() async -> Bool {
    await withTaskGroup(of: Void.self) { race in
      race.addTask { await self.ports.untilReady() }
      race.addTask { await self.stop.wait() }
      await race.next()
      race.cancelAll()
    }
    return !stop.isGiven
  }

  private func order(_ command: [String], of window: Window) -> ExecutionOrder {
    let attempt = AttemptIdentity(
      window: window.name, date: window.dates.from, step: "calendar", attempt: 0, runID: Hexadecimal.random(), chunk: 0)
    var environment = window.run.environment
    environment["BACKFILL_WINDOW"] = window.name
    environment["BACKFILL_RUN_ID"] = attempt.runID
    return ExecutionOrder(
      attempt: attempt, command: command, environment: environment, inherited: ports.baseEnvironment(window.run.user),
      environmentFile: window.run.environmentFile, directory: window.run.directory, user: window.run.user,
      timeout: Self.calendarTimeout, report: .none, keptOutput: Self.calendarLimit)
  }
}
