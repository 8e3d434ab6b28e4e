import BackfillCore
import BackfillTestKit
import Testing

/// A clock that is set forward, back, or stands still while the machine sleeps.
@Suite(.timeLimit(.minutes(1))) struct ClockTests {
  private let firing = Instant(seconds: 1_370_134_800)  // 2013-06-02T01:00:00Z

  private func window(_ missed: MissedFiring = .once, stopBy: Int? = 6 * 3600) throws -> Window {
    testWindow(
      schedule: Schedule(when: try CalendarExpression.parse("0 1 * * *"), missed: missed, chunk: 1, stopBy: stopBy))
  }

  /// `opened NOMINAL until END` and `missed NOMINAL: REASON`.
  private func firings(_ harness: EngineHarness) -> [String] {
    harness.recorder.events.compactMap { event in
      switch event {
      case .activationOpened(let it): "opened \(it.nominal) until \(it.endsAt.map { "\($0)" } ?? "-")"
      case .activationMissed(_, let nominal, let reason): "missed \(nominal): \(reason)"
      default: nil
      }
    }
  }

  /// Waits until something became of `count` firings.
  private func wait(_ harness: EngineHarness, forFirings count: Int) async {
    await harness.recorder.wait { events in
      events.count { event in
        switch event {
        case .activationOpened, .activationMissed: true
        default: false
        }
      } >= count
    }
  }

  @Test(
    arguments: [
      // Within the time of the firing it runs, and ends when it would have.
      ("2013-06-02T05:00:00Z", MissedFiring.once, "opened 2013-06-02T01:00:00Z until 2013-06-02T06:00:00Z"),
      ("2013-06-02T05:00:00Z", .skip, "missed 2013-06-02T01:00:00Z: it was slept through (missed: skip)"),
      ("2013-06-02T01:01:00Z", .skip, "opened 2013-06-02T01:00:00Z until 2013-06-02T06:00:00Z"),
      ("2013-06-02T06:00:00Z", .once, "missed 2013-06-02T01:00:00Z: its time was over"),
      // Of several, the last one counts.
      ("2013-06-09T02:00:00Z", .once, "opened 2013-06-09T01:00:00Z until 2013-06-09T06:00:00Z"),
      ("2013-06-09T07:00:00Z", .once, "missed 2013-06-09T01:00:00Z: its time was over"),
    ] as [(String, MissedFiring, String)])
  func `a clock that is set forward over a firing runs it once while its own time lasts`(
    _ to: String, _ missed: MissedFiring, _ outcome: String
  ) async throws {
    let harness = try EngineHarness()
    let target = try #require(Instant(iso: to))
    try await harness.run(try window(missed)) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.set(to: target)
      await wait(harness, forFirings: 1)
      _ = try await operations.status(of: nil)
    }
    #expect(firings(harness) == [outcome])
  }

  @Test func `after the clock went forward the next firing is the calendar's`() async throws {
    let harness = try EngineHarness()
    try await harness.run(try window()) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.set(to: firing + .seconds(7 * 3600))
      await wait(harness, forFirings: 1)
      harness.clock.move(to: firing + .seconds(86_400))
      await harness.waitForActivationEnds(1)
    }
    #expect(
      firings(harness) == [
        "missed 2013-06-02T01:00:00Z: its time was over",
        "opened 2013-06-03T01:00:00Z until 2013-06-03T06:00:00Z",
      ])
  }

  @Test(arguments: [60, 3600, 3 * 3600 - 1])
  func `a clock that is set back a little does not fire again`(_ seconds: Int64) async throws {
    let harness = try EngineHarness()
    try await harness.run(try window(stopBy: nil)) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing)
      await harness.waitForActivationEnds(1)
      harness.clock.set(to: firing - .seconds(seconds))
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing + .seconds(60))
      let next = try await operations.status(of: nil).windows.first?.next
      #expect(next == firing + .seconds(86_400))
      harness.clock.move(to: firing + .seconds(86_400))
      await harness.waitForActivationEnds(2)
    }
    #expect(harness.executor.started == ["2013-02-01 load", "2013-02-02 load"])
  }

  @Test func `a clock that is set back by days fires in the nights that come again`() async throws {
    let harness = try EngineHarness()
    try await harness.run(try window(stopBy: nil)) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing + .seconds(3 * 86_400))
      await harness.waitForActivationEnds(1)
      harness.clock.set(to: firing + .seconds(86_400 + 3600))
      let next = try await operations.status(of: nil).windows.first?.next
      #expect(next == firing + .seconds(2 * 86_400))
      harness.clock.move(to: firing + .seconds(2 * 86_400))
      await harness.waitForActivationEnds(2)
      // This night had its activation before the clock was put right: it has no second one.
      harness.clock.move(to: firing + .seconds(3 * 86_400))
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing + .seconds(4 * 86_400))
      await harness.waitForActivationEnds(3)
    }
    #expect(
      firings(harness).map { $0.split(separator: " ")[1] } == [
        "2013-06-05T01:00:00Z", "2013-06-04T01:00:00Z", "2013-06-06T01:00:00Z",
      ])
  }

  @Test func `a chunk of a firing that is far ahead when the clock is put right starts nothing more before it`()
    async throws
  {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.date == day("2013-02-01") { await gate.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    let schedule = Schedule(when: try CalendarExpression.parse("0 1 * * *"), chunk: 3, stopBy: 6 * 3600)
    try await harness.run(testWindow(schedule: schedule)) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: firing + .seconds(30 * 86_400))
      await gate.waitUntilReached()
      harness.clock.set(to: firing + .seconds(12 * 3600))
      _ = try await operations.status(of: nil)
      gate.open()
      await harness.wait(forEndOf: "2013-02-01")
      #expect(try await operations.plan(PlanRequest(window: "w")).nights.first?.firing == firing + .seconds(86_400))
      #expect(harness.executor.started == ["2013-02-01 load"])
      // It is no work that a person has to wait for.
      let answer = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      #expect(answer.message == "w starts a chunk now")
      await harness.waitForActivationEnds(1)
      #expect(harness.executor.started.count == 4)
      harness.clock.move(to: firing + .seconds(30 * 86_400))
      await harness.waitForActivationEnds(2)
    }
    #expect(harness.executor.started.count == 5)
  }

  @Test(arguments: [-1800, 1800])
  func `a wait that a suspend or a set clock ends is set again, to the same firing`(_ seconds: Int64) async throws {
    let harness = try EngineHarness()
    let clock = harness.clock
    try await harness.run(try window()) { operations in
      _ = try await operations.status(of: nil)
      while clock.nextWake == nil { await Task.yield() }
      clock.set(to: clock.now() + .seconds(seconds))
      while clock.nextWake == nil { await Task.yield() }
      #expect(clock.nextWake == firing)
      #expect(clock.waiting == 1)
      clock.move(to: firing)
      await harness.waitForActivationEnds(1)
    }
    #expect(firings(harness) == ["opened 2013-06-02T01:00:00Z until 2013-06-02T06:00:00Z"])
  }
}
