import BackfillCore
import BackfillTestKit
import Testing

/// What persons ask for, and what they are told.
@Suite(.timeLimit(.minutes(1))) struct RequestTests {
  private let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
  private let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]

  @Test func `pausing all windows answers for each of them`() async throws {
    let harness = try EngineHarness()
    let answers = try await harness.run(testWindow("a"), testWindow("b")) { operations in
      let paused = try await operations.pause(PauseRequest(window: nil), by: "ann")
      let states = try await operations.status(of: nil).windows.map(\.state)
      #expect(states == [.paused, .paused])
      return [paused.message, try await operations.resume(ResumeRequest(window: nil), by: "ann").message]
    }
    #expect(
      answers == [
        "a is paused; dates in flight end first\nb is paused; dates in flight end first",
        "a is active; it has no schedule, `run` starts dates\nb is active; it has no schedule, `run` starts dates",
      ])
  }

  @Test func `who has the daemon's own name can pause a window and resume it`() async throws {
    let harness = try EngineHarness()
    let answer = try await harness.run(testWindow()) { operations in
      _ = try await operations.pause(PauseRequest(window: "w"), by: JournalEvent.daemonName)
      return try await operations.resume(ResumeRequest(window: "w"), by: JournalEvent.daemonName)
    }
    #expect(answer.message == "w is active; it has no schedule, `run` starts dates")
  }

  @Test func `pausing all windows names the one that could not be written down`() async throws {
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        if case .decide(let decision) = call, decision.window == "b", decision.action == .pause {
          throw LedgerFailure("the disk is full")
        }
      })
    let states = try await harness.run(testWindow("a"), testWindow("b")) { operations in
      let refusal = Refusal(
        .unavailable, "a is paused; dates in flight end first\nb: nothing was changed: the disk is full")
      await #expect(throws: refusal) { _ = try await operations.pause(PauseRequest(window: nil), by: "ann") }
      return try await operations.status(of: nil).windows.map(\.state)
    }
    #expect(states == [.paused, .active])
  }

  @Test func `resuming a paused window with --now says that it goes on now`() async throws {
    let harness = try EngineHarness()
    let answer = try await harness.run(testWindow()) { operations in
      _ = try await operations.pause(PauseRequest(window: "w"), by: "ann")
      let answer = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.waitForActivationEnds(1)
      return answer
    }
    #expect(answer.message == "w goes on now")
  }

  @Test func `what a person decides and its activation are one transaction`() async throws {
    let harness = try EngineHarness(
      .passing(except: ["2013-02-01 load": .passed(Report(attempted: 9, records: 0))]),
      hook: { call throws(LedgerFailure) in
        if case .open(let request) = call, request.by == "bob" { throw LedgerFailure("must not be asked for") }
      })
    let view = try await harness.run(testWindow()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      try await harness.waitForPause(operations)
      await harness.waitForActivationEnds(1)
      _ = try await operations.change(
        ChangeRequest(window: "w", action: .accept, dates: one, reason: "known"), by: "bob")
      await harness.waitForActivationEnds(2)
      let answer = try await operations.resume(ResumeRequest(window: "w", now: true), by: "bob")
      #expect(answer.message == "w goes on now")
      await harness.waitForActivationEnds(3)
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view).count == 5)
  }

  @Test func `two requests to start a chunk now start one chunk`() async throws {
    let opening = Gate()
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        if case .open = call { await opening.waitUntilCancelledOrOpen() }
      })
    try await harness.run(testWindow()) { operations in
      let first = Task { try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann") }
      await opening.waitUntilReached()
      await #expect(throws: Refusal(.refused, "`w` is at work already")) {
        _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "bob")
      }
      opening.open()
      _ = try await first.value
      await harness.waitForActivationEnds(1)
    }
  }

  @Test func `a window can be paused while its activation is being opened`() async throws {
    let opening = Gate()
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        if case .open = call { await opening.waitUntilCancelledOrOpen() }
      })
    let answer = try await harness.run(testWindow()) { operations in
      let first = Task { try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann") }
      await opening.waitUntilReached()
      let answer = try await operations.pause(PauseRequest(window: "w"), by: "ann")
      opening.open()
      _ = try await first.value
      return answer
    }
    #expect(answer.message == "w is paused; dates in flight end first")
    #expect(harness.executor.started.isEmpty)
  }

  @Test func `a single step whose upstream is not done is refused`() async throws {
    let harness = try EngineHarness()
    let steps = [Step(name: "load", command: ["load"]), Step(name: "summary", command: ["s"], after: ["load"])]
    let answer = try await harness.run(testWindow(steps: steps)) { operations in
      try await operations.run(RunRequest(window: "w", dates: one, step: "summary"), by: "ann")
    }
    #expect(answer.refused == [.init(date: day("2013-02-01"), why: "`summary` needs `load` first, which is not done")])
  }

  @Test func `a single step that ends as an anomaly holds its date, so that it can be accepted`() async throws {
    let harness = try EngineHarness(.passing(except: ["2013-02-01 load": .passed(Report(attempted: 9, records: 0))]))
    let steps = [
      Step(name: "load", command: ["load"], expect: Expectation(records: NumberRange(minimum: 1))),
      Step(name: "other", command: ["o"]),
    ]
    let view = try await harness.run(testWindow(steps: steps)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: one, step: "load"), by: "ann")
      await harness.waitForActivationEnds(1)
      let held = try await operations.show("w", date: day("2013-02-01"))
      #expect(held.dates.first?.state == .held)
      _ = try await operations.change(
        ChangeRequest(window: "w", action: .accept, dates: one, reason: "known"), by: "ann")
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: day("2013-02-01"))
    }
    #expect(view.dates.first?.state == .done)
    #expect(harness.executor.started == ["2013-02-01 load", "2013-02-01 other"])
  }

  @Test func `an anomaly on a paused window halts the rest of what was asked for by hand`() async throws {
    let harness = try EngineHarness(ScriptedExecutor { _ in .passed(Report(attempted: 9, records: 0)) })
    let view = try await harness.run(testWindow()) { operations in
      _ = try await operations.pause(PauseRequest(window: "w", reason: "maintenance"), by: "ann")
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(harness.executor.started == ["2013-02-01 load"])
    #expect(view.reason == "maintenance")
  }

  private func lookingBack(_ minimum: Int = 1) -> [Step] {
    [
      Step(name: "load", command: ["load"]),
      Step(
        name: "features", command: ["f"], after: ["load"],
        lookbacks: [Lookback(step: "load", dates: minimum, minimum: minimum)]),
    ]
  }

  @Test func `a run by hand over dates that look back at each other runs them all`() async throws {
    let harness = try EngineHarness()
    let view = try await harness.run(testWindow(steps: lookingBack())) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view).count == 5)
  }

  @Test func `a run by hand refuses a date whose look back nothing will satisfy`() async throws {
    let harness = try EngineHarness()
    let late = [DateRange(from: day("2013-02-04"), to: day("2013-02-04"))]
    let answer = try await harness.run(testWindow(steps: lookingBack(2))) { operations in
      try await operations.run(RunRequest(window: "w", dates: late), by: "ann")
    }
    #expect(
      answer.refused == [
        .init(date: day("2013-02-04"), why: "`features` needs `load` on 2 of the 2 dates before, 0 have it")
      ])
  }

  @Test func `a single step waits for its own look back only`() async throws {
    let harness = try EngineHarness()
    let late = [DateRange(from: day("2013-02-04"), to: day("2013-02-04"))]
    try await harness.run(testWindow(steps: lookingBack())) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: late, step: "load"), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    #expect(harness.executor.started == ["2013-02-04 load"])
  }

  @Test func `a retried date whose look back is not satisfied waits, and the answer says so`() async throws {
    let harness = try EngineHarness()
    let late = [DateRange(from: day("2013-02-04"), to: day("2013-02-04"))]
    let answer = try await harness.run(testWindow(steps: lookingBack())) { operations in
      _ = try await operations.change(
        ChangeRequest(window: "w", action: .skip, dates: late, reason: "later"), by: "ann")
      let answer = try await operations.change(ChangeRequest(window: "w", action: .retry, dates: late), by: "ann")
      await harness.waitForActivationEnds(1)
      return answer
    }
    #expect(harness.executor.started.isEmpty)
    #expect(
      answer.message
        == "1 date will run again now, 1 of them waits: `features` needs `load` on 1 of the 1 dates before, 0 have it")
  }

  @Test func `resuming all windows leaves those that backfilld has paused`() async throws {
    let harness = try EngineHarness(
      .passing(except: ["2013-02-01 load": .passed(Report(attempted: 9, records: 0))]))
    try await harness.run(testWindow("a"), testWindow("b")) { operations in
      _ = try await operations.run(RunRequest(window: "a", dates: one), by: "ann")
      try await harness.waitForPause(operations, of: "a")
      let kept = "`a` stays paused: backfilld paused it; next: backfillctl show a"
      await #expect(throws: Refusal(.refused, kept)) {
        _ = try await operations.resume(ResumeRequest(window: nil), by: "ann")
      }
      _ = try await operations.pause(PauseRequest(window: nil), by: "ann")
      let answer = try await operations.resume(ResumeRequest(window: nil), by: "ann")
      #expect(answer.message == "b is active; it has no schedule, `run` starts dates\n" + kept)
      #expect(try await operations.status(of: nil).windows.map(\.state) == [.paused, .active])
      _ = try await operations.resume(ResumeRequest(window: "a"), by: "ann")
      #expect(try await operations.status(of: nil).windows.map(\.state) == [.active, .active])
    }
  }

  @Test func `a date that waits for a lock says who holds it`() async throws {
    let running = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.window == "a" { await running.waitUntilCancelledOrOpen() }
        return .passed(Report(attempted: 1, records: 1))
      })
    try await harness.run(testWindow("a", locks: ["table"]), testWindow("b", locks: ["table"])) { operations in
      _ = try await operations.run(RunRequest(window: "a", dates: one), by: "ann")
      await running.waitUntilReached()
      _ = try await operations.run(RunRequest(window: "b", dates: one), by: "ann")
      let view = try await operations.show("b", date: one[0].from)
      #expect(view.dates.first?.reason == "waits for lock `table`, held by `a`")
      running.open()
      await harness.waitForActivationEnds(2)
    }
  }
}
