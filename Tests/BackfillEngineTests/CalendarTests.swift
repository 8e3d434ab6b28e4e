import BackfillCore
import BackfillTestKit
import Testing

/// Windows that follow the calendar.
@Suite(.timeLimit(.minutes(1))) struct CalendarTests {
  private func window(_ daysBeforeToday: Int, schedule: Schedule? = nil, skipFirst: SkipFirst? = nil) -> Window {
    Window(
      name: "w",
      dates: DateSelection(
        from: day("2013-05-28"), to: day("2013-05-27"), skipFirst: skipFirst, daysBeforeToday: daysBeforeToday),
      schedule: schedule, steps: [Step(name: "load", command: ["load"], report: .none)], definitionHash: "d1")
  }

  private func run(_ operations: any Operations, _ to: String) async throws {
    _ = try await operations.run(
      RunRequest(window: "w", dates: [DateRange(from: day("2013-05-01"), to: day(to))]), by: "ann")
  }

  @Test(arguments: [(0, 5), (1, 4), (3, 2), (4, 1), (5, 0), (90, 0)])
  func `the last date is so many days before today`(days: Int, count: Int) async throws {
    let harness = try EngineHarness()  // 2013-06-01 12:00 UTC
    let total = try await harness.run(window(days)) { try await $0.status(of: "w").windows.first?.dates.total }
    #expect(total == count)
  }

  @Test func `at midnight the next date is there`() async throws {
    let harness = try EngineHarness()
    try await harness.run(window(1)) { operations in
      let total = try await operations.status(of: "w").windows.first?.dates.total
      #expect(total == 4)
      #expect(harness.clock.nextWake == Instant(iso: "2013-06-02T00:00:00Z"))
      harness.clock.move(to: Instant(seconds: 1_370_131_200))  // 2013-06-02T00:00:00Z
      await harness.notifier.wait { $0.contains("STATUS w: 0 of 5 done") }
      harness.clock.advance(by: .seconds(86_400))
      await harness.notifier.wait { $0.contains("STATUS w: 0 of 6 done") }
    }
  }

  @Test func `a complete window goes on with the new date at its next firing`() async throws {
    let harness = try EngineHarness()
    let nightly = Schedule(when: try CalendarExpression.parse("0 1 * * *"))
    try await harness.run(window(1, schedule: nightly)) { operations in
      try await run(operations, "2013-05-31")
      await harness.recorder.wait { $0.contains(.windowCompleted(window: "w")) }
      harness.clock.move(to: Instant(seconds: 1_370_134_800))  // 2013-06-02T01:00:00Z
      await harness.wait(forEndOf: "2013-06-01")
    }
    #expect(harness.executor.started.last == "2013-06-01 load")
  }

  @Test func `a date in flight at midnight ends before the new date comes`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        await gate.waitUntilCancelledOrOpen()
        return .passed(Report(attempted: 1, records: 1))
      })
    try await harness.run(window(1)) { operations in
      try await run(operations, "2013-05-28")
      await gate.waitUntilReached()
      harness.clock.move(to: Instant(seconds: 1_370_131_200))
      #expect(try await operations.status(of: "w").windows.first?.dates.total == 4)
      gate.open()
      await harness.notifier.wait { $0.contains("STATUS w: 1 of 5 done") }
    }
  }

  @Test func `new dates of the bootstrap are skipped as they come`() async throws {
    let harness = try EngineHarness()
    try await harness.run(window(1, skipFirst: .dates(5))) { operations in
      let skipped = try await operations.status(of: "w").windows.first?.dates.count(.skipped)
      #expect(skipped == 4)
      harness.clock.move(to: Instant(seconds: 1_370_131_200))
      // The window stays complete: nothing is told, so the test looks.
      while try await operations.status(of: "w").windows.first?.dates.count(.skipped) != 5 { await Task.yield() }
    }
  }

  @Test func `a reload of the same file on another day changes nothing`() async throws {
    let harness = try EngineHarness()
    let window = window(1)
    harness.files.write(window)
    let answer = try await harness.run(window) { operations in
      harness.clock.advance(by: .seconds(3 * 86_400))
      return try await operations.reload(by: "ann")
    }
    #expect(answer.windows.map(\.change) == [.unchanged])
  }
}
