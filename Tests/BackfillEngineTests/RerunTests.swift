import BackfillCore
import BackfillTestKit
import Testing

/// Steps that run again, and what becomes stale by it.
@Suite(.timeLimit(.minutes(1))) struct RerunTests {
  private let first = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
  private let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-03"))]

  /// features comes after load, and looks back at it by one date.
  private var window: Window {
    testWindow(
      to: "2013-02-03",
      steps: [
        Step(name: "load", command: ["load"]),
        Step(
          name: "features", command: ["f"], after: ["load"],
          lookbacks: [Lookback(step: "load", dates: 1, minimum: 1)]),
      ])
  }

  /// Runs every date, then does `work`; returns how the window stands at the end, and what ran since.
  private func afterDone(
    _ harness: EngineHarness, _ window: Window? = nil,
    _ work: @escaping @Sendable (any Operations) async throws -> Void
  ) async throws -> (view: WindowView, started: [String]) {
    let view = try await harness.run(window ?? self.window) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.recorder.wait { $0.contains { $0.kind == .windowCompleted } }
      try await work(operations)
      return try await operations.show("w", date: nil)
    }
    return (view, Array(harness.executor.started.dropFirst(6)))
  }

  private func states(_ view: WindowView) -> [String] {
    view.dates.map { "\($0.date) \($0.state) \($0.steps.map(\.state.rawValue).joined(separator: " "))" }
  }

  @Test func `the named step runs now, what was computed from it is stale and waits`() async throws {
    let harness = try EngineHarness()
    let (view, started) = try await afterDone(harness) { operations in
      let answer = try await operations.rerun(
        RerunRequest(window: "w", dates: first, step: "load", reason: "late data"), by: "ann")
      #expect(
        answer.message
          == "`load` of 2013-02-01 will run again now; 2 steps on 2 dates become stale and will wait for `run`")
      #expect(answer.count == RerunCount(dates: 2, steps: 3))
      await harness.waitForActivationEnds(2)
    }
    #expect(started == ["2013-02-01 load"])
    #expect(
      states(view) == ["2013-02-01 pending done stale", "2013-02-02 pending done stale", "2013-02-03 done done done"])
    #expect(view.dates.map(\.reason) == ["stale", "stale", nil])
    #expect(view.state == .active)
  }

  @Test func `with downstream everything stale runs as well, in its order`() async throws {
    let harness = try EngineHarness()
    let (view, started) = try await afterDone(harness) { operations in
      _ = try await operations.rerun(
        RerunRequest(window: "w", dates: first, step: "load", downstream: true), by: "ann")
      await harness.waitForActivationEnds(2)
    }
    #expect(started == ["2013-02-01 load", "2013-02-01 features", "2013-02-02 features"])
    #expect(dates(.done, of: view).count == 3)
  }

  @Test func `stale steps are run by hand as well`() async throws {
    let harness = try EngineHarness()
    let (view, started) = try await afterDone(harness) { operations in
      _ = try await operations.rerun(RerunRequest(window: "w", dates: all, step: "load"), by: "ann")
      await harness.waitForActivationEnds(2)
      let answer = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-02"), to: day("2013-02-02"))]), by: "ann")
      #expect(answer.refused == [])
      await harness.waitForActivationEnds(3)
    }
    #expect(
      started == ["2013-02-01 load", "2013-02-02 load", "2013-02-03 load", "2013-02-02 features"])
    #expect(dates(.done, of: view) == ["2013-02-02"])
  }

  @Test func `a look back at a step that is stale counts as not done`() async throws {
    let held = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.attempt == 2 { await held.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    _ = try await afterDone(harness) { operations in
      _ = try await operations.rerun(RerunRequest(window: "w", dates: first, step: "load"), by: "ann")
      await held.waitUntilReached()
      let second = [DateRange(from: day("2013-02-02"), to: day("2013-02-02"))]
      let answer = try await operations.run(RunRequest(window: "w", dates: second), by: "ann")
      #expect(
        answer.refused == [
          .init(date: day("2013-02-02"), why: "`features` needs `load` on 1 of the 1 dates before, 0 have it")
        ])
      held.open()
      await harness.waitForActivationEnds(2)
    }
  }

  @Test func `the schedule runs what is stale`() async throws {
    let harness = try EngineHarness(at: "2013-06-01T12:00:00Z")
    let expression = try CalendarExpression.parse("0 1 * * *")
    let scheduled = testWindow(
      to: "2013-02-03", schedule: Schedule(when: expression, chunk: 30), steps: window.steps)
    let (view, started) = try await afterDone(harness, scheduled) { operations in
      let answer = try await operations.rerun(RerunRequest(window: "w", dates: first, step: "load"), by: "ann")
      #expect(answer.message.hasSuffix("become stale and will wait for the schedule"))
      await harness.waitForActivationEnds(2)
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.waitForActivationEnds(3)
    }
    #expect(started == ["2013-02-01 load", "2013-02-01 features", "2013-02-02 features"])
    #expect(dates(.done, of: view).count == 3)
  }

  @Test func `a dry run says what would happen and changes nothing`() async throws {
    let harness = try EngineHarness()
    let (view, started) = try await afterDone(harness) { operations in
      let answer = try await operations.rerun(
        RerunRequest(window: "w", dates: first, step: "load", downstream: true, dryRun: true), by: "ann")
      #expect(
        answer.message
          == "`load` of 2013-02-01 would run again; 2 steps on 2 dates would become stale and run as well")
      #expect(answer.dates.map(\.date) == [day("2013-02-01"), day("2013-02-02")])
    }
    #expect(started == [])
    #expect(dates(.done, of: view).count == 3)
    #expect(view.state == .complete)
  }

  @Test func `another count than the one that was confirmed is refused`() async throws {
    let harness = try EngineHarness()
    let (view, _) = try await afterDone(harness) { operations in
      let sentence =
        "what was confirmed is 9 steps on 1 date, it is 3 steps on 2 dates now: look again; nothing was changed"
      await #expect(throws: Refusal(.refused, sentence)) {
        _ = try await operations.rerun(
          RerunRequest(window: "w", dates: first, step: "load", confirmed: RerunCount(dates: 1, steps: 9)), by: "ann")
      }
      // Nothing is locked behind it.
      _ = try await operations.rerun(
        RerunRequest(window: "w", dates: first, step: "features", confirmed: RerunCount(dates: 1, steps: 1)),
        by: "ann")
      await harness.waitForActivationEnds(2)
    }
    #expect(dates(.done, of: view).count == 3)
  }

  @Test func `a date in flight that depends on what is to run again refuses the rerun`() async throws {
    let held = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.date == day("2013-02-02") { await held.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    try await harness.run(window) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await held.waitUntilReached()
      let sentence =
        "2013-02-02 is being worked on and depends on what is to run again; wait for it to end "
        + "(`pause` starts no new date)"
      await #expect(throws: Refusal(.refused, sentence)) {
        _ = try await operations.rerun(RerunRequest(window: "w", dates: first, step: "load"), by: "ann")
      }
      held.open()
      await harness.waitForActivationEnds(1)
    }
  }

  @Test func `nothing changes while a rerun is worked out, and a ledger that cannot be read refuses it`() async throws {
    let reading = Gate()
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        guard case .standings = call else { return }
        await reading.waitUntilCancelledOrOpen()
        throw LedgerFailure("the disk is gone")
      })
    let (view, _) = try await afterDone(harness) { operations in
      let rerun = Task {
        try await operations.rerun(RerunRequest(window: "w", dates: first, step: "load"), by: "ann")
      }
      await reading.waitUntilReached()
      await #expect(throws: Refusal.self) {
        _ = try await operations.rerun(RerunRequest(window: "w", dates: first, step: "load"), by: "bob")
      }
      reading.open()
      await #expect(throws: Refusal(.unavailable, "nothing was changed: the disk is gone")) {
        _ = try await rerun.value
      }
    }
    #expect(dates(.done, of: view).count == 3)
  }

  @Test func `a named date that has nothing to run again is refused by itself`() async throws {
    let harness = try EngineHarness()
    try await harness.run(window) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await harness.waitForActivationEnds(1)
      let answer = try await operations.rerun(RerunRequest(window: "w", dates: all, dryRun: true), by: "ann")
      #expect(answer.dates.map(\.date) == [day("2013-02-01")])
      #expect(
        answer.refused == ["2013-02-02", "2013-02-03"].map { .init(date: day($0), why: "has no result yet: run it") })
    }
  }

  @Test func `an unknown step is refused with those that there are`() async throws {
    let harness = try EngineHarness()
    try await harness.run(window) { operations in
      let refusal = Refusal(.noSuchStep, "`w` has no step `nope`; there are `load`, `features`")
      await #expect(throws: refusal) {
        _ = try await operations.rerun(RerunRequest(window: "w", dates: first, step: "nope"), by: "ann")
      }
      await #expect(throws: refusal) {
        _ = try await operations.run(RunRequest(window: "w", dates: all, step: "nope"), by: "ann")
      }
    }
  }
}
