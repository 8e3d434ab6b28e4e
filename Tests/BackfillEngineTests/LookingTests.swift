import BackfillCore
import BackfillTestKit
import Testing

/// What persons ask for that changes nothing.
@Suite(.timeLimit(.minutes(1))) struct LookingTests {
  private let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]

  private func nightly() throws -> Schedule {
    Schedule(when: try CalendarExpression.parse("0 1 * * *"), chunk: 2)
  }

  @Test func `a plan is made from the ledger and the schedule`() async throws {
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        Execution(
          ending: .exited(0), started: Instant(seconds: 1_370_087_940), duration: .seconds(60),
          report: .report(Report(attempted: 1, records: 1)))
      })
    let window = testWindow(schedule: try nightly(), locks: ["warehouse"])
    let other = testWindow("other", locks: ["warehouse", "own"])
    let plan = try await harness.run(window, other) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.plan(PlanRequest(window: "w"))
    }
    #expect(plan.dates.map(\.why) == [.done, .pending, .pending, .pending, .pending])
    #expect(plan.dates.map(\.night) == [nil, 1, 1, 2, 2])
    #expect(plan.samples == 1)
    #expect(plan.dateMilliseconds == 60_000)
    #expect(plan.finish == Instant(iso: "2013-06-03T01:02:00Z"))
    #expect(plan.locks == [PlanLock(lock: "warehouse", windows: ["other"])])
    #expect(plan.nights.map(\.firing.description) == ["2013-06-02T01:00:00Z", "2013-06-03T01:00:00Z"])
  }

  @Test func `a plan of an unknown window is refused`() async throws {
    let harness = try EngineHarness()
    _ = try await harness.run(testWindow()) { operations in
      await #expect(throws: Refusal(.noSuchWindow, "no window `x`; there is w")) {
        _ = try await operations.plan(PlanRequest(window: "x"))
      }
    }
  }

  @Test func `a dry run says what would run, and starts and writes nothing`() async throws {
    let harness = try EngineHarness()
    let steps = [Step(name: "load", command: ["load"]), Step(name: "sum", command: ["s"], after: ["load"])]
    let answer = try await harness.run(testWindow(steps: steps)) { operations in
      _ = try await operations.run(
        RunRequest(
          window: "w", dates: [DateRange(from: day("2013-02-03"), to: day("2013-02-03"))], step: "load"), by: "ann")
      await harness.waitForActivationEnds(1)
      _ = try await operations.change(
        ChangeRequest(
          window: "w", action: .skip, dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))],
          reason: "gone"), by: "ann")
      return try await operations.run(RunRequest(window: "w", dates: all, isDryRun: true), by: "ann")
    }
    #expect(
      answer.message == """
        4 dates of w would run; nothing was started
          2013-02-02: load, sum
          2013-02-03: sum
          2013-02-04..2013-02-05: load, sum
        """)
    #expect(answer.changed == [])
    #expect(answer.refused == [.init(date: day("2013-02-01"), why: "is skipped (gone): retry it")])
    #expect(harness.executor.started == ["2013-02-03 load"])
  }
}
