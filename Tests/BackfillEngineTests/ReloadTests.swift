import BackfillCore
import BackfillTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReloadTests {
  private let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-28"))]
  private let first = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]

  private func nightly(_ expression: String = "0 1 * * *") throws -> Schedule {
    Schedule(when: try CalendarExpression.parse(expression))
  }

  private func step(_ program: String) -> [Step] {
    [Step(name: "load", command: [program], expect: Expectation(records: NumberRange(minimum: 1)))]
  }

  /// `WINDOW CHANGE NOTE` of each window.
  private func words(_ answer: ReloadAnswer) -> [String] {
    answer.windows.map { "\($0.window) \($0.change.rawValue) \($0.note ?? "-")" }
  }

  @Test func `a reload says window by window what changed`() async throws {
    let harness = try EngineHarness()
    harness.files.write(
      DaemonConfiguration(
        windows: [testWindow("same"), testWindow("other", to: "2013-02-09"), testWindow("new")],
        rejected: [
          RejectedWindowStatus(window: "typo", findings: ["typo.yaml:1:1: no"]),
          RejectedWindowStatus(window: "fresh", findings: ["fresh.yaml:1:1: no"]),
        ]))
    let answer = try await harness.run(
      testWindow("same"), testWindow("other"), testWindow("gone"), testWindow("typo")
    ) { try await $0.reload(by: "ann") }
    #expect(
      words(answer) == [
        "fresh broken off until its file is corrected", "gone removed starts nothing more; its ledger is kept",
        "new added -", "other changed -", "same unchanged -", "typo broken old definition in force",
      ])
    #expect(answer.windows.last?.findings == ["typo.yaml:1:1: no"])
    #expect(answer.hasErrors)
    let told = harness.recorder.events.map(\.message)
    #expect(
      told.contains("the configuration was read again (ann): 1 added, 1 changed, 1 unchanged, 1 removed, 2 broken"))
    #expect(told.contains("typo keeps its old definition until its file is corrected, 1 error: typo.yaml:1:1: no"))
    #expect(told.contains("fresh is off until its file is corrected, 1 error: fresh.yaml:1:1: no"))
    #expect(told.contains("gone is no longer configured: it starts nothing more, its ledger is kept"))
  }

  @Test func `systemd hears RELOADING and then READY again`() async throws {
    let harness = try EngineHarness()
    harness.files.write(testWindow(to: "2013-02-09"))
    _ = try await harness.run(testWindow()) { try await $0.reload(by: "ann") }
    let heard = harness.notifier.heard.filter { $0 == "READY" || $0 == "RELOADING" }
    #expect(heard == ["READY", "RELOADING", "READY"])
  }

  @Test func `a new window can be run as soon as the reload is answered`() async throws {
    let harness = try EngineHarness()
    harness.files.write(testWindow("w"), testWindow("new"))
    try await harness.run(testWindow("w")) { operations in
      _ = try await operations.reload(by: "ann")
      _ = try await operations.run(RunRequest(window: "new", dates: first), by: "ann")
      await harness.wait(forEndOf: "2013-02-01", in: "new")
    }
    #expect(harness.executor.orders.map(\.attempt.window) == ["new"])
  }

  @Test func `a date in flight keeps the definition it began with, the next one has the new one`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.date == day("2013-02-01") { await gate.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    let two = [
      Step(name: "load", command: ["old"]), Step(name: "next", command: ["old"], after: ["load"]),
    ]
    harness.files.write(testWindow(definition: "d2", steps: step("new")))
    let (answer, view) = try await harness.run(testWindow(to: "2013-02-02", steps: two)) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-02"))]), by: "ann")
      await gate.waitUntilReached()
      let answer = try await operations.reload(by: "ann")
      gate.open()
      await harness.wait(forEndOf: "2013-02-02")
      return (answer, try await operations.show("w", date: nil))
    }
    #expect(words(answer) == ["w changed takes effect when 2013-02-01, in flight, has ended"])
    #expect(
      harness.executor.orders.map { "\($0.attempt.date) \($0.attempt.step) \($0.command[0])" } == [
        "2013-02-01 load old", "2013-02-01 next old", "2013-02-02 load new",
      ])
    #expect(view.definition == "d2")
    #expect(
      view.definitions.map { "\($0.definition) \($0.dates) \($0.first) \($0.last)" } == [
        "d1 1 2013-02-01 2013-02-01", "d2 1 2013-02-02 2013-02-02",
      ])
  }

  @Test func `a new definition that waits is told by a second reload and by status`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        await gate.waitUntilCancelledOrOpen()
        return .passed(Report(attempted: 1, records: 1))
      })
    harness.files.write(testWindow(definition: "d2", steps: step("new")))
    let waits = "w changed takes effect when 2013-02-01, in flight, has ended"
    try await harness.run(testWindow()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await gate.waitUntilReached()
      for _ in 1...2 {
        let answer = try await operations.reload(by: "ann")
        #expect(words(answer) == [waits])
      }
      #expect(try await operations.status(of: "w").windows.first?.upcoming == true)
      // Back to what is in force.
      harness.files.write(testWindow())
      #expect(words(try await operations.reload(by: "ann")) == ["w unchanged -"])
      #expect(try await operations.status(of: "w").windows.first?.upcoming == false)
      gate.open()
      await harness.waitForActivationEnds(1)
    }
  }

  @Test func `while a date of the old definition runs, no other date of the window starts`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.date == day("2013-02-01") { await gate.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    harness.files.write(testWindow(parallel: Parallel(dates: 3, steps: 1), definition: "d2"))
    try await harness.run(testWindow()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await gate.waitUntilReached()
      _ = try await operations.reload(by: "ann")
      #expect(try await operations.status(of: "w").windows.first?.running.map(\.date) == [day("2013-02-01")])
      gate.open()
      await harness.waitForActivationEnds(1)
      #expect(try await operations.status(of: "w").windows.first?.dates.count(.done) == 5)
    }
  }

  @Test func `a broken file keeps the old definition in force and status shows the findings`() async throws {
    let harness = try EngineHarness()
    harness.files.write(
      DaemonConfiguration(rejected: [RejectedWindowStatus(window: "w", findings: ["w.yaml:3:1: no"])]))
    let status = try await harness.run(testWindow()) { operations in
      _ = try await operations.reload(by: "ann")
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await harness.wait(forEndOf: "2013-02-01")
      return try await operations.status(of: "w")
    }
    #expect(status.windows.first?.dates.count(.done) == 1)
    #expect(status.rejected == [RejectedWindowStatus(window: "w", findings: ["w.yaml:3:1: no"], inForce: true)])
    #expect(harness.notifier.heard.contains("STATUS w: 0 of 5 done | 1 with errors, old definition in force"))
  }

  @Test func `a corrected file ends the errors`() async throws {
    let harness = try EngineHarness()
    harness.files.write(
      DaemonConfiguration(rejected: [RejectedWindowStatus(window: "w", findings: ["w.yaml:3:1: no"])]))
    try await harness.run(testWindow()) { operations in
      _ = try await operations.reload(by: "ann")
      harness.files.write(testWindow())
      let answer = try await operations.reload(by: "ann")
      #expect(words(answer) == ["w unchanged -"])
      #expect(try await operations.status(of: nil).rejected == [])
    }
  }

  @Test func `a deleted window starts nothing more and is listed while the ledger has dates of it`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow("w"), testWindow("untouched"), testWindow("x")) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await harness.waitForActivationEnds(1)
      harness.files.write(testWindow("x"))
      _ = try await operations.reload(by: "ann")
      let status = try await operations.status(of: nil)
      #expect(status.windows.map(\.window) == ["x"])
      #expect(status.unconfigured.map(\.window) == ["w"])
      #expect(status.unconfigured.first?.dates.count(.done) == 1)
      await #expect(
        throws: Refusal(
          .refused, "`w` is no longer configured: its ledger is kept, and nothing of it can be changed")
      ) { _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann") }
    }
    // After a restart as well, and its dates can still be looked at.
    try await harness.run(testWindow("x")) { operations in
      #expect(try await operations.status(of: nil).unconfigured.map(\.window) == ["w"])
      let view = try await operations.show("w", date: nil)
      #expect(view.dates.map { "\($0.date) \($0.state) \($0.covered)" } == ["2013-02-01 done false"])
      #expect(view.definition == nil)
    }
  }

  @Test func `a deleted window lets its date in flight end, and ends its activation`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        await gate.waitUntilCancelledOrOpen()
        return .passed(Report(attempted: 1, records: 1))
      })
    try await harness.run(testWindow("w"), testWindow("x")) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await gate.waitUntilReached()
      harness.files.write(testWindow("x"))
      let answer = try await operations.reload(by: "ann")
      #expect(words(answer).first == "w removed starts nothing more, 1 date in flight ends first; its ledger is kept")
      #expect(try await operations.status(of: nil).unconfigured.first?.running.map(\.date) == [day("2013-02-01")])
      gate.open()
      await harness.waitForActivationEnds(1)
    }
    #expect(harness.executor.started == ["2013-02-01 load"])
    let ends = harness.recorder.events.compactMap { event in
      if case .activationEnded(_, _, _, let reason) = event { reason } else { nil }
    }
    #expect(ends == ["the window is no longer configured"])
  }

  @Test func `a window that comes back has its ledger, and no missed firings`() async throws {
    let harness = try EngineHarness()
    let window = testWindow("w", schedule: try nightly())
    try await harness.run(window, testWindow("x")) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await harness.waitForActivationEnds(1)
      harness.files.write(testWindow("x"))
      _ = try await operations.reload(by: "ann")
      harness.clock.advance(by: .seconds(3 * 86_400))
      harness.files.write(window, testWindow("x"))
      let answer = try await operations.reload(by: "ann")
      #expect(words(answer) == ["w added -", "x unchanged -"])
      let status = try await operations.status(of: "w").windows.first
      #expect(status?.dates.count(.done) == 1)
      #expect(status?.next == Instant(iso: "2013-06-05T01:00:00Z"))
    }
    #expect(harness.executor.started == ["2013-02-01 load"])
  }

  @Test func `an edited schedule has no missed firings`() async throws {
    let harness = try EngineHarness()
    harness.files.write(testWindow(schedule: try nightly("0 11 * * *")))
    try await harness.run(testWindow(schedule: try nightly("0 13 * * *"))) { operations in
      _ = try await operations.reload(by: "ann")
      #expect(try await operations.status(of: "w").windows.first?.next == Instant(iso: "2013-06-02T11:00:00Z"))
    }
    #expect(harness.executor.started == [])
  }

  @Test func `a shrunk window says how many dates it no longer covers`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.waitForActivationEnds(1)
      harness.files.write(testWindow(from: "2013-02-03"))
      let answer = try await operations.reload(by: "ann")
      #expect(words(answer) == ["w changed 2 dates of its ledger are no longer covered"])
      #expect(try await operations.status(of: "w").windows.first?.uncovered == 2)
    }
  }

  @Test func `a complete window that grew is active again`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow(to: "2013-02-01")) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.recorder.wait { $0.contains(.windowCompleted(window: "w")) }
      harness.files.write(testWindow(to: "2013-02-03"))
      _ = try await operations.reload(by: "ann")
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.wait(forEndOf: "2013-02-03")
    }
  }

  @Test func `a bootstrap that came with a reload is skipped`() async throws {
    let harness = try EngineHarness()
    harness.files.write(testWindow(skipFirst: .dates(2)))
    try await harness.run(testWindow()) { operations in
      _ = try await operations.reload(by: "ann")
      #expect(try await operations.status(of: "w").windows.first?.dates.count(.skipped) == 2)
    }
  }

  @Test func `a shorter bootstrap brings its dates back`() async throws {
    let harness = try EngineHarness()
    harness.files.write(testWindow(skipFirst: .dates(1)))
    try await harness.run(testWindow(skipFirst: .dates(3))) { operations in
      _ = try await operations.reload(by: "ann")
      let dates = try #require(try await operations.status(of: "w").windows.first?.dates)
      #expect(dates.count(.skipped) == 1 && dates.count(.pending) == 4)
    }
    // Also where it is shorter at a start.
    let pending = try await harness.run(testWindow()) { operations in
      try await operations.status(of: "w").windows.first?.dates.count(.pending)
    }
    #expect(pending == 5)
  }

  @Test func `a held date that is no longer covered can be skipped`() async throws {
    let harness = try EngineHarness(.ending(["load": .exited(3)]))
    try await harness.run(testWindow()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await harness.waitForActivationEnds(1)
      harness.files.write(testWindow(from: "2013-02-03"))
      _ = try await operations.reload(by: "ann")
      let answer = try await operations.change(
        ChangeRequest(window: "w", action: .skip, dates: first, reason: "gone"), by: "ann")
      #expect(answer.message == "1 date skipped")
      await #expect(throws: Refusal(.noSuchDate, "`w` does not cover 2013-02-01")) {
        _ = try await operations.change(ChangeRequest(window: "w", action: .retry, dates: first), by: "ann")
      }
    }
  }

  @Test func `a firing while a change waits for a date in flight is not missed`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.date == day("2013-02-01") { await gate.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    let schedule = Schedule(when: try CalendarExpression.parse("0 13 * * *"), missed: .skip, chunk: 1)
    harness.files.write(testWindow(schedule: schedule, definition: "d2"))
    try await harness.run(testWindow(schedule: schedule)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await gate.waitUntilReached()
      _ = try await operations.reload(by: "ann")
      harness.clock.move(to: Instant(seconds: 1_370_091_600))  // 2013-06-01T13:00:00Z
      await harness.recorder.wait { events in events.count { $0.kind == .activationOpened } == 2 }
      harness.clock.advance(by: .seconds(600))
      gate.open()
      await harness.wait(forEndOf: "2013-02-02")
    }
    #expect(!harness.recorder.events.contains { $0.kind == .activationMissed })
  }

  @Test func `a changed definition is told once, when there are dates of another one`() async throws {
    let harness = try EngineHarness()
    let told: @Sendable () -> [String] = {
      harness.recorder.events.compactMap { event in
        if case .definitionChanged = event { event.message } else { nil }
      }
    }
    try await harness.run(testWindow()) { operations in
      harness.files.write(testWindow(definition: "d2"))
      _ = try await operations.reload(by: "ann")
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    #expect(told() == [])
    for _ in 1...2 { try await harness.run(testWindow(definition: "d3")) { _ = try await $0.status(of: nil) } }
    #expect(
      told() == ["w has another definition now, 1 date was done with an earlier one; next: backfillctl show w"])
  }

  @Test func `settings take effect, broken ones do not`() async throws {
    let harness = try EngineHarness()
    harness.files.write(
      DaemonConfiguration(
        settings: DaemonSettings(maxProcesses: 8, stopGrace: .seconds(5)), windows: [testWindow()]))
    try await harness.run(testWindow()) { operations in
      #expect(try await operations.reload(by: "ann").settings == ["max_processes 4 -> 8", "stop_grace 1m -> 5s"])
      harness.files.write(
        DaemonConfiguration(
          areSettingsSound: false, findings: ["backfilld.yaml:1:1: no"], windows: [testWindow()]))
      let answer = try await operations.reload(by: "ann")
      #expect(answer.settings == [])
      #expect(answer.findings == ["backfilld.yaml:1:1: no"])
      #expect(answer.hasErrors)
    }
    #expect(harness.notifier.heard.contains("EXTEND 35s"))
    #expect(
      harness.recorder.events.map(\.message).contains(
        "what was in force stays in force, 1 error: backfilld.yaml:1:1: no"))
  }

  @Test func `a directory that cannot be listed deletes no window, and mends none`() async throws {
    let harness = try EngineHarness()
    harness.files.write(DaemonConfiguration(areWindowsListed: false, findings: ["windows.d:1:1: cannot be read"]))
    let broken = RejectedWindowStatus(window: "x", findings: ["x.yaml:3:1: no"])
    try await harness.run(all: [testWindow()], rejected: [broken]) { operations in
      let answer = try await operations.reload(by: "ann")
      #expect(answer.windows == [])
      #expect(try await operations.status(of: nil).windows.map(\.window) == ["w"])
      #expect(try await operations.status(of: nil).rejected == [broken])
    }
  }
}
