import BackfillCore
import Foundation
import GRDB
import Testing

@testable import BackfillStore

@Suite struct RecoverTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private let later = Flights.start + .seconds(600)

  @Test func `a claimed step is pending again under its number and run`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load)
    #expect(
      try await flights.store.recover(at: later) == [
        RecoveredStep(attempt: load, interruptions: 1, isDateHeld: false)
      ])
    #expect(
      try await flights.date("2013-01-01")
        == DateRecord(
          date: "2013-01-01", state: .pending, chunk: flights.chunk,
          steps: [
            "load": StepRecord(
              step: "load", state: .pending, attempt: 1, runID: load.runID, isUnfinished: true, interruptions: 1)
          ]))
    #expect(try await flights.events() == [.stepInterrupted(load, inARow: 1)])
  }

  @Test func `an interrupted attempt says so until it is executed again`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load)
    _ = try await flights.store.recover(at: later)
    let attempt = try #require(try await flights.store.attempts(of: "2013-01-01", in: "flights").first)
    #expect(attempt.ending == "interrupted")
    #expect(attempt.ended == later)
    #expect(attempt.durationMilliseconds == nil)
    try await flights.claim(load)
    #expect(try await flights.store.attempts(of: "2013-01-01", in: "flights").map(\.ending) == [nil])
  }

  @Test func `the third interruption in a row holds the date`() async throws {
    let load = flights.identity("routes", "2013-01-01")
    for _ in 1...2 {
      try await flights.claim(load)
      _ = try await flights.store.recover(at: later)
    }
    try await flights.claim(load)
    try await flights.forgetEvents()
    #expect(
      try await flights.store.recover(at: later) == [
        RecoveredStep(attempt: load, interruptions: 3, isDateHeld: true)
      ])
    let record = try await flights.date("2013-01-01")
    #expect(record.state == .held)
    #expect(record.reason == "`routes` was interrupted 3 times in a row")
    #expect(
      try await flights.events() == [
        .stepInterrupted(load, inARow: 3),
        .dateHeld(
          window: "flights", date: "2013-01-01", chunk: flights.chunk,
          reason: "`routes` was interrupted 3 times in a row"),
      ])
  }

  @Test func `a date held by its third interruption counts towards max_held`() async throws {
    let load = flights.identity("routes", "2013-01-01")
    for _ in 1...2 {
      try await flights.claim(load)
      _ = try await flights.store.recover(at: later, maxHeld: ["flights": 1])
    }
    try await flights.claim(load)
    _ = try await flights.store.recover(at: later, maxHeld: ["flights": 1])
    let window = try #require(try await flights.store.snapshot().windows.first)
    #expect(window.state == .paused)
    #expect(window.reason == "1 date is held (max_held: 1)")
    #expect(
      try await flights.events().last
        == .windowPaused(
          window: "flights", date: "2013-01-01", reason: "1 date is held (max_held: 1)", by: "backfilld"))
  }

  @Test func `an end of its own breaks the row of interruptions`() async throws {
    let load = flights.identity("load", "2013-01-01")
    for _ in 1...2 {
      try await flights.claim(load)
      _ = try await flights.store.recover(at: later)
    }
    try await flights.run(load, .failed(load, to: .pending))
    let again = flights.identity("load", "2013-01-01", 2)
    try await flights.claim(again)
    #expect(
      try await flights.store.recover(at: later) == [
        RecoveredStep(attempt: again, interruptions: 1, isDateHeld: false)
      ])
  }

  @Test func `a look that found the input missing breaks the row of interruptions`() async throws {
    let load = flights.identity("load", "2013-01-01")
    for _ in 1...2 {
      try await flights.claim(load)
      _ = try await flights.store.recover(at: later)
    }
    let why = "`requires` of `load` failed: `exists` exited with 1"
    let missing = AttemptEnd(
      attempt: load,
      execution: Execution(
        ending: .inputMissing(why), started: Flights.start, duration: .seconds(1), report: .notPromised),
      verdict: nil, stepState: .pending, failure: why, isUnfinished: true)
    try await flights.run(load, missing, change: .heldForInput(reason: why, verdict: nil))
    try await flights.claim(load)
    #expect(
      try await flights.store.recover(at: later) == [
        RecoveredStep(attempt: load, interruptions: 1, isDateHeld: false)
      ])
  }

  @Test func `an orderly stop counts nothing and leaves nothing to recover`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .stopped(load), change: .pending(reason: nil))
    #expect(try await flights.store.recover(at: later).isEmpty)
    #expect(try await flights.date("2013-01-01").steps["load"]?.interruptions == 0)
  }

  @Test func `a running date between two steps is pending again`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load))
    #expect(try await flights.store.recover(at: later).isEmpty)
    let record = try await flights.date("2013-01-01")
    #expect(record.state == .pending)
    #expect(record.steps["load"]?.state == .done)
  }

  @Test func `a held date stays held when another step of it was interrupted`() async throws {
    try await flights.claim(flights.identity("carriers", "2013-01-01"))
    try await flights.holdByAnomaly("load", "2013-01-01")
    _ = try await flights.store.recover(at: later)
    let record = try await flights.date("2013-01-01")
    #expect(record.state == .held)
    #expect(record.reason == "anomaly")
    #expect(record.steps["carriers"]?.state == .pending)
  }

  @Test func `activations stay open`() async throws {
    try await flights.claim(flights.identity("load", "2013-01-01"))
    _ = try await flights.store.recover(at: later)
    let open = try await flights.store.snapshot().openActivations
    #expect(open.map(\.id) == [flights.chunk])
    #expect(open.map(\.started) == [["2013-01-01"]])
  }

  /// An activation by hand that has started `load` of three dates: one is done, one between two steps, one runs.
  private func startByHand() async throws -> [AttemptIdentity] {
    let dates: [CivilDate] = ["2013-01-01", "2013-01-02", "2013-01-03"]
    let hand = try #require(
      try await flights.store.open(.sample(kind: .hand, nominal: Flights.start + .seconds(9), dates: dates)))
    let loads = dates.map {
      AttemptIdentity(window: "flights", date: $0, step: "load", attempt: 1, runID: "r-\($0)", chunk: hand.id)
    }
    try await flights.run(loads[0], .ended(loads[0]), change: .done(.pass))
    try await flights.run(loads[1], .ended(loads[1]))
    try await flights.claim(loads[2])
    return loads
  }

  private func startedByHand() async throws -> Set<CivilDate>? {
    try await flights.store.snapshot().openActivations.first { $0.kind == .hand }?.started
  }

  @Test func `an activation by hand gets back what was cut short`() async throws {
    _ = try await startByHand()
    _ = try await flights.store.recover(at: later)
    #expect(try await startedByHand() == ["2013-01-01"])
  }

  @Test func `a date that became stale after its end is not given back to an activation by hand`() async throws {
    _ = try await startByHand()
    let stale = RerunDate(date: "2013-01-01", again: ["load"], stale: [], isPending: true)
    _ = try await flights.decide(.rerun(Rerun(step: "load", dates: [stale])))
    _ = try await flights.store.recover(at: later)
    #expect(try await flights.date("2013-01-01").state == .pending)
    #expect(try await startedByHand() == ["2013-01-01"])
  }

  @Test func `what was committed is in the files while the daemon runs, as after SIGKILL`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load), change: .done(.pass), events: [.ledgerRecovered])
    try await flights.claim(flights.identity("load", "2013-01-02"))
    let copy = try StateDirectory()
    for name in ["backfilld.db", "backfilld.db-wal", "backfilld.db.exists"] {
      try FileManager.default.copyItem(
        atPath: flights.directory.path + "/" + name, toPath: copy.path + "/" + name)
    }
    let reopened = try LedgerStore.open(directory: copy.path)
    #expect(try await reopened.snapshot() == flights.store.snapshot())
    #expect(try await reopened.records(in: "flights") == flights.store.records(in: "flights"))
    // What was handed over a moment ago is handed over once more.
    let pending = try await flights.store.pendingEvents(limit: 10)
    #expect(pending.map(\.event) == [.ledgerRecovered])
    #expect(try await reopened.pendingEvents(limit: 10).suffix(1) == pending[...])
    #expect(try await reopened.pool.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
  }
}
