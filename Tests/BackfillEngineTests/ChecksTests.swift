import BackfillCore
import BackfillTestKit
import Synchronization
import Testing

/// `requires` and `freshness` before a step. The harness's clock shows 2013-06-01.
@Suite(.timeLimit(.minutes(1))) struct ChecksTests {
  private static let first = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
  private static let missing = "`requires` of `load` failed: `exists 2013-02-01` exited with 1"

  private func checked(_ name: String = "load", after: [String] = [], retry: Retry = Retry()) -> Step {
    Step(
      name: name, command: [name], requires: [Check(command: ["exists", "{date}"], timeout: .seconds(60))],
      freshness: [Check(command: ["complete", "{date}"], timeout: .seconds(600))], after: after, retry: retry)
  }

  private func oneDate(_ steps: [Step], settledAfterDays: Int? = nil) -> Window {
    testWindow(to: "2013-02-01", settledAfterDays: settledAfterDays, steps: steps)
  }

  private func runFirst(_ window: Window, _ harness: EngineHarness) async throws -> WindowView {
    try await harness.run(window) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: Self.first), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: day("2013-02-01"))
    }
  }

  @Test func `on a date that is not settled both tiers run before the command`() async throws {
    let harness = try EngineHarness()
    let view = try await runFirst(oneDate([checked()], settledAfterDays: 1000), harness)
    #expect(harness.executor.commands == ["exists 2013-02-01", "complete 2013-02-01", "load"])
    #expect(harness.executor.orders.map { $0.environment["BACKFILL_MODE"] } == ["live", "live", "live"])
    #expect(view.dates.first?.state == .done)
  }

  @Test func `on a settled date freshness is left out`() async throws {
    let harness = try EngineHarness()
    let view = try await runFirst(oneDate([checked()], settledAfterDays: 3), harness)
    #expect(harness.executor.commands == ["exists 2013-02-01", "load"])
    #expect(harness.executor.orders.map { $0.environment["BACKFILL_MODE"] } == ["backfill", "backfill"])
    #expect(view.dates.first?.state == .done)
  }

  @Test func `checks and command are one execution of one attempt`() async throws {
    let harness = try EngineHarness()
    let view = try await runFirst(oneDate([checked()]), harness)
    #expect(Set(harness.executor.orders.map(\.attempt)).count == 1)
    #expect(Set(harness.executor.orders.map { $0.environment }).count == 1)
    #expect(harness.executor.orders.map(\.timeout) == [.seconds(60), .seconds(600), nil])
    #expect(harness.executor.orders.map(\.report) == [.none, .none, .file])
    #expect(view.dates.first?.history?.map(\.executions) == [1])
  }

  @Test func `the cheap gate stops a settled date whose upstream is empty`() async throws {
    let harness = try EngineHarness(.ending(["exists 2013-02-01": .exited(1)]))
    let steps = [checked(retry: Retry(attempts: 3)), Step(name: "summary", command: ["summary"], after: ["load"])]
    let view = try await runFirst(oneDate(steps, settledAfterDays: 3), harness)
    let date = try #require(view.dates.first)
    #expect(harness.executor.commands == ["exists 2013-02-01"])
    #expect(date.state == .held)
    #expect(date.awaitsInput)
    #expect(date.reason == Self.missing)
    #expect(date.steps.map(\.state) == [.pending, .pending])
    #expect(date.steps.first?.sentence == Self.missing)
    #expect(view.state == .active)
  }

  @Test(arguments: [
    (Ending.signaled(9), "was killed by SIGKILL"),
    (.timedOut(.seconds(600)), "was stopped after its time limit of 10m"),
    (.notStarted("command not found: complete"), "could not be started: command not found: complete"),
  ])
  func `whatever ends a check, the date waits and the reason names it`(ending: Ending, happened: String) async throws {
    let harness = try EngineHarness(.ending(["complete 2013-02-01": ending]))
    let view = try await runFirst(oneDate([checked()]), harness)
    #expect(view.dates.first?.reason == "`freshness` of `load` failed: `complete 2013-02-01` \(happened)")
    #expect(view.dates.first?.awaitsInput == true)
  }

  @Test func `the journal tells of the step and of the date`() async throws {
    let harness = try EngineHarness(.ending(["exists 2013-02-01": .exited(1)]))
    _ = try await runFirst(oneDate([checked()]), harness)
    let kinds = harness.recorder.events.map(\.kind)
    #expect(kinds.contains(.stepInputMissing))
    #expect(kinds.contains(.dateAwaitsInput))
    #expect(!kinds.contains(.dateHeld))
    #expect(!kinds.contains(.stepFailed))
  }

  @Test func `a branch that does not need the input runs`() async throws {
    let harness = try EngineHarness(.ending(["exists 2013-02-01": .exited(1)]))
    let side = [Step(name: "side", command: ["side"]), Step(name: "below", command: ["below"], after: ["side"])]
    let view = try await runFirst(oneDate([checked()] + side), harness)
    #expect(harness.executor.commands == ["exists 2013-02-01", "side", "below"])
    #expect(view.dates.first?.steps.map(\.state) == [.pending, .done, .done])
    #expect(view.dates.first?.awaitsInput == true)
  }

  @Test func `with a step that failed beside it the date waits for a person`() async throws {
    let harness = try EngineHarness(.ending(["exists 2013-02-01": .exited(1), "side": .exited(3)]))
    let view = try await runFirst(oneDate([checked(), Step(name: "side", command: ["side"])]), harness)
    #expect(view.dates.first?.reason == "`side` failed: exit status 3; \(Self.missing)")
    #expect(view.dates.first?.awaitsInput == false)
  }

  @Test func `the exit status 66 of the command itself waits for a person`() async throws {
    let harness = try EngineHarness(.ending(["load": .exited(66)]))
    let view = try await runFirst(oneDate([checked()]), harness)
    #expect(view.dates.first?.reason == "`load` failed: exit status 66 (input missing)")
    #expect(view.dates.first?.awaitsInput == false)
  }

  @Test func `the date is looked at again by the next chunk, once, and done when the input is there`() async throws {
    let isThere = Flag()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        order.command == ["exists", "2013-02-01"] && !isThere.isSet
          ? .ended(.exited(1)) : .passed(Report(attempted: 1, records: 1))
      })
    let retried = checked(retry: Retry(attempts: 2))
    let view = try await harness.run(testWindow(to: "2013-02-02", maxHeld: 1, steps: [retried])) { operations in
      for chunk in 1...2 {
        _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
        await harness.waitForActivationEnds(chunk)
        let view = try await operations.show("w", date: nil)
        #expect(view.state == .active)
        #expect(dates(.held, of: view) == ["2013-02-01"])
        #expect(dates(.done, of: view) == ["2013-02-02"])
      }
      isThere.set()
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.waitForActivationEnds(3)
      return try await operations.show("w", date: day("2013-02-01"))
    }
    let looks = harness.executor.orders.filter { $0.command == ["exists", "2013-02-01"] }
    #expect(looks.count == 3)
    #expect(Set(looks.map(\.attempt.runID)).count == 1)
    #expect(view.dates.first?.state == .done)
    #expect(view.dates.first?.history?.map(\.attempt) == [1])
    #expect(view.dates.first?.history?.map(\.executions) == [3])
  }

  @Test func `it is looked at again after a restart too`() async throws {
    let harness = try EngineHarness(.ending(["exists 2013-02-01": .exited(1)]))
    let window = oneDate([checked()])
    _ = try await runFirst(window, harness)
    let there = ScriptedExecutor.passing()
    try await harness.run(window, executor: there) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.waitForActivationEnds(2)
      #expect(try await operations.status(of: "w").windows.first?.dates.count(.done) == 1)
    }
    #expect(there.commands == ["exists 2013-02-01", "complete 2013-02-01", "load"])
  }

  @Test func `a person may have it looked at with run`() async throws {
    let harness = try EngineHarness(.ending(["exists 2013-02-01": .exited(1)]))
    let answer = try await harness.run(oneDate([checked()])) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: Self.first), by: "ann")
      await harness.waitForActivationEnds(1)
      let answer = try await operations.run(RunRequest(window: "w", dates: Self.first), by: "ann")
      await harness.waitForActivationEnds(2)
      return answer
    }
    #expect(answer.message == "1 date of w will run now")
    #expect(harness.executor.commands == ["exists 2013-02-01", "exists 2013-02-01"])
  }

  @Test func `dates that wait take no place of a chunk from dates that can run`() async throws {
    let down = (1...2).map { ("exists 2013-02-0\($0)", Ending.exited(1)) }
    let harness = try EngineHarness(.ending(Dictionary(uniqueKeysWithValues: down)))
    let schedule = Schedule(when: try CalendarExpression.parse("0 1 * * *"), chunk: 2)
    let view = try await harness.run(testWindow(schedule: schedule, steps: [checked()])) { operations in
      for chunk in 1...2 {
        _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
        await harness.waitForActivationEnds(chunk)
      }
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.held, of: view) == ["2013-02-01", "2013-02-02"])
    #expect(dates(.done, of: view) == ["2013-02-03", "2013-02-04"])
  }

  @Test func `a check that ends after a stop was asked for is not followed by its command`() async throws {
    let gate = Gate()
    let notifier = NotifierBox()
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        await gate.waitUntilCancelledOrOpen()
        // Said after the stop was given.
        while notifier.recorder?.heard.contains(where: { $0.hasPrefix("EXTEND") }) != true { await Task.yield() }
        return .passed(Report())
      })
    notifier.set(harness.notifier)
    try await harness.run(oneDate([checked()])) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: Self.first), by: "ann")
      await gate.waitUntilReached()
      gate.open()
    }
    #expect(harness.executor.commands == ["exists 2013-02-01"])
    #expect(harness.recorder.events.contains { $0.kind == .stepStopped })
  }

  @Test func `a stop during a check leaves the attempt unfinished and the date pending`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        await gate.waitUntilCancelledOrOpen()
        return Task.isCancelled ? .ended(.stopped) : .passed(Report())
      })
    let window = oneDate([checked()])
    try await harness.run(window, settings: DaemonSettings(stopGrace: .zero)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: Self.first), by: "ann")
      await gate.waitUntilReached()
    }
    #expect(harness.executor.commands == ["exists 2013-02-01"])
    let next = ScriptedExecutor.passing()
    try await harness.run(window, executor: next) { _ in await harness.waitForActivationEnds(1) }
    #expect(next.commands == ["exists 2013-02-01", "complete 2013-02-01", "load"])
    #expect(next.orders.first?.attempt == harness.executor.orders.first?.attempt)
  }

  @Test func `without the step that waited the date is done`() async throws {
    let harness = try EngineHarness(.ending(["exists 2013-02-01": .exited(1)]))
    let first = Step(name: "first", command: ["first"])
    let before = oneDate([first, checked(after: ["first"])])
    _ = try await runFirst(before, harness)
    harness.clock.advance(by: .seconds(60))
    let state = try await harness.run(oneDate([first])) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.waitForActivationEnds(2)
      return try await operations.show("w", date: day("2013-02-01")).dates.first?.state
    }
    #expect(state == .done)
  }

  @Test func `called off before it was looked at, the date waits as before`() async throws {
    let long = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        if order.attempt.window == "long" { await long.waitUntilCancelledOrOpen() }
        return order.command.first == "exists" ? .ended(.exited(1)) : .passed(Report(attempted: 1, records: 1))
      })
    _ = try await runFirst(oneDate([checked()]), harness)
    harness.clock.advance(by: .seconds(60))
    let settings = DaemonSettings(maxProcesses: 1)
    try await harness.run(oneDate([checked()]), testWindow("long"), settings: settings) { operations in
      _ = try await operations.run(RunRequest(window: "long", dates: Self.first), by: "ann")
      await long.waitUntilReached()
      _ = try await operations.run(RunRequest(window: "w", dates: Self.first), by: "ann")
      _ = try await operations.pause(PauseRequest(window: "w"), by: "ann")
      while try await operations.status(of: "w").windows.first?.running.isEmpty == false { await Task.yield() }
      let date = try #require(try await operations.show("w", date: day("2013-02-01")).dates.first)
      #expect(date.state == .held && date.awaitsInput && date.reason == Self.missing)
      #expect(try await operations.status(of: "w").windows.first?.dates.count(.held) == 1)
      long.open()
    }
    #expect(harness.executor.commands.filter { $0 == "exists 2013-02-01" }.count == 1)
  }
}

/// The recorder of a harness, for a script that is made before it.
private final class NotifierBox: Sendable {
  private let state = Mutex<NotifierRecorder?>(nil)

  var recorder: NotifierRecorder? { state.withLock { $0 } }

  func set(_ recorder: NotifierRecorder) {
    state.withLock { $0 = recorder }
  }
}
