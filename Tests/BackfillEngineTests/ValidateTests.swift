import BackfillCore
import BackfillTestKit
import Foundation
import Synchronization
import Testing

/// Judging stored reports again, over a daemon that was started with another definition.
@Suite(.timeLimit(.minutes(1))) struct ValidateTests {
  private let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]

  private func window(
    from: String = "2013-02-01", minimum: Double, onAnomaly: AnomalyAction = .pause, maxHeld: Int? = nil
  ) -> Window {
    testWindow(
      from: from, onAnomaly: onAnomaly, maxHeld: maxHeld,
      steps: [
        Step(name: "load", command: ["load"], expect: Expectation(records: NumberRange(minimum: minimum))),
        Step(name: "sum", command: ["sum"], after: ["load"], report: .none),
      ])
  }

  /// Five dates with 1 to 5 records each, done under `window`.
  private func harness(_ window: Window) async throws -> EngineHarness {
    let harness = try EngineHarness(
      ScriptedExecutor { order in .passed(Report(attempted: 9, records: order.attempt.date.day)) })
    try await harness.run(window) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    // Two requests of one instant would be one activation.
    harness.clock.advance(by: .seconds(60))
    return harness
  }

  @Test func `what would change is told, and nothing is written or run`() async throws {
    let harness = try await harness(window(minimum: 1))
    let started = harness.executor.started.count
    let (view, after) = try await harness.run(window(minimum: 3)) { operations in
      let view = try await operations.validate(ValidationRequest(window: "w"), by: "ann")
      return (view, try await operations.show("w", date: nil))
    }
    #expect(view.judged == 10)
    #expect(
      view.changes.map { "\($0.date) \($0.was) \($0.verdict) \($0.becomes)" } == [
        "2013-02-01 pass anomaly held", "2013-02-02 pass anomaly held",
      ])
    #expect(view.changes[0].sentence == "2013-02-01 load: 1 record, expected at least 3 -> anomaly.")
    #expect(view.counts == [VerdictCount(was: .pass, verdict: .anomaly, steps: 2)])
    #expect(!view.applied)
    #expect(after.dates.allSatisfy { $0.state == .done })
    #expect(after.state != .paused)
    #expect(harness.executor.started.count == started)
  }

  @Test func `new anomalies hold their dates and pause the window, and can be accepted`() async throws {
    let harness = try await harness(window(minimum: 1))
    let started = harness.executor.started.count
    let (view, held, after) = try await harness.run(window(minimum: 3)) { operations in
      let view = try await operations.validate(
        ValidationRequest(window: "w", isApplied: true, reason: "narrower"), by: "ann")
      let held = try await operations.show("w", date: nil)
      _ = try await operations.change(
        ChangeRequest(window: "w", action: .accept, dates: all, reason: "known"), by: "ann")
      await harness.waitForActivationEnds(2)
      return (view, held, try await operations.show("w", date: day("2013-02-01")))
    }
    #expect(view.applied)
    #expect(view.message == "2 verdicts on 2 dates changed; 2 dates held; w is paused until `resume`")
    #expect(dates(.held, of: held) == ["2013-02-01", "2013-02-02"])
    #expect(held.state == .paused)
    #expect(held.reason == "2013-02-01 load: 1 record, expected at least 3 -> anomaly.")
    #expect(after.dates.first?.state == .done)
    #expect(after.decisions?.map(\.reason) == [nil, "pass -> anomaly: narrower", "known"])
    #expect(harness.executor.started.count == started)
  }

  @Test func `with on_anomaly hold the window goes on, until max_held`() async throws {
    let harness = try await harness(window(minimum: 1))
    let state = try await harness.run(window(minimum: 2, onAnomaly: .hold, maxHeld: 2)) { operations in
      _ = try await operations.validate(ValidationRequest(window: "w", isApplied: true), by: "ann")
      return try await operations.status(of: "w").windows[0].state
    }
    #expect(state != .paused)
    let reason = try await harness.run(window(minimum: 3, onAnomaly: .hold, maxHeld: 2)) { operations in
      _ = try await operations.validate(ValidationRequest(window: "w", isApplied: true), by: "ann")
      return try await operations.status(of: "w").windows[0].reason
    }
    #expect(reason == "2 dates are held (max_held: 2)")
  }

  @Test func `held dates that are no longer covered count towards max_held`() async throws {
    let harness = try await harness(window(minimum: 1))
    try await harness.run(window(minimum: 2, onAnomaly: .hold, maxHeld: 2)) { operations in
      _ = try await operations.validate(ValidationRequest(window: "w", isApplied: true), by: "ann")
    }
    let shrunk = window(from: "2013-02-02", minimum: 3, onAnomaly: .hold, maxHeld: 2)
    let reason = try await harness.run(shrunk) { operations in
      _ = try await operations.validate(ValidationRequest(window: "w", isApplied: true), by: "ann")
      return try await operations.status(of: "w").windows[0].reason
    }
    #expect(reason == "2 dates are held (max_held: 2)")
  }

  @Test func `a held date that is fine with a wider expectation runs its steps below with the next chunk`() async throws
  {
    let harness = try EngineHarness(
      ScriptedExecutor { order in .passed(Report(attempted: 9, records: order.attempt.date.day)) })
    try await harness.run(window(minimum: 3)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      try await harness.waitForPause(operations)
    }
    let (view, message) = try await harness.run(window(minimum: 1)) { operations in
      let message = try await operations.validate(ValidationRequest(window: "w", isApplied: true), by: "ann").message
      return (try await operations.show("w", date: nil), message)
    }
    #expect(message == "1 verdict on 1 date changed; 1 date no longer held; w is paused until `resume`")
    #expect(view.dates[0].state == .pending)
    #expect(view.dates[0].reason == "judged again: the steps below may run")
    #expect(harness.executor.started == ["2013-02-01 load"])
    let done = try await harness.run(window(minimum: 1)) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.wait(forEndOf: "2013-02-05")
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: done).count == 5)
    #expect(harness.executor.started.prefix(2) == ["2013-02-01 load", "2013-02-01 sum"])
  }

  @Test func `a date that is not covered is refused`() async throws {
    let harness = try EngineHarness()
    _ = try await harness.run(testWindow()) { operations in
      let other = [DateRange(from: day("2012-01-01"), to: day("2012-01-01"))]
      await #expect(throws: Refusal(.noSuchDate, "`w` does not cover 2012-01-01")) {
        _ = try await operations.validate(ValidationRequest(window: "w", dates: other), by: "ann")
      }
    }
  }

  @Test func `failures are counted from the reports of the ledger`() async throws {
    let steps = [Step(name: "load", command: ["load"], expect: Expectation(expected: ["EMPTY"]))]
    let harness = try EngineHarness(
      ScriptedExecutor { _ in .passed(Report(attempted: 10, records: 9, failures: ["EMPTY": 1])) })
    let rows = try await harness.run(testWindow(steps: steps)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.failures(FailuresRequest(window: "w")).rows
    }
    #expect(rows.map { "\($0.group) \($0.failed)/\($0.n)" } == ["EMPTY 5/50"])
  }

  @Test func `a backup is made while the daemon runs, once`() async throws {
    let harness = try EngineHarness()
    let file = harness.folder.path + "/copy.db"
    let backup = try await harness.run(testWindow()) { operations in
      let backup = try await operations.backup(to: file, by: "ann")
      await #expect(throws: Refusal(.refused, "no backup was made: `\(file)` is there already")) {
        _ = try await operations.backup(to: file, by: "ann")
      }
      return backup
    }
    #expect(backup.file == file)
    #expect(backup.bytes > 4096)
  }

  @Test func `dates that wait for their input go on waiting, and do not count towards max_held`() async throws {
    func window(minimum: Double) -> Window {
      testWindow(
        onAnomaly: .hold, maxHeld: 2,
        steps: [
          Step(name: "load", command: ["load"], expect: Expectation(records: NumberRange(minimum: minimum))),
          Step(
            name: "sum", command: ["sum"], requires: [Check(command: ["exists", "{date}"], timeout: .seconds(60))],
            after: ["load"], report: .none),
        ])
    }
    let isThere = Mutex(false)
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        let isMissing = order.command == ["exists", "2013-02-05"] && !isThere.withLock { $0 }
        return isMissing ? .ended(.exited(1)) : .passed(Report(attempted: 9, records: order.attempt.date.day))
      })
    try await harness.run(window(minimum: 1)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    harness.clock.advance(by: .seconds(60))
    try await harness.run(window(minimum: 2)) { operations in
      let answer = try await operations.validate(ValidationRequest(window: "w", isApplied: true), by: "ann")
      #expect(answer.message == "1 verdict on 1 date changed; 1 date held")
      #expect(try await operations.status(of: "w").windows.first?.state == .active)
    }
    // The verdict of its first step changes, from an anomaly to a pass; then its input comes.
    harness.clock.advance(by: .seconds(60))
    try await harness.run(window(minimum: 1)) { operations in
      _ = try await operations.validate(ValidationRequest(window: "w", isApplied: true), by: "ann")
      isThere.withLock { $0 = true }
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.wait(forEndOf: "2013-02-05")
    }
  }
}
