import BackfillCore
import BackfillEngine
import BackfillTestKit
import Synchronization
import Testing

/// The drift test at work: over many dates, parallel ones, restarts of the daemon, and decisions of persons.
@Suite(.timeLimit(.minutes(1))) struct DriftTests {
  /// 450 entities a date, of which `failed` fail; 25-30 % are expected.
  private func executor(_ failed: @escaping @Sendable (CivilDate) -> Int) -> ScriptedExecutor {
    ScriptedExecutor { order in
      let failed = failed(order.attempt.date)
      return .passed(Report(attempted: 450, records: 450 - failed, failures: ["FAILED": failed]))
    }
  }

  private func window(
    to: String = "2013-02-20", onAnomaly: AnomalyAction = .pause, parallel: Parallel = Parallel(),
    below: Severity = .warn, high: Double = 0.3
  ) -> Window {
    let stream = RateStream(
      categories: ["FAILED"], since: day("2013-02-01"),
      bands: [Band(firstDay: 0, lastDay: nil, low: 0.25, high: high)], below: below)
    return testWindow(
      to: to, onAnomaly: onAnomaly, parallel: parallel,
      steps: [
        Step(name: "load", command: ["load"], expect: Expectation(expected: ["FAILED"], streams: [stream]))
      ])
  }

  private func all(to: String = "2013-02-20") -> RunRequest {
    RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day(to))])
  }

  @Test func `a slow drift pauses the window though no single date does`() async throws {
    let harness = try EngineHarness(executor { _ in 171 })
    let view = try await harness.run(window()) { operations in
      _ = try await operations.run(all(), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state == .paused)
    #expect(
      view.reason
        == "2013-02-03 load: 513 of 1,350 failed FAILED since 2013-02-01 (38.0 %, 95 % CI 35.4-40.7), expected 25-30 %. "
        + "The evidence of a drift is 68 to 1 -> anomaly (the limit is 40 to 1).")
    #expect(view.by == "backfilld")
    #expect(dates(.done, of: view).last == "2013-02-03")
    #expect(view.dates.allSatisfy { $0.verdict == nil || $0.verdict == .pass })
    #expect(view.drift.map(\.stream) == ["FAILED"])
    #expect(view.drift.map(\.verdict) == [.anomaly])
    #expect(harness.drifts == ["2013-02-02 warn", "2013-02-03 anomaly"])
  }

  @Test func `the same evidence does not pause again after a resume`() async throws {
    let harness = try EngineHarness(executor { $0 <= day("2013-02-03") ? 171 : 125 })
    let view = try await harness.run(window()) { operations in
      _ = try await operations.run(all(), by: "ann")
      await harness.waitForActivationEnds(1)
      _ = try await operations.resume(ResumeRequest(window: "w", reason: "known, ticket 7"), by: "ann")
      let resumed = try await operations.show("w", date: nil)
      #expect(resumed.state == .active)
      _ = try await operations.run(all(), by: "ann")
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: day("2013-02-03"))
    }
    #expect(view.state == .complete || view.state == .active)
    #expect(harness.drifts == ["2013-02-02 warn", "2013-02-03 anomaly"])
    #expect(view.decisions?.map(\.action) == ["run", "restart drift"])
    #expect(view.decisions?.last?.reason == "known, ticket 7")
    #expect(view.decisions?.last?.by == "ann")
  }

  @Test func `a drift that goes on pauses again on evidence of its own`() async throws {
    let harness = try EngineHarness(executor { _ in 171 })
    let view = try await harness.run(window()) { operations in
      _ = try await operations.run(all(), by: "ann")
      await harness.waitForActivationEnds(1)
      _ = try await operations.resume(ResumeRequest(window: "w"), by: "ann")
      _ = try await operations.run(all(), by: "ann")
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state == .paused)
    #expect(view.reason?.hasPrefix("2013-02-06 load: 513 of 1,350 failed FAILED since 2013-02-04 ") == true)
  }

  @Test func `a corrected band is that of earlier dates too, once they are judged again with it`() async throws {
    let harness = try EngineHarness(executor { _ in 171 })
    try await harness.run(window()) { operations in
      _ = try await operations.run(all(to: "2013-02-02"), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    harness.clock.advance(by: .seconds(60))
    let (before, validation, after, reasons) = try await harness.run(window(high: 0.38)) { operations in
      _ = try await operations.run(all(to: "2013-02-03"), by: "ann")
      await harness.waitForActivationEnds(2)
      let before = try await operations.show("w", date: nil).drift.map(\.stream)
      let validation = try await operations.validate(
        ValidationRequest(window: "w", isApplied: true, reason: "the band was wrong"), by: "ann")
      harness.clock.advance(by: .seconds(60))
      _ = try await operations.run(all(to: "2013-02-04"), by: "ann")
      await harness.waitForActivationEnds(3)
      let view = try await operations.show("w", date: nil)
      return (before, validation, view.drift.map(\.stream), view.changes?.map(\.reason))
    }
    #expect(before == ["FAILED"])
    #expect(validation.figures == 2)
    #expect(validation.message == "2 verdicts keep their words, with new figures")
    #expect(after == [])
    #expect(reasons?.contains("2 verdicts keep their words, with new figures: the band was wrong") == true)
    #expect(harness.drifts == ["2013-02-02 warn"])
  }

  @Test func `a restart of the daemon comes to the same evidence and says nothing twice`() async throws {
    let whole = try EngineHarness(executor { _ in 158 })
    let once = try await whole.run(window()) { operations in
      _ = try await operations.run(all(to: "2013-02-06"), by: "ann")
      await whole.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    let parts = try EngineHarness(executor { _ in 158 })
    var last: WindowView?
    for (number, end) in ["2013-02-02", "2013-02-05", "2013-02-06"].enumerated() {
      parts.clock.advance(by: .seconds(60))
      last = try await parts.run(window()) { operations in
        _ = try await operations.run(all(to: end), by: "ann")
        await parts.waitForActivationEnds(number + 1)
        return try await operations.show("w", date: nil)
      }
    }
    #expect(once.drift.map(\.dates) == [6])
    #expect(last?.drift == once.drift)
    #expect(whole.drifts.count == 1)
    #expect(parts.drifts == whole.drifts)
  }

  @Test func `a pause that a crash left to the next start is made up for, once`() async throws {
    let refuses = Mutex(true)
    let death = Gate()
    let harness = try EngineHarness(
      executor { _ in 171 },
      hook: { call throws(LedgerFailure) in
        if case .driftReport(let report) = call, report.pauseReason != nil, refuses.withLock(\.self) {
          death.open()
          await death.waitUntilCancelledOrOpen()
          throw LedgerFailure.contradiction("the machine died here")
        }
      })
    await #expect(throws: EngineFailure("w: the machine died here")) {
      try await harness.run(window()) { operations in
        _ = try await operations.run(all(), by: "ann")
        await death.waitUntilReached()
      }
    }
    refuses.withLock { $0 = false }
    let view = try await harness.run(window()) { operations in
      try await harness.waitForPause(operations)
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view).last == "2013-02-03")
    #expect(harness.distinctDrifts == ["2013-02-02 warn", "2013-02-03 anomaly"])
    let again = try await harness.run(window()) { operations in try await operations.show("w", date: nil) }
    #expect(again.state == .paused)
    #expect(again.reason == view.reason)
    #expect(harness.distinctDrifts.count == 2)
  }

  @Test func `parallel dates that end out of order are folded in calendar order`() async throws {
    let gate = Gate()
    let executor = ScriptedExecutor { order in
      if order.attempt.date == day("2013-02-01") { await gate.waitUntilCancelledOrOpen() }
      return .passed(Report(attempted: 450, records: 279, failures: ["FAILED": 171]))
    }
    let harness = try EngineHarness(executor)
    let view = try await harness.run(window(to: "2013-02-06", parallel: Parallel(dates: 2))) { operations in
      _ = try await operations.run(all(to: "2013-02-06"), by: "ann")
      // The first date is still running when all others have ended.
      await harness.wait(forEndOf: "2013-02-06")
      #expect(harness.drifts == [])
      gate.open()
      try await harness.waitForPause(operations)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state == .paused)
    #expect(harness.drifts == ["2013-02-02 warn", "2013-02-03 anomaly"])
    #expect(view.reason?.hasPrefix("2013-02-03 load: 513 of 1,350 failed FAILED since 2013-02-01 ") == true)
  }

  @Test func `below the band warns and never pauses`() async throws {
    let harness = try EngineHarness(executor { _ in 80 })
    let view = try await harness.run(window(to: "2013-02-10")) { operations in
      _ = try await operations.run(all(to: "2013-02-10"), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state != .paused)
    #expect(harness.drifts.count == 1)
    #expect(harness.drifts.first?.hasSuffix(" warn") == true)
    #expect(dates(.done, of: view).count == 10)
    #expect((view.drift.first?.evidence ?? 0) > 1000)
    #expect((view.drift.first?.anomalyEvidence ?? 9) < 1)
  }

  @Test func `with on_anomaly hold a drift is said and pauses nothing`() async throws {
    let harness = try EngineHarness(executor { _ in 171 })
    let view = try await harness.run(window(to: "2013-02-10", onAnomaly: .hold)) { operations in
      _ = try await operations.run(all(to: "2013-02-10"), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state != .paused)
    #expect(dates(.done, of: view).count == 10)
    #expect(harness.drifts == ["2013-02-02 warn", "2013-02-03 anomaly"])
    let drift = harness.recorder.events.filter { $0.kind == .driftJudged }
    #expect(drift.map(\.priority) == [.warning, .warning])
  }

  @Test func `a drift that the last date shows pauses the window before it is complete`() async throws {
    let harness = try EngineHarness(executor { _ in 171 })
    let view = try await harness.run(window(to: "2013-02-03")) { operations in
      _ = try await operations.run(all(to: "2013-02-03"), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state == .paused)
    #expect(!harness.recorder.events.contains(.windowCompleted(window: "w")))
  }

  @Test func `an accepted rate anomaly starts its stream anew`() async throws {
    let harness = try EngineHarness(executor { $0 == day("2013-02-03") ? 400 : 165 })
    let one = [DateRange(from: day("2013-02-03"), to: day("2013-02-03"))]
    let view = try await harness.run(window(to: "2013-02-05")) { operations in
      _ = try await operations.run(all(to: "2013-02-05"), by: "ann")
      await harness.waitForActivationEnds(1)
      let held = try await operations.show("w", date: nil)
      #expect(dates(.held, of: held) == ["2013-02-03"])
      _ = try await operations.change(
        ChangeRequest(window: "w", action: .accept, dates: one, reason: "a strike"), by: "ann")
      _ = try await operations.resume(ResumeRequest(window: "w"), by: "ann")
      _ = try await operations.run(all(to: "2013-02-05"), by: "ann")
      await harness.wait(forEndOf: "2013-02-05")
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state != .paused)
    #expect(dates(.done, of: view).count == 5)
    #expect(view.drift.allSatisfy { $0.dates == 2 })
  }

  @Test func `no date starts while the drift test is folded`() async throws {
    let gate = Gate()
    let folds = Mutex(0)
    let harness = try EngineHarness(
      executor { _ in 130 },
      hook: { call throws(LedgerFailure) in
        if case .driftFacts = call,
          folds.withLock({ folds in
            folds += 1
            return folds
          }) == 1
        {
          await gate.waitUntilCancelledOrOpen()
        }
      })
    try await harness.run(window(to: "2013-02-02")) { operations in
      _ = try await operations.run(all(to: "2013-02-02"), by: "ann")
      await gate.waitUntilReached()
      #expect(try await operations.status(of: "w").windows.first?.running == [])
      #expect(harness.executor.started == ["2013-02-01 load"])
      gate.open()
      await harness.wait(forEndOf: "2013-02-02")
    }
  }

  @Test func `a window without rates reads nothing for the drift test`() async throws {
    let folds = Mutex(0)
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in if case .driftFacts = call { folds.withLock { $0 += 1 } } })
    try await harness.run(testWindow()) { operations in
      _ = try await operations.run(all(to: "2013-02-05"), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    #expect(folds.withLock(\.self) == 0)
  }
}

extension EngineHarness {
  /// `DATE WORD` of each alarm of the drift test so far.
  /// Each once: what was handed over just before a death is handed over again (I5).
  fileprivate var distinctDrifts: [String] {
    drifts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  fileprivate var drifts: [String] {
    recorder.events.compactMap { event in
      guard case .driftJudged(_, _, let date, let word, _) = event else { return nil }
      return "\(date) \(word)"
    }
  }
}
