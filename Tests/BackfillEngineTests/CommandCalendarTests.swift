import BackfillCore
import BackfillTestKit
import Synchronization
import Testing

/// Windows whose dates a command prints.
@Suite(.timeLimit(.minutes(1))) struct CommandCalendarTests {
  private let first = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]

  /// What the command prints, or how it ends.
  private final class Program: Sendable {
    private let next: Mutex<Execution>

    init(_ text: String) {
      next = Mutex(Self.printing(text))
    }

    func print(_ text: String) { next.withLock { $0 = Self.printing(text) } }
    func end(_ execution: Execution) { next.withLock { $0 = execution } }

    var executor: ScriptedExecutor {
      ScriptedExecutor { order in
        order.attempt.step == "calendar"
          ? self.next.withLock { $0 } : .passed(Report(attempted: 1, records: 1))
      }
    }

    static func printing(_ text: String) -> Execution {
      Execution(
        ending: .exited(0), started: Instant(seconds: 0), duration: .zero, report: .notPromised,
        standardOutput: Array(text.utf8))
    }
  }

  private func window(
    _ command: [String] = ["dates"], except: Set<CivilDate> = [], schedule: Schedule? = nil, steps: [Step]? = nil
  ) -> Window {
    Window(
      name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2013-02-28"), except: except, command: command),
      schedule: schedule, steps: steps ?? [Step(name: "load", command: ["load"], report: .none)], definitionHash: "d1")
  }

  private func total(_ operations: any Operations, is count: Int) async throws {
    while try await operations.status(of: "w").windows.first?.dates.total != count { await Task.yield() }
  }

  @Test func `without a calendar the command runs at the start`() async throws {
    let program = Program("2013-02-01,16\n2013-02-04\n2014-01-01\n")
    let harness = try EngineHarness(program.executor)
    try await harness.run(window(["bq", "query"])) { operations in
      try await total(operations, is: 2)
      _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann")
      await harness.wait(forEndOf: "2013-02-01")
    }
    let order = try #require(harness.executor.orders.first)
    #expect(order.command == ["bq", "query"])
    #expect(order.timeout == .seconds(60))
    #expect(order.keptOutput == 1 << 20)
  }

  @Test func `the last good calendar survives a restart, and the command does not run again for it`() async throws {
    let program = Program("2013-02-01\n2013-02-04\n")
    let harness = try EngineHarness(program.executor)
    try await harness.run(window()) { try await total($0, is: 2) }
    try await harness.run(window()) { try await total($0, is: 2) }
    #expect(harness.executor.orders.count == 1)
  }

  @Test func `the last good calendar survives a start without the window's file, and a lost date is still seen`()
    async throws
  {
    let program = Program("2013-02-01\n2013-02-04\n")
    let harness = try EngineHarness(program.executor)
    try await harness.run(window()) { try await total($0, is: 2) }
    program.print("2013-02-01\n")
    try await harness.run(testWindow("x")) { operations in
      harness.files.write(testWindow("x"), window())
      _ = try await operations.reload(by: "ann")
      try await harness.waitForPause(operations)
      let status = try await operations.status(of: "w").windows.first
      #expect(status?.dates.total == 2)
      #expect(status?.reason?.contains("left out 2013-02-04, which it printed before") == true)
    }
  }

  @Test func `an activation reads the calendar before its first date`() async throws {
    let program = Program("2013-02-02\n")
    let harness = try EngineHarness(program.executor)
    let nightly = Schedule(when: try CalendarExpression.parse("0 1 * * *"))
    try await harness.run(window(schedule: nightly)) { operations in
      try await total(operations, is: 1)
      program.print("2013-02-01\n2013-02-02\n")
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    #expect(harness.executor.started.filter { !$0.hasSuffix("calendar") } == ["2013-02-01 load", "2013-02-02 load"])
  }

  /// The night of 2013-06-02, after which the only date, 2013-02-01, is done.
  private func completeFirstNight(_ harness: EngineHarness, _ operations: any Operations) async throws {
    try await total(operations, is: 1)
    harness.clock.move(to: try #require(Instant(iso: "2013-06-02T01:00:00Z")))
    await harness.wait(forEndOf: "2013-02-01")
    while try await operations.status(of: "w").windows.first?.state != .complete { await Task.yield() }
  }

  @Test func `a firing of a complete window reads the calendar, once, and works on what is new`() async throws {
    let program = Program("2013-02-01\n")
    let harness = try EngineHarness(program.executor)
    let nightly = Schedule(when: try CalendarExpression.parse("0 1 * * *"))
    try await harness.run(window(schedule: nightly)) { operations in
      try await completeFirstNight(harness, operations)
      program.print("2013-02-01\n2013-02-02\n")
      harness.clock.move(to: try #require(Instant(iso: "2013-06-03T01:00:00Z")))
      await harness.wait(forEndOf: "2013-02-02")
      while try await operations.status(of: "w").windows.first?.state != .complete { await Task.yield() }
      harness.clock.move(to: try #require(Instant(iso: "2013-06-04T01:00:00Z")))
      while harness.executor.started.count < 6 { await Task.yield() }
    }
    #expect(
      harness.executor.started == [
        "2013-02-01 calendar", "2013-02-01 calendar", "2013-02-01 load", "2013-02-01 calendar", "2013-02-02 load",
        "2013-02-01 calendar",
      ])
  }

  @Test func `a firing of a complete window pauses it when its calendar is bad`() async throws {
    let program = Program("2013-02-01\n")
    let harness = try EngineHarness(program.executor)
    let nightly = Schedule(when: try CalendarExpression.parse("0 1 * * *"))
    try await harness.run(window(schedule: nightly)) { operations in
      try await completeFirstNight(harness, operations)
      program.print("")
      harness.clock.move(to: try #require(Instant(iso: "2013-06-03T01:00:00Z")))
      try await harness.waitForPause(operations)
      let reason = try await operations.status(of: "w").windows.first?.reason
      #expect(reason == "the calendar's command `dates` printed no dates\(Self.kept)")
    }
  }

  @Test func `a chunk that a stop cut off before its first date reads the calendar after the restart`() async throws {
    let program = Program("2013-02-01\n")
    let harness = try EngineHarness(program.executor)
    let nightly = Schedule(when: try CalendarExpression.parse("0 1 * * *"))
    try await harness.run(window(schedule: nightly)) { try await total($0, is: 1) }
    let gate = Gate()
    let hanging = ScriptedExecutor { _ in
      await gate.waitUntilCancelledOrOpen()
      return .ended(.stopped)
    }
    try await harness.run(window(schedule: nightly), executor: hanging) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      await gate.waitUntilReached()
    }
    program.print("2013-02-01\n2013-02-02\n")
    try await harness.run(window(schedule: nightly)) { _ in await harness.waitForActivationEnds(1) }
    #expect(
      harness.executor.started == [
        "2013-02-01 calendar", "2013-02-01 calendar", "2013-02-01 load", "2013-02-02 load",
      ])
  }

  @Test func `a reload reads the calendar again`() async throws {
    let program = Program("2013-02-01\n")
    let harness = try EngineHarness(program.executor)
    harness.files.write(window())
    try await harness.run(window()) { operations in
      try await total(operations, is: 1)
      program.print("2013-02-01\n2013-02-02\n")
      let changes = try await operations.reload(by: "ann").windows
      #expect(changes.map(\.change) == [.unchanged])
      #expect(changes.map(\.note) == ["the command of its calendar runs now"])
      try await total(operations, is: 2)
    }
  }

  static let kept = "; the last good calendar stays in force"
  /// What is wrong with it, and the end of the command that printed it; that is too long to name a test.
  static let bad: [String: Execution] = [
    "failed: exit status 3": .ended(.exited(3)),
    "failed: stopped after its time limit of 1m": .ended(.timedOut(.seconds(60))),
    "printed no dates": Program.printing(""),
    "printed what is no calendar: output:1:1: not a date: `tomorrow`": Program.printing("tomorrow\n"),
    "left out 2013-02-01, which it printed before (`dates.except` is for dates that are gone for good)":
      Program.printing("2013-02-02\n"),
    "printed more than 1 MiB": Program.printing(String(repeating: "x", count: (1 << 20) + 1)),
  ]

  @Test(arguments: bad.keys.sorted())
  func `a bad calendar pauses the window, the last good one stays`(problem: String) async throws {
    let end = try #require(Self.bad[problem])
    let program = Program("2013-02-01\n2013-02-02\n")
    let harness = try EngineHarness(program.executor)
    harness.files.write(window())
    let status = try await harness.run(window()) { operations in
      try await total(operations, is: 2)
      program.end(end)
      _ = try await operations.reload(by: "ann")
      try await harness.waitForPause(operations)
      return try await operations.status(of: "w").windows.first
    }
    #expect(status?.state == .paused)
    #expect(status?.by == "backfilld")
    #expect(status?.reason == "the calendar's command `dates` \(problem)\(Self.kept)")
    #expect(status?.dates.total == 2)
  }

  @Test func `without any good calendar the sentence says so`() async throws {
    let program = Program("")
    let harness = try EngineHarness(program.executor)
    try await harness.run(window()) { operations in
      try await harness.waitForPause(operations)
      let status = try await operations.status(of: "w").windows.first
      #expect(status?.reason == "the calendar's command `dates` printed no dates; there is no calendar yet")
    }
  }

  @Test func `a command that fails is named with its arguments and its last words`() async throws {
    let program = Program("")
    program.end(
      Execution(
        ending: .exited(3), started: Instant(seconds: 0), duration: .zero,
        outputTail: Array("connecting\n  bq: \u{1B}[31mnot authenticated\n\n".utf8), report: .notPromised))
    let harness = try EngineHarness(program.executor)
    try await harness.run(window(["bq", "query", "select\n1"])) { operations in
      try await harness.waitForPause(operations)
      let status = try await operations.status(of: "w").windows.first
      #expect(
        status?.reason
          == "the calendar's command `bq query select 1` failed: exit status 3 (bq: \\u{1B}[31mnot authenticated); "
          + "there is no calendar yet")
    }
  }

  @Test func `a resume runs the command again while there is no calendar`() async throws {
    let program = Program("")
    let harness = try EngineHarness(program.executor)
    try await harness.run(window()) { operations in
      try await harness.waitForPause(operations)
      program.print("2013-02-01\n2013-02-04\n")
      _ = try await operations.resume(ResumeRequest(window: "w"), by: "ann")
      try await total(operations, is: 2)
    }
  }

  private func refusal(_ question: () async throws -> Void) async throws -> Refusal? {
    do {
      try await question()
      return nil
    } catch let refusal as Refusal {
      return refusal
    }
  }

  @Test(arguments: [true, false])
  func `before the first calendar everything says that there is none`(isRunning: Bool) async throws {
    let gate = Gate()
    let executor = ScriptedExecutor { order in
      if isRunning { await gate.waitUntilCancelledOrOpen() }
      return .ended(.exited(1))
    }
    let harness = try EngineHarness(executor)
    try await harness.run(window()) { operations in
      if isRunning { await gate.waitUntilReached() } else { try await harness.waitForPause(operations) }
      while try await operations.status(of: "w").windows.first?.calendar == (isRunning ? .missing : .running) {
        await Task.yield()
      }
      let status = try await operations.status(of: "w").windows.first
      #expect(status?.calendar == (isRunning ? .running : .missing))
      let why = Refusal(
        .refused,
        isRunning
          ? "`w` has no calendar yet: its command is running, ask again"
          : "`w` has no calendar yet: its command has not printed one (`backfillctl status w`)")
      let date = day("2013-02-01")
      #expect(
        try await refusal { _ = try await operations.run(RunRequest(window: "w", dates: first), by: "ann") } == why)
      #expect(try await refusal { _ = try await operations.show("w", date: date) } == why)
      #expect(
        try await refusal { _ = try await operations.validate(ValidationRequest(window: "w", dates: first), by: "ann") }
          == why)
      #expect(
        try await refusal {
          _ = try await operations.importDone(ImportRequest(window: "w", dates: [date]), by: "ann")
        } == why)
      #expect(try await operations.plan(PlanRequest(window: "w")).finishUnknown == "there is no calendar yet")
      gate.open()
    }
    #expect(harness.notifier.heard.contains { $0.hasPrefix("STATUS w: no calendar yet") })
  }

  @Test func `a date of except, and an edited command, may be left out`() async throws {
    let program = Program("2013-02-01\n2013-02-02\n2013-02-03\n")
    let harness = try EngineHarness(program.executor)
    try await harness.run(window()) { operations in
      try await total(operations, is: 3)
      program.print("2013-02-02\n2013-02-03\n")
      harness.files.write(window(except: [day("2013-02-01")]))
      _ = try await operations.reload(by: "ann")
      try await total(operations, is: 2)
      program.print("2013-02-05\n")
      harness.files.write(window(["others"]))
      _ = try await operations.reload(by: "ann")
      try await total(operations, is: 1)
      #expect(try await operations.status(of: "w").windows.first?.state == .active)
    }
  }

  @Test func `a step that expects completeness needs a COUNT for each date`() async throws {
    let harness = try EngineHarness(Program("2013-02-01,16\n2013-02-02\n").executor)
    let step = Step(
      name: "load", command: ["load"], expect: Expectation(completeness: NumberRange(minimum: 0.5)))
    try await harness.run(window(steps: [step])) { operations in
      try await harness.waitForPause(operations)
      let reason = try await operations.status(of: "w").windows.first?.reason
      #expect(
        reason
          == "the calendar's command `dates` printed no COUNT for 2013-02-02, which `expect.completeness` of step "
          + "`load` needs; there is no calendar yet")
    }
  }

  @Test func `a date that the window leaves out needs no COUNT`() async throws {
    let harness = try EngineHarness(Program("2013-02-01,16\n2013-02-02\n2013-03-15\n").executor)
    let step = Step(
      name: "load", command: ["load"], expect: Expectation(completeness: NumberRange(minimum: 0.5)))
    try await harness.run(window(except: [day("2013-02-02")], steps: [step])) { operations in
      while try await operations.status(of: "w").windows.first?.calendar == .running { await Task.yield() }
      let status = try await operations.status(of: "w").windows.first
      #expect(status?.reason == nil)
      #expect(status?.dates.total == 1)
    }
  }
}
