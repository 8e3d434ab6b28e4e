import BackfillCore
import Testing

@testable import BackfillStore

@Suite struct InputTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private let why = "`requires` of `load` failed: `ls` exited with 2"

  /// Runs the checks of `load` on `date`, which fail.
  private func hold(_ date: CivilDate, maxHeld: Int? = nil) async throws {
    let load = flights.identity("load", date)
    let end = AttemptEnd(
      attempt: load,
      execution: Execution(
        ending: .inputMissing(why), started: Flights.start, duration: .seconds(700),
        outputTail: Array("no rows\n".utf8), report: .notPromised),
      verdict: nil, stepState: .pending, failure: why, isUnfinished: true)
    try await flights.run(load, end, change: .heldForInput(reason: why, verdict: nil), maxHeld: maxHeld)
  }

  @Test func `a date that is held for its input is told from other holds`() async throws {
    try await hold("2013-01-01")
    try await flights.holdByFailure("load", "2013-01-02")
    let dates = try #require(try await flights.store.snapshot().dates["flights"])
    #expect(dates["2013-01-01"] == DateSummary(state: .held, reason: why, awaitsInput: true))
    #expect(dates["2013-01-02"] == DateSummary(state: .held, reason: "`load` failed"))
    #expect(try await flights.date("2013-01-01").awaitsInput)
    #expect(try await flights.store.records(in: "flights").map(\.awaitsInput) == [true, false])
  }

  @Test func `its step is pending, the attempt counts as not made, and says why`() async throws {
    try await hold("2013-01-01")
    let load = flights.identity("load", "2013-01-01")
    #expect(
      try await flights.date("2013-01-01").steps["load"]
        == StepRecord(step: "load", state: .pending, attempt: 1, runID: load.runID, isUnfinished: true, failure: why))
    let attempt = try #require(try await flights.store.attempts(of: "2013-01-01", in: "flights").first)
    #expect(attempt.ending == "input missing")
    #expect(attempt.outputTail == "no rows\n")
  }

  @Test func `it is claimed again under the same number and run, and waits no longer`() async throws {
    try await hold("2013-01-01")
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load)
    let record = try await flights.date("2013-01-01")
    #expect(record.state == .running)
    #expect(!record.awaitsInput)
    #expect(try await flights.store.attempts(of: "2013-01-01", in: "flights").map(\.executions) == [2])
  }

  @Test func `a chunk that looks at it again knows that it waited before`() async throws {
    try await hold("2013-01-01")
    let next = try #require(try await flights.store.open(.sample(nominal: Flights.start + .seconds(86_400))))
    let known = flights.identity("load", "2013-01-01")
    let again = AttemptIdentity(
      window: "flights", date: "2013-01-01", step: "load", attempt: 1, runID: known.runID, chunk: next.id)
    try await flights.claim(again)
    let open = try await flights.store.snapshot().openActivations
    #expect(open.map(\.started) == [["2013-01-01"], ["2013-01-01"]])
    #expect(open.map(\.lookedAt) == [[], ["2013-01-01"]])
  }

  @Test func `it does not count towards max_held`() async throws {
    try await hold("2013-01-01", maxHeld: 1)
    #expect(try await flights.window().state == .active)
    try await flights.holdByFailure("load", "2013-01-02", maxHeld: 2)
    #expect(try await flights.window().state == .active)
    try await flights.holdByFailure("load", "2013-01-03", maxHeld: 2)
    #expect(try await flights.window().reason == "2 dates are held (max_held: 2)")
  }

  @Test func `retried and skipped it waits no longer`() async throws {
    for date: CivilDate in ["2013-01-01", "2013-01-02"] { try await hold(date) }
    #expect(try await flights.decide(.retry(["2013-01-01"])).changed == ["2013-01-01"])
    #expect(try await flights.decide(.skip(["2013-01-02"]), reason: "no flights").changed == ["2013-01-02"])
    let records = try await flights.store.records(in: "flights")
    #expect(records.map(\.state) == [.pending, .skipped])
    #expect(records.map(\.awaitsInput) == [false, false])
  }

  @Test(arguments: [DateChange.done(.pass), .pending(reason: nil)])
  func `it may come to its end without a step, a date that waits for a person may not`(change: DateChange) async throws
  {
    try await hold("2013-01-01")
    try await flights.holdByFailure("load", "2013-01-02")
    func end(_ date: CivilDate) async throws {
      try await flights.store.commit(
        Checkpoint(window: "flights", date: date, at: Flights.start + .seconds(60), dateChange: change))
    }
    try await end("2013-01-01")
    let date = try await flights.date("2013-01-01")
    #expect(date.state == change.state && !date.awaitsInput)
    await #expect(throws: LedgerFailure.self) { try await end("2013-01-02") }
  }

  @Test func `held for a person after it waited for its input, it counts towards max_held`() async throws {
    try await hold("2013-01-01")
    try await flights.store.commit(
      Checkpoint(
        window: "flights", date: "2013-01-01", at: Flights.start + .seconds(60),
        dateChange: .held(reason: "`sum` failed", verdict: nil), maxHeld: 1))
    #expect(try await flights.window().reason == "1 date is held (max_held: 1)")
  }

  @Test func `what its checks took is not the duration of a step`() async throws {
    try await hold("2013-01-01")
    #expect(try await flights.store.stepDurations(in: "flights").isEmpty)
    let slow = try await flights.store.slowDates(
      before: "2013-01-02", step: "load", window: "flights", limit: .seconds(60))
    #expect(slow == 0)
  }
}

@Suite struct PreflightRecordTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private func end(_ failure: String?) async throws -> Bool {
    try await flights.store.endPreflight(
      PreflightEnd(activation: flights.chunk, window: "flights", failure: failure, at: Flights.start + .seconds(9)))
  }

  private func open() async throws -> Activation {
    try #require(try await flights.store.snapshot().openActivations.first)
  }

  @Test func `an activation has a run id of its own before any process`() async throws {
    let first = try await open()
    let second = try #require(try await flights.store.open(.sample(nominal: Flights.start + .seconds(1))))
    #expect(first.runID.count == 32)
    #expect(second.runID.count == 32)
    #expect(first.runID != second.runID)
  }

  @Test func `a preflight that passed is remembered with its activation`() async throws {
    #expect(try await open().hasPassedPreflight == false)
    #expect(try await end(nil) == false)
    #expect(try await open().hasPassedPreflight)
    #expect(try await flights.events() == [.preflightPassed(window: "flights", chunk: flights.chunk)])
  }

  @Test func `a preflight that failed pauses the window and leaves the activation open`() async throws {
    #expect(try await end("`preflight` failed: `df` exited with 1"))
    let window = try await flights.window()
    #expect(window.state == .paused)
    #expect(window.reason == "`preflight` failed: `df` exited with 1")
    #expect(try await open().hasPassedPreflight == false)
    #expect(
      try await flights.events() == [
        .preflightFailed(window: "flights", chunk: flights.chunk, reason: "`preflight` failed: `df` exited with 1"),
        .windowPaused(
          window: "flights", date: nil, reason: "`preflight` failed: `df` exited with 1", by: "backfilld"),
      ])
  }

  @Test func `it does not replace the reason of an earlier pause`() async throws {
    _ = try await flights.decide(.pause, reason: "maintenance")
    #expect(try await end("`preflight` failed") == false)
    #expect(try await flights.window().reason == "maintenance")
  }

  @Test func `the end of a preflight of no open activation is refused`() async throws {
    let end = PreflightEnd(activation: 99, window: "flights", failure: nil, at: Flights.start)
    await #expect(throws: LedgerFailure.contradiction("the ledger has no open activation 99 of `flights`")) {
      _ = try await flights.store.endPreflight(end)
    }
  }
}
