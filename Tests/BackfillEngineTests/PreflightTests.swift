import BackfillCore
import BackfillTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct PreflightTests {
  private static let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]
  private static let sentence = "`preflight` failed: `space w 2013-02-01 2013-02-05` exited with 1"

  private func window(to last: String = "2013-02-05", chunk: Int? = nil) throws -> Window {
    let schedule = Schedule(when: try CalendarExpression.parse("0 1 * * *"), chunk: chunk)
    let check = Check(command: ["space", "{window}", "{from}", "{to}"], timeout: .seconds(600))
    return testWindow(to: last, schedule: schedule, preflight: [check])
  }

  private func preflights(_ executor: ScriptedExecutor) -> [String] {
    executor.commands.filter { $0.hasPrefix("space") }
  }

  @Test func `runs once for each chunk, before its first date`() async throws {
    let harness = try EngineHarness()
    try await harness.run(try window(chunk: 2)) { operations in
      for chunk in 1...2 {
        _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
        await harness.waitForActivationEnds(chunk)
      }
    }
    #expect(
      harness.executor.commands == [
        "space w 2013-02-01 2013-02-02", "load", "load", "space w 2013-02-03 2013-02-04", "load", "load",
      ])
    let passed = harness.recorder.events.filter { $0.kind == .preflightPassed }
    #expect(passed == [.preflightPassed(window: "w", chunk: 1), .preflightPassed(window: "w", chunk: 2)])
  }

  @Test func `runs for what a person asks for too`() async throws {
    let harness = try EngineHarness()
    try await harness.run(try window()) { operations in
      let two = [DateRange(from: day("2013-02-02"), to: day("2013-02-03"))]
      _ = try await operations.run(RunRequest(window: "w", dates: two), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    #expect(harness.executor.commands == ["space w 2013-02-02 2013-02-03", "load", "load"])
  }

  @Test func `its process belongs to the chunk and to no date`() async throws {
    let harness = try EngineHarness()
    try await harness.run(try window()) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    let order = try #require(harness.executor.orders.first)
    #expect(order.timeout == .seconds(600))
    #expect(order.report == .none)
    #expect(
      order.environment == [
        "BACKFILL_WINDOW": "w", "BACKFILL_CHUNK": "1", "BACKFILL_RUN_ID": order.attempt.runID,
      ])
    #expect(order.attempt.runID.count == 32)
  }

  @Test func `one that fails pauses the window with its sentence, and no date starts`() async throws {
    let harness = try EngineHarness(.ending(["space w 2013-02-01 2013-02-05": .exited(1)]))
    let status = try await harness.run(try window()) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      try await harness.waitForPause(operations)
      return try await operations.status(of: "w")
    }
    #expect(harness.executor.commands == ["space w 2013-02-01 2013-02-05"])
    #expect(status.windows.first?.state == .paused)
    #expect(status.windows.first?.reason == Self.sentence)
    #expect(status.windows.first?.chunk?.id == 1)
    #expect(
      harness.recorder.events.contains(.preflightFailed(window: "w", chunk: 1, reason: Self.sentence)))
  }

  @Test func `after resume the same chunk goes on with its preflight`() async throws {
    let isWell = Flag()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        order.command[0] == "space" && !isWell.isSet
          ? .ended(.timedOut(.seconds(600))) : .passed(Report(attempted: 1, records: 1))
      })
    let view = try await harness.run(try window()) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      try await harness.waitForPause(operations)
      let paused = try await operations.show("w", date: nil)
      #expect(
        paused.reason
          == "`preflight` failed: `space w 2013-02-01 2013-02-05` was stopped after its time limit of 10m")
      isWell.set()
      _ = try await operations.resume(ResumeRequest(window: "w"), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view).count == 5)
    let first = harness.executor.orders.prefix(2)
    #expect(first.map(\.command[0]) == ["space", "space"])
    #expect(Set(first.map(\.attempt.runID)).count == 1)
  }

  @Test func `one that fails halts what was asked for by hand`() async throws {
    let harness = try EngineHarness(.ending(["space w 2013-02-01 2013-02-05": .exited(1)]))
    try await harness.run(try window()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: Self.all), by: "ann")
      await harness.waitForActivationEnds(1)
      #expect(try await operations.status(of: "w").windows.first?.chunk == nil)
    }
    #expect(harness.executor.commands == ["space w 2013-02-01 2013-02-05"])
  }

  @Test func `a chunk that goes on after a restart does not run it again`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.command == ["load"] { await gate.waitUntilCancelledOrOpen() }
        return Task.isCancelled ? .ended(.stopped) : .passed(Report(attempted: 1, records: 1))
      })
    let window = try window(chunk: 2)
    try await harness.run(window, settings: DaemonSettings(stopGrace: .zero)) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await gate.waitUntilReached()
    }
    #expect(preflights(harness.executor) == ["space w 2013-02-01 2013-02-02"])
    let next = ScriptedExecutor.passing()
    try await harness.run(window, executor: next) { _ in await harness.waitForActivationEnds(1) }
    #expect(next.commands == ["load", "load"])
  }

  @Test func `one that was cut off runs again after the restart, when what is left of it is gone`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        await gate.waitUntilCancelledOrOpen()
        return .ended(.stopped)
      })
    let window = try window(chunk: 1)
    try await harness.run(window, settings: DaemonSettings(stopGrace: .zero)) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await gate.waitUntilReached()
    }
    #expect(harness.executor.commands == ["space w 2013-02-01 2013-02-01"])
    let next = ScriptedExecutor.passing()
    try await harness.run(window, executor: next) { _ in await harness.waitForActivationEnds(1) }
    #expect(next.commands == ["space w 2013-02-01 2013-02-01", "load"])
    let runID = try #require(harness.executor.orders.first?.attempt.runID)
    #expect(next.leftovers == [[runID]])
  }

  @Test func `while it runs no date of its window starts, and the loop answers`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.command[0] == "space" { await gate.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    let other = testWindow("other", to: "2013-02-01")
    try await harness.run(try window(), other) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await gate.waitUntilReached()
      _ = try await operations.run(RunRequest(window: "w", dates: [Self.all[0]]), by: "ann")
      let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
      _ = try await operations.run(RunRequest(window: "other", dates: one), by: "ann")
      await harness.wait(forEndOf: "2013-02-01", in: "other")
      #expect(harness.executor.orders.map(\.attempt.window) == ["w", "other"])
      #expect(try await operations.status(of: "w").windows.first?.running == [])
      gate.open()
      await harness.waitForActivationEnds(3)
    }
    #expect(harness.notifier.heard.contains { $0.contains("w: 0 of 5 done, preflight running") })
  }

  @Test func `a reload does not wait for it, its chunk goes on with the new definition`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.command[0] == "space" { await gate.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    let longer = try window(to: "2013-02-06")
    harness.files.write(longer)
    try await harness.run(try window()) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await gate.waitUntilReached()
      let answer = try await operations.reload(by: "ann")
      #expect(answer.windows.map(\.note) == ["takes effect when its preflight, which runs, has ended"])
      gate.open()
      await harness.waitForActivationEnds(1)
    }
    #expect(harness.executor.started.suffix(2) == ["2013-02-05 load", "2013-02-06 load"])
    #expect(preflights(harness.executor).count == 1)
  }
}
