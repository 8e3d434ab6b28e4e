import BackfillCore
import BackfillTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct ScheduleTests {
  private func nightly(
    chunk: Int? = nil, ramp: [Int] = [], missed: MissedFiring = .once, stopBy: Int? = nil
  ) throws -> Schedule {
    Schedule(
      when: try CalendarExpression.parse("0 1 * * *"), missed: missed, chunk: chunk, stopBy: stopBy, ramp: ramp)
  }

  @Test func `a firing works on one chunk, the next firing on the next`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(schedule: try nightly(chunk: 2))
    let view = try await harness.run(window) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: Instant(seconds: 1_370_134_800))  // 2013-06-02T01:00:00Z
      await harness.waitForActivationEnds(1)
      let first = try await operations.show("w", date: nil)
      #expect(dates(.done, of: first) == ["2013-02-01", "2013-02-02"])
      harness.clock.advance(by: .seconds(86_400))
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view) == ["2013-02-01", "2013-02-02", "2013-02-03", "2013-02-04"])
  }

  @Test func `the ramp runs one date, then its next size, then full chunks`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(to: "2013-02-28", schedule: try nightly(chunk: 10, ramp: [1, 4]))
    let counts = try await harness.run(window) { operations in
      var counts: [Int] = []
      for night in 1...3 {
        _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
        try await harness.waitForActivationEnds(night, as: operations)
        counts.append(try await operations.status(of: "w").windows[0].dates.count(.done))
      }
      return counts
    }
    #expect(counts == [1, 5, 15])
  }

  @Test func `a ramp that comes after full chunks begins with its first size`() async throws {
    let harness = try EngineHarness()
    func chunk(of window: Window, _ number: Int) async throws -> Int? {
      harness.clock.advance(by: .seconds(60))
      return try await harness.run(window) { operations in
        _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
        try await harness.waitForActivationEnds(number, as: operations)
        return try await operations.status(of: "w").windows.first?.dates.count(.done)
      }
    }
    #expect(try await chunk(of: testWindow(to: "2013-02-28", schedule: try nightly(chunk: 5)), 1) == 5)
    #expect(try await chunk(of: testWindow(to: "2013-02-28", schedule: try nightly(chunk: 5, ramp: [1])), 2) == 6)
    #expect(try await chunk(of: testWindow(to: "2013-02-28", schedule: try nightly(chunk: 5, ramp: [1])), 3) == 11)
  }

  @Test func `after an anomaly the ramp begins again`() async throws {
    let harness = try EngineHarness(.passing(except: ["2013-02-03 load": .passed(Report(attempted: 9, records: 0))]))
    let window = testWindow(to: "2013-02-28", schedule: try nightly(chunk: 10, ramp: [1]), onAnomaly: .hold)
    let counts = try await harness.run(window) { operations in
      var counts: [Int] = []
      for night in 1...3 {
        _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
        try await harness.waitForActivationEnds(night, as: operations)
        counts.append(try await operations.status(of: "w").windows[0].dates.count(.done))
      }
      return counts
    }
    #expect(counts == [1, 10, 11])
  }

  @Test func `newest-first starts at the end of the calendar`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow(schedule: try nightly(chunk: 2), order: .newestFirst)) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    #expect(harness.executor.started == ["2013-02-05 load", "2013-02-04 load"])
  }

  @Test func `a firing slept through runs once at start`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(schedule: try nightly(chunk: 1))
    try await harness.run(window) { operations in _ = try await operations.status(of: nil) }
    harness.clock.advance(by: .seconds(3 * 86_400))
    try await harness.run(window) { _ in await harness.waitForActivationEnds(1) }
    #expect(harness.executor.started == ["2013-02-01 load"])
  }

  @Test func `with missed skip a firing slept through is passed over`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(schedule: try nightly(chunk: 1, missed: .skip))
    try await harness.run(window) { operations in _ = try await operations.status(of: nil) }
    harness.clock.advance(by: .seconds(3 * 86_400))
    try await harness.run(window) { operations in _ = try await operations.status(of: nil) }
    #expect(harness.executor.started.isEmpty)
  }

  @Test func `the same firing does not run twice over a restart`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(schedule: try nightly(chunk: 1))
    try await harness.run(window) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: Instant(seconds: 1_370_134_800))
      await harness.waitForActivationEnds(1)
    }
    try await harness.run(window) { operations in _ = try await operations.status(of: nil) }
    #expect(harness.executor.started == ["2013-02-01 load"])
  }

  @Test func `a paused window lets its firing pass`() async throws {
    let harness = try EngineHarness()
    let status = try await harness.run(testWindow(schedule: try nightly(chunk: 1))) { operations in
      _ = try await operations.pause(PauseRequest(window: "w", reason: "maintenance"), by: "ann")
      harness.clock.move(to: Instant(seconds: 1_370_134_800))
      return try await operations.status(of: "w")
    }
    #expect(harness.executor.started.isEmpty)
    #expect(status.windows.first?.reason == "maintenance")
    #expect(status.windows.first?.by == "ann")
  }

  @Test func `an activation that was cut off by a stop goes on with what is left of its quota`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(schedule: try nightly(chunk: 3))
    let gate = Gate()
    let slow = ScriptedExecutor { order in
      if order.attempt.date == day("2013-02-02") { await gate.waitUntilCancelledOrOpen() }
      return Task.isCancelled ? .ended(.stopped) : .passed(Report(attempted: 1, records: 1))
    }
    try await harness.run(window, settings: DaemonSettings(stopGrace: .zero), executor: slow) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await gate.waitUntilReached()
    }
    #expect(slow.started == ["2013-02-01 load", "2013-02-02 load"])
    try await harness.run(window) { _ in await harness.waitForActivationEnds(1) }
    #expect(harness.executor.started == ["2013-02-02 load", "2013-02-03 load"])
    #expect(harness.executor.orders.first?.attempt.runID == slow.orders.last?.attempt.runID)
    #expect(harness.executor.orders.first?.attempt.attempt == 1)
  }

  @Test func `a window is complete when every date is done or skipped`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow(schedule: try nightly())) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.recorder.wait { $0.contains(.windowCompleted(window: "w")) }
      #expect(try await operations.status(of: "w").windows.first?.state == .complete)
    }
  }

  @Test func `two windows that share a lock never run a date at the same time`() async throws {
    let alive = Census()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        alive.enter(order.attempt.window)
        await Task.yield()
        alive.leave(order.attempt.window)
        return .passed(Report(attempted: 1, records: 1))
      })
    try await harness.run(testWindow("a", locks: ["table"]), testWindow("b", locks: ["table"])) { operations in
      let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]
      _ = try await operations.run(RunRequest(window: "a", dates: all), by: "ann")
      _ = try await operations.run(RunRequest(window: "b", dates: all), by: "ann")
      await harness.waitForActivationEnds(2)
    }
    #expect(harness.executor.orders.count == 10)
    #expect(alive.most == 1)
  }
}
