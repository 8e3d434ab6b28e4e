import BackfillCore
import BackfillEngine
import BackfillTestKit
import Synchronization
import Testing

/// The way out of a drift alarm: a person accepts the date that it names.
@Suite(.timeLimit(.minutes(1))) struct DriftAcceptTests {
  private static let alarm = OpenAlarm(step: "load", stream: "FAILED", date: day("2013-02-03"))

  /// 450 entities a date, of which 171 fail up to 2013-02-03 and 125 later; 25-30 % are expected.
  private func harness() throws -> EngineHarness {
    try EngineHarness(
      ScriptedExecutor { order in
        let failed = order.attempt.date <= day("2013-02-03") ? 171 : 125
        return .passed(Report(attempted: 450, records: 450 - failed, failures: ["FAILED": failed]))
      })
  }

  private var window: Window { window(high: 0.3) }

  private func window(high: Double) -> Window {
    let stream = RateStream(
      categories: ["FAILED"], since: day("2013-02-01"),
      bands: [Band(firstDay: 0, lastDay: nil, low: 0.25, high: high)], below: .warn)
    return testWindow(
      to: "2013-02-06",
      steps: [
        Step(name: "load", command: ["load"], expect: Expectation(expected: ["FAILED"], streams: [stream]))
      ])
  }

  private func pause(_ harness: EngineHarness, _ operations: any Operations) async throws {
    let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-06"))]
    _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
    await harness.waitForActivationEnds(1)
  }

  private func accept(_ operations: any Operations, _ date: String = "2013-02-03") async throws -> ChangeAnswer {
    try await operations.change(
      ChangeRequest(
        window: "w", action: .accept, dates: [DateRange(from: day(date), to: day(date))], reason: "a strike"),
      by: "ann")
  }

  @Test func `status and show name the date that the alarm waits on`() async throws {
    let harness = try harness()
    let before = try await harness.run(window) { operations in
      try await pause(harness, operations)
      #expect(try await operations.show("w", date: nil).alarms == [Self.alarm])
      return try await operations.status(of: "w")
    }
    #expect(before.windows.first?.alarms == [Self.alarm])
    let restarted = try await harness.run(window) { operations in try await operations.status(of: "w") }
    #expect(restarted.windows.first?.alarms == [Self.alarm])
  }

  @Test func `accept of the date that the alarm names starts the stream anew and leaves the window paused`()
    async throws
  {
    let harness = try harness()
    let view = try await harness.run(window) { operations in
      try await pause(harness, operations)
      let answer = try await accept(operations)
      #expect(
        answer
          == ChangeAnswer(
            message: "the drift alarm is settled: FAILED of `load` starts anew after 2013-02-03; "
              + "w stays paused until `resume`", changed: [day("2013-02-03")]))
      let status = try await operations.status(of: "w").windows.first
      #expect(status?.state == .paused)
      #expect(status?.alarms == [])
      #expect(
        try await operations.resume(ResumeRequest(window: "w"), by: "ann").message
          == "w is active; it has no schedule, `run` starts dates")
      let rest = [DateRange(from: day("2013-02-04"), to: day("2013-02-06"))]
      _ = try await operations.run(RunRequest(window: "w", dates: rest), by: "ann")
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: day("2013-02-03"))
    }
    #expect(view.state != .paused)
    #expect(view.dates.first?.state == .done)
    #expect(view.decisions?.map(\.action) == ["run", "accept", "restart drift"])
    #expect(view.decisions?.map(\.reason) == [nil, "a strike", "a strike"])
    #expect(view.decisions?.map(\.by) == ["ann", "ann", "ann"])
    #expect(harness.executor.started.count == 6)
  }

  @Test func `a done date that no alarm names is refused`() async throws {
    let harness = try harness()
    try await harness.run(window) { operations in
      try await pause(harness, operations)
      let answer = try await accept(operations, "2013-02-02")
      #expect(answer.message == "nothing accepted")
      #expect(answer.refused.map(\.why) == ["is done"])
      #expect(try await operations.status(of: "w").windows.first?.alarms == [Self.alarm])
    }
  }

  @Test func `a rerun of the date that the alarm names withdraws it, and the same results raise it again`()
    async throws
  {
    let isMended = Mutex(false)
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        let failed = isMended.withLock { $0 } ? 125 : 171
        return .passed(Report(attempted: 450, records: 450 - failed, failures: ["FAILED": failed]))
      })
    let judged = [DateRange(from: day("2013-02-01"), to: day("2013-02-03"))]
    try await harness.run(window) { operations in
      try await pause(harness, operations)
      #expect(try await operations.status(of: "w").windows.first?.alarms == [Self.alarm])
      isMended.withLock { $0 = true }
      _ = try await operations.rerun(RerunRequest(window: "w", dates: judged), by: "ann")
      await harness.waitForActivationEnds(2)
      #expect(try await operations.status(of: "w").windows.first?.alarms == [])
    }
    harness.clock.advance(by: .seconds(60))
    try await harness.run(window) { operations in
      #expect(try await operations.status(of: "w").windows.first?.alarms == [])
      // No alarm is settled: the rate does not start anew.
      let answer = try await operations.resume(ResumeRequest(window: "w"), by: "ann")
      #expect(answer.message == "w is active; it has no schedule, `run` starts dates")
      isMended.withLock { $0 = false }
      _ = try await operations.rerun(RerunRequest(window: "w", dates: judged), by: "ann")
      try await harness.waitForPause(operations)
      #expect(try await operations.status(of: "w").windows.first?.alarms == [Self.alarm])
    }
  }

  @Test func `judging again with a wider band withdraws the alarm, and with the old one raises it again`() async throws
  {
    let harness = try harness()
    try await harness.run(window) { try await pause(harness, $0) }
    let request = ValidationRequest(window: "w", isApplied: true, reason: "the band was wrong")
    try await harness.run(window(high: 0.45)) { operations in
      #expect(try await operations.status(of: "w").windows.first?.alarms == [Self.alarm])
      _ = try await operations.validate(request, by: "ann")
      #expect(try await operations.status(of: "w").windows.first?.alarms == [])
    }
    harness.clock.advance(by: .seconds(60))
    try await harness.run(window) { operations in
      let status = try await operations.status(of: "w").windows.first
      #expect(status?.alarms == [])
      #expect(status?.state == .paused)
      #expect(
        try await operations.resume(ResumeRequest(window: "w"), by: "ann").message
          == "w is active; it has no schedule, `run` starts dates")
      _ = try await operations.validate(request, by: "ann")
      try await harness.waitForPause(operations)
      #expect(try await operations.status(of: "w").windows.first?.alarms == [Self.alarm])
    }
  }

  @Test func `a resume says that it settles the alarm`() async throws {
    let harness = try harness()
    try await harness.run(window) { operations in
      try await pause(harness, operations)
      #expect(
        try await operations.resume(ResumeRequest(window: "w", reason: "known"), by: "ann").message
          == "w is active; it has no schedule, `run` starts dates; "
          + "the drift alarm is settled: FAILED of `load` starts anew after 2013-02-03")
      #expect(try await operations.status(of: "w").windows.first?.alarms == [])
    }
  }
}
