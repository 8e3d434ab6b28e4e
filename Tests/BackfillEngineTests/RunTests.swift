import BackfillCore
import BackfillTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct RunTests {
  @Test func `a run by hand works through its dates in order`() async throws {
    let harness = try EngineHarness()
    let view = try await harness.run(testWindow()) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-03"))]), by: "ann")
      await harness.wait(forEndOf: "2013-02-03")
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view) == ["2013-02-01", "2013-02-02", "2013-02-03"])
    #expect(view.dates.first?.byHand == true)
    #expect(harness.executor.started == ["2013-02-01 load", "2013-02-02 load", "2013-02-03 load"])
  }

  @Test func `a step that is done is not run again, and its date waits for the others`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(steps: [
      Step(name: "load", command: ["load"]), Step(name: "summary", command: ["summary"], after: ["load"]),
    ])
    let answer = try await harness.run(window) { operations in
      let request = RunRequest(
        window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))], step: "load")
      _ = try await operations.run(request, by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.run(request, by: "ann")
    }
    #expect(
      answer
        == ChangeAnswer(
          message: "nothing to run",
          refused: [.init(date: day("2013-02-01"), why: "`load` is done there already: rerun it")]))
    #expect(harness.executor.started == ["2013-02-01 load"])
  }

  @Test func `a date that is done is not run again`() async throws {
    let harness = try EngineHarness()
    let answer = try await harness.run(testWindow()) { operations in
      let request = RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))])
      _ = try await operations.run(request, by: "ann")
      await harness.wait(forEndOf: "2013-02-01")
      await harness.waitForActivationEnds(1)
      return try await operations.run(request, by: "ann")
    }
    #expect(
      answer
        == ChangeAnswer(
          message: "nothing to run", refused: [.init(date: day("2013-02-01"), why: "is done: rerun it")]))
    #expect(harness.executor.started == ["2013-02-01 load"])
  }

  @Test func `an anomaly pauses the window before the steps below it start`() async throws {
    let harness = try EngineHarness(.passing(except: ["2013-02-02 load": .passed(Report(attempted: 9, records: 0))]))
    let window = testWindow(steps: [
      Step(name: "load", command: ["load"], expect: Expectation(records: NumberRange(minimum: 1))),
      Step(name: "summary", command: ["summary"], after: ["load"]),
    ])
    let view = try await harness.run(window) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state == .paused)
    #expect(view.reason?.hasPrefix("2013-02-02 load: ") == true)
    #expect(dates(.done, of: view) == ["2013-02-01"])
    #expect(dates(.held, of: view) == ["2013-02-02"])
    #expect(!harness.executor.started.contains("2013-02-02 summary"))
    #expect(view.dates[1].steps.map(\.state) == [.done, .blocked])
  }

  @Test func `accepting an anomaly runs the steps below and leaves the window paused`() async throws {
    let harness = try EngineHarness(.passing(except: ["2013-02-01 load": .passed(Report(attempted: 9, records: 0))]))
    let window = testWindow(steps: [
      Step(name: "load", command: ["load"], expect: Expectation(records: NumberRange(minimum: 1))),
      Step(name: "summary", command: ["summary"], after: ["load"]),
    ])
    let view = try await harness.run(window) { operations in
      let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await harness.waitForActivationEnds(1)
      let answer = try await operations.change(
        ChangeRequest(window: "w", action: .accept, dates: one, reason: "known outage"), by: "ann")
      #expect(answer.message == "1 date accepted; the steps below run now; w stays paused until `resume`")
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: day("2013-02-01"))
    }
    #expect(view.state == .paused)
    #expect(view.dates.first?.state == .done)
    #expect(view.dates.first?.verdict == .anomaly)
    #expect(harness.executor.started == ["2013-02-01 load", "2013-02-01 summary"])
    #expect(view.decisions?.map(\.action) == ["run", "accept"])
    #expect(view.decisions?.map(\.reason) == [nil, "known outage"])
    #expect(view.decisions?.map(\.by) == ["ann", "ann"])
  }

  @Test func `with on_anomaly hold only that date waits`() async throws {
    let harness = try EngineHarness(.passing(except: ["2013-02-02 load": .passed(Report(attempted: 9, records: 0))]))
    let view = try await harness.run(testWindow(onAnomaly: .hold)) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-03"))]), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state == .active)
    #expect(dates(.held, of: view) == ["2013-02-02"])
    #expect(dates(.done, of: view) == ["2013-02-01", "2013-02-03"])
  }

  @Test func `I9: a date whose step fails is held and the next date still runs`() async throws {
    let harness = try EngineHarness(.passing(except: ["2013-02-01 load": .ended(.exited(3))]))
    let view = try await harness.run(testWindow()) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-02"))]), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.held, of: view) == ["2013-02-01"])
    #expect(view.dates.first?.reason == "`load` failed: exit status 3")
    #expect(dates(.done, of: view) == ["2013-02-02"])
  }

  @Test func `so many held dates as max_held pause the window`() async throws {
    let harness = try EngineHarness(ScriptedExecutor { _ in .ended(.exited(3)) })
    let view = try await harness.run(testWindow(maxHeld: 2)) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(view.state == .paused)
    #expect(view.reason == "2 dates are held (max_held: 2)")
    #expect(dates(.held, of: view) == ["2013-02-01", "2013-02-02"])
  }

  @Test func `retrying a held date gives it a fresh round of attempts`() async throws {
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        order.attempt.attempt < 3 ? .ended(.exited(3)) : .passed(Report(attempted: 1, records: 1))
      })
    let step = Step(
      name: "load", command: ["load"], retry: Retry(attempts: 2), expect: Expectation(records: NumberRange(minimum: 1)))
    let view = try await harness.run(testWindow(steps: [step])) { operations in
      let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await harness.waitForActivationEnds(1)
      let held = try await operations.show("w", date: day("2013-02-01"))
      #expect(held.dates.first?.reason == "`load` failed: exit status 3 (attempt 2 of 2)")
      _ = try await operations.change(ChangeRequest(window: "w", action: .retry, dates: one), by: "ann")
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: day("2013-02-01"))
    }
    #expect(view.dates.first?.state == .done)
    #expect(view.dates.first?.history?.map(\.attempt) == [1, 2, 3])
  }

  @Test func `exit status 66 holds the date at once without retries`() async throws {
    let harness = try EngineHarness(ScriptedExecutor { _ in .ended(.exited(66)) })
    let step = Step(name: "load", command: ["load"], retry: Retry(attempts: 3))
    let view = try await harness.run(testWindow(to: "2013-02-01", steps: [step])) { operations in
      let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(view.dates.first?.attempts == 1)
    #expect(view.dates.first?.reason == "`load` failed: exit status 66 (input missing)")
  }

  @Test func `a single step runs alone and leaves the date pending`() async throws {
    let harness = try EngineHarness()
    let steps = [Step(name: "load", command: ["load"]), Step(name: "summary", command: ["s"], after: ["load"])]
    let view = try await harness.run(testWindow(steps: steps)) { operations in
      let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
      _ = try await operations.run(RunRequest(window: "w", dates: one, step: "load"), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    #expect(harness.executor.started == ["2013-02-01 load"])
    #expect(view.dates.first?.state == .pending)
    #expect(view.dates.first?.steps.map(\.state) == [.done, .pending])
  }

  @Test func `skipping needs a reason and keeps it`() async throws {
    let harness = try EngineHarness()
    let view = try await harness.run(testWindow()) { operations in
      let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
      await #expect(throws: Refusal(.invalid, "`skip` needs a reason, which is kept (--reason TEXT)")) {
        _ = try await operations.change(ChangeRequest(window: "w", action: .skip, dates: one), by: "ann")
      }
      _ = try await operations.change(
        ChangeRequest(window: "w", action: .skip, dates: one, reason: "no games"), by: "ann")
      return try await operations.show("w", date: day("2013-02-01"))
    }
    #expect(view.dates.first?.state == .skipped)
    #expect(view.dates.first?.reason == "no games")
  }
}
