import BackfillCore
import BackfillTestKit
import Testing

/// Firings, ends and clocks.
@Suite(.timeLimit(.minutes(1))) struct TimeTests {
  private func nightly(chunk: Int? = 1, stopBy: Int? = nil, when: String = "0 1 * * *") throws -> Schedule {
    Schedule(when: try CalendarExpression.parse(when), chunk: chunk, stopBy: stopBy)
  }

  @Test func `a chunk that is started now ends by stop_by too`() async throws {
    let harness = try EngineHarness(at: "2013-06-01T02:00:00Z")
    let gate = Gate()
    let slow = ScriptedExecutor { _ in
      await gate.waitUntilCancelledOrOpen()
      return .passed(Report(attempted: 1, records: 1))
    }
    try await harness.run(testWindow(schedule: try nightly(chunk: nil, stopBy: 6 * 3600)), executor: slow) {
      operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await gate.waitUntilReached()
      harness.clock.advance(by: .seconds(5 * 3600))
      gate.open()
      await harness.waitForActivationEnds(1)
    }
    #expect(slow.started == ["2013-02-01 load"])
  }

  @Test func `a complete window that gets new dates waits for its next firing`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow(to: "2013-02-01", schedule: try nightly())) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.recorder.wait { $0.contains(.windowCompleted(window: "w")) }
      harness.clock.advance(by: .seconds(30 * 86_400))
      _ = try await operations.status(of: nil)
    }
    try await harness.run(testWindow(to: "2013-02-02", schedule: try nightly())) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.advance(by: .seconds(86_400))
      await harness.waitForActivationEnds(2)
    }
    let opened = harness.recorder.events.compactMap { event in
      if case .activationOpened(let activation) = event { activation.nominal } else { nil }
    }
    #expect(opened == [Instant(iso: "2013-06-01T12:00:00Z"), Instant(iso: "2013-07-02T01:00:00Z")])
  }

  @Test func `a clock that was wrong by a year and is put right fires the next night`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow(schedule: try nightly())) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.advance(by: .seconds(365 * 86_400))
      await harness.waitForActivationEnds(1)
      harness.clock.move(to: Instant(seconds: 1_370_090_000))  // 2013-06-01T12:33:20Z
      _ = try await operations.status(of: nil)
      harness.clock.move(to: Instant(seconds: 1_370_134_800))  // 2013-06-02T01:00:00Z
      await harness.waitForActivationEnds(2)
    }
    #expect(harness.executor.started == ["2013-02-01 load", "2013-02-02 load"])
  }

  @Test func `a clock that was wrong by a year fires the next night after a restart too`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow(schedule: try nightly())) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.advance(by: .seconds(365 * 86_400))
      await harness.waitForActivationEnds(1)
    }
    harness.clock.move(to: Instant(seconds: 1_370_090_000))
    try await harness.run(testWindow(schedule: try nightly())) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: Instant(seconds: 1_370_134_800))
      await harness.waitForActivationEnds(2)
    }
    #expect(harness.executor.started == ["2013-02-01 load", "2013-02-02 load"])
  }

  @Test func `an activation whose time is over ends while a later one works`() async throws {
    let harness = try EngineHarness()
    let gate = Gate()
    let slow = ScriptedExecutor { order in
      if order.attempt.date == day("2013-02-01") { await gate.waitUntilCancelledOrOpen() }
      return .passed(Report(attempted: 1, records: 1))
    }
    let ends = try await harness.run(testWindow(schedule: try nightly(when: "* * * * *")), executor: slow) {
      operations in
      _ = try await operations.status(of: nil)
      harness.clock.advance(by: .seconds(60))
      await gate.waitUntilReached()
      for _ in 1...3 {
        harness.clock.advance(by: .seconds(60))
        let status = try await operations.status(of: "w")
        #expect(status.windows.count == 1)
      }
      await harness.waitForActivationEnds(1)
      let ends = harness.recorder.events.compactMap { event in
        if case .activationEnded(_, _, let dates, let reason) = event { "\(dates) \(reason)" } else { nil }
      }
      gate.open()
      return ends
    }
    #expect(ends.first == "0 its time is over")
  }

  @Test func `a date that waits for a process does not start when its window was paused meanwhile`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.window == "a" { await gate.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
    let state = try await harness.run(
      testWindow("a"), testWindow("b"), settings: DaemonSettings(maxProcesses: 1)
    ) { operations in
      _ = try await operations.run(RunRequest(window: "a", dates: one), by: "ann")
      await gate.waitUntilReached()
      _ = try await operations.resume(ResumeRequest(window: "b", now: true), by: "ann")
      await harness.recorder.wait {
        $0.contains { if case .activationOpened(let it) = $0 { it.window == "b" } else { false } }
      }
      _ = try await operations.pause(PauseRequest(window: "b"), by: "ann")
      gate.open()
      await harness.wait(forEndOf: "2013-02-01", in: "a")
      _ = try await operations.run(
        RunRequest(window: "a", dates: [DateRange(from: day("2013-02-02"), to: day("2013-02-02"))]), by: "ann")
      await harness.wait(forEndOf: "2013-02-02", in: "a")
      return try await operations.show("b", date: day("2013-02-01")).dates.first?.state
    }
    #expect(state == .pending)
    #expect(harness.executor.orders.map(\.attempt.window) == ["a", "a"])
  }

  @Test func `a date that waits for a process does not start when its activation's time is over`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.window == "a" { await gate.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
    let schedule = try nightly(stopBy: 6 * 3600)
    try await harness.run(
      testWindow("a"), testWindow("b", schedule: schedule), settings: DaemonSettings(maxProcesses: 1)
    ) { operations in
      _ = try await operations.run(RunRequest(window: "a", dates: one), by: "ann")
      await gate.waitUntilReached()
      harness.clock.move(to: Instant(seconds: 1_370_134_800))  // 2013-06-02T01:00:00Z
      await harness.recorder.wait {
        $0.contains { if case .activationOpened(let it) = $0 { it.window == "b" } else { false } }
      }
      _ = try await operations.status(of: nil)
      harness.clock.advance(by: .seconds(6 * 3600))
      gate.open()
      await harness.waitForActivationEnds(2)
    }
    #expect(harness.executor.orders.map(\.attempt.window) == ["a"])
  }
}
