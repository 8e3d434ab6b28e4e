import BackfillCore
import BackfillTestKit
import Testing

/// `stop_by` and what dates are expected to take, over a real ledger.
@Suite(.timeLimit(.minutes(1))) struct StopByTests {
  private func schedule(stopBy: Int) throws -> Schedule {
    Schedule(when: try CalendarExpression.parse("0 1 * * *"), stopBy: stopBy)
  }

  /// Each date takes twelve minutes.
  private func slow(_ clock: ManualClock) -> ScriptedExecutor {
    ScriptedExecutor { _ in
      let started = clock.now()
      clock.advance(by: .seconds(720))
      return Execution(
        ending: .exited(0), started: started, duration: .seconds(720),
        report: .report(Report(attempted: 1, records: 1)))
    }
  }

  private func ends(_ harness: EngineHarness) -> [String] {
    harness.recorder.events.compactMap { event in
      if case .activationEnded(_, _, let dates, let reason) = event { "\(dates) \(reason)" } else { nil }
    }
  }

  private let firing = Instant(seconds: 1_370_134_800)  // 2013-06-02T01:00:00Z
  private let tooLate = "the next date would not end before 02:10: 90 % of the dates so far took up to 12m"

  @Test func `no date starts that is not expected to end before stop_by`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(to: "2013-02-20", schedule: try schedule(stopBy: 2 * 3600 + 600))
    try await harness.run(window, executor: slow(harness.clock)) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing)
      await harness.waitForActivationEnds(1)
    }
    // 01:00, 01:12, 01:24, 01:36, 01:48; at 02:00 ten minutes are left.
    #expect(ends(harness) == ["5 \(tooLate)"])
  }

  @Test func `what dates took is known after a restart, and dates that a person names start all the same`() async throws
  {
    let harness = try EngineHarness()
    let window = testWindow(to: "2013-02-20", schedule: try schedule(stopBy: 2 * 3600 + 600))
    try await harness.run(window, executor: slow(harness.clock)) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing)
      await harness.waitForActivationEnds(1)
    }
    // The next firing is slept through: it opens at 02:05.
    harness.clock.move(to: firing + .seconds(86_400 + 65 * 60))
    try await harness.run(window) { operations in
      await harness.waitForActivationEnds(2)
      let one = [DateRange(from: day("2013-02-09"), to: day("2013-02-09"))]
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await harness.wait(forEndOf: "2013-02-09")
      await harness.waitForActivationEnds(3)
    }
    #expect(ends(harness) == ["5 \(tooLate)", "0 \(tooLate)", "1 no more dates"])
    #expect(harness.executor.started == ["2013-02-09 load"])
  }

  @Test func `a date that a stop interrupted does not start again when there is no time for it`() async throws {
    let harness = try EngineHarness()
    let gate = Gate()
    let passing = slow(harness.clock)
    let executor = ScriptedExecutor { order in
      guard order.attempt.date == day("2013-02-06") else {
        do { return try await passing.run(order) } catch { return .ended(.stopped) }
      }
      await gate.waitUntilCancelledOrOpen()
      return .ended(.stopped)
    }
    let window = testWindow(to: "2013-02-20", schedule: try schedule(stopBy: 4 * 3600))
    try await harness.run(window, settings: DaemonSettings(stopGrace: .zero), executor: executor) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing)
      await gate.waitUntilReached()
    }
    harness.clock.move(to: firing + .seconds(175 * 60))
    try await harness.run(window) { _ in await harness.waitForActivationEnds(1) }
    #expect(harness.executor.started == [])
    #expect(
      ends(harness) == ["6 the next date would not end before 04:00: 90 % of the dates so far took up to 12m"])
  }

  @Test func `a reload that brings stop_by brings what the dates took before`() async throws {
    let harness = try EngineHarness()
    let before = testWindow(
      to: "2013-02-20", schedule: Schedule(when: try CalendarExpression.parse("0 1 * * *"), chunk: 6))
    let after = testWindow(to: "2013-02-20", schedule: try schedule(stopBy: 3600 + 660), definition: "d2")
    harness.files.write(after)
    try await harness.run(before, executor: slow(harness.clock)) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing)
      await harness.waitForActivationEnds(1)
      _ = try await operations.reload(by: "ann")
      harness.clock.move(to: firing + .seconds(86_400))
      await harness.waitForActivationEnds(2)
    }
    #expect(
      ends(harness) == [
        "6 its dates are worked off",
        "0 the next date would not end before 01:11: 90 % of the dates so far took up to 12m",
      ])
  }
}
