import BackfillCore
import BackfillTestKit
import Testing

/// Dates that were done before backfilld knew them, and changes of many dates.
@Suite(.timeLimit(.minutes(1))) struct ImportTests {
  private let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]

  @Test func `imported dates are done, the rest is not, and the ones known before are left alone`() async throws {
    let harness = try EngineHarness()
    let view = try await harness.run(testWindow(skipFirst: .dates(1))) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-02"), to: day("2013-02-02"))]), by: "ann")
      await harness.waitForActivationEnds(1)
      let answer = try await operations.importDone(
        ImportRequest(window: "w", dates: ["2013-02-01", "2013-02-02", "2013-02-03"].map(day)), by: "ann")
      #expect(
        answer
          == ImportAnswer(
            message: "1 date recorded as done", imported: [day("2013-02-03")],
            known: [
              .init(date: day("2013-02-01"), why: "is skipped (bootstrap (skip_first))"),
              .init(date: day("2013-02-02"), why: "is done"),
            ]))
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view) == ["2013-02-02", "2013-02-03"])
    #expect(view.dates[2].reason == "imported")
    #expect(view.changes?.map(\.action) == ["run", "import"])
  }

  @Test func `a date that is not covered keeps all from being recorded`() async throws {
    let harness = try EngineHarness()
    let view = try await harness.run(testWindow()) { operations in
      let answer = try await operations.importDone(
        ImportRequest(window: "w", dates: ["2013-02-01", "2013-03-01"].map(day)), by: "ann")
      #expect(
        answer
          == ImportAnswer(
            message: "nothing imported: `w` does not cover 1 date of them", uncovered: [day("2013-03-01")]))
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view) == [])
  }

  @Test func `a dry run says what would be recorded`() async throws {
    let harness = try EngineHarness()
    let view = try await harness.run(testWindow()) { operations in
      let answer = try await operations.importDone(
        ImportRequest(window: "w", dates: [day("2013-02-01")], dryRun: true), by: "ann")
      #expect(
        answer == ImportAnswer(message: "1 date would be recorded as done", imported: [day("2013-02-01")]))
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view) == [])
  }

  @Test func `a window whose dates are all imported is complete`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow()) { operations in
      _ = try await operations.importDone(
        ImportRequest(window: "w", dates: (1...5).map { day("2013-02-0\($0)") }), by: "ann")
      await harness.recorder.wait { $0.contains { $0.kind == .windowCompleted } }
    }
    #expect(harness.executor.started == [])
  }

  @Test func `an imported date counts for those that look back at it`() async throws {
    let harness = try EngineHarness()
    let steps = [
      Step(name: "load", command: ["load"]),
      Step(name: "sum", command: ["s"], lookbacks: [Lookback(step: "load", dates: 2, minimum: 2)]),
    ]
    let late = [DateRange(from: day("2013-02-03"), to: day("2013-02-03"))]
    let view = try await harness.run(testWindow(steps: steps)) { operations in
      _ = try await operations.importDone(
        ImportRequest(window: "w", dates: ["2013-02-01", "2013-02-02"].map(day)), by: "ann")
      _ = try await operations.run(RunRequest(window: "w", dates: late), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view) == ["2013-02-01", "2013-02-02", "2013-02-03"])
  }

  @Test func `a range is changed date by date, and can be read back with who and why`() async throws {
    let running = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.date == day("2013-02-02") { await running.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    let view = try await harness.run(testWindow()) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-02"))]), by: "ann")
      await harness.wait(forEndOf: "2013-02-01")
      await running.waitUntilReached()
      let answer = try await operations.change(
        ChangeRequest(window: "w", action: .skip, dates: all, reason: "a strike"), by: "bob")
      #expect(answer.message == "3 dates skipped")
      #expect(
        answer.refused == [
          .init(date: day("2013-02-01"), why: "is done"),
          .init(date: day("2013-02-02"), why: "is being worked on; wait for it to end"),
        ])
      let one = try await operations.show("w", date: day("2013-02-04"))
      #expect(one.decisions?.map { "\($0.action) \($0.by) \($0.reason ?? "-")" } == ["skip bob a strike"])
      running.open()
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    let skip = try #require(view.changes?.first { $0.action != "run" })
    #expect([skip.from, skip.to] == [day("2013-02-03"), day("2013-02-05")])
    #expect("\(skip.action) \(skip.by) \(skip.reason ?? "-") \(skip.dates)" == "skip bob a strike 3")
  }

  @Test func `a range of which every date is being worked on changes nothing`() async throws {
    let running = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        await running.waitUntilCancelledOrOpen()
        return .passed(Report(attempted: 1, records: 1))
      })
    try await harness.run(testWindow(to: "2013-02-01")) { operations in
      let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await running.waitUntilReached()
      let answer = try await operations.change(ChangeRequest(window: "w", action: .retry, dates: one), by: "bob")
      #expect(answer.message == "nothing was changed")
      #expect(answer.refused.map(\.why) == ["is being worked on; wait for it to end"])
      running.open()
      await harness.waitForActivationEnds(1)
    }
  }
}
