import BackfillCore
import Testing

@testable import BackfillStore

/// Decisions about dates: accept, retry, skip.
@Suite struct DecideDatesTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private let later = Flights.start + .seconds(3600)
  private let date: CivilDate = "2013-02-08"

  private func refused(_ why: String) -> DecisionOutcome {
    DecisionOutcome(changed: [], refused: [DecisionOutcome.Refused(date: date, why: why)])
  }

  /// Brings `date` into `state`.
  private func bring(into state: DateState) async throws {
    let load = flights.identity("load", date)
    switch state {
    case .pending, .verifying: break
    case .running: try await flights.claim(load)
    case .done: try await flights.run(load, .ended(load), change: .done(.pass))
    case .held: try await flights.holdByAnomaly("load", date)
    case .skipped: _ = try await flights.decide(.skip([date]), reason: "no flights")
    }
  }

  // MARK: accept

  @Test func `accept opens the gate of the step and makes the date pending`() async throws {
    try await bring(into: .held)
    #expect(
      try await flights.decide(.accept([date]), reason: "a blizzard")
        == DecisionOutcome(changed: [date], refused: [], accepted: [date: ["load"]]))
    let record = try await flights.date(date)
    #expect(record.state == .pending)
    #expect(record.reason == "accepted: a blizzard")
    #expect(record.steps["load"]?.isAccepted == true)
    #expect(record.steps["load"]?.opensGate == true)
  }

  /// What a daemon leaves that dies between the end of a step and the end of its date.
  private func leavePending(_ end: AttemptEnd) async throws {
    try await flights.run(end.attempt, end)
    _ = try await flights.store.recover(at: later)
    #expect(try await flights.date(date).state == .pending)
  }

  @Test func `an anomaly on a date that is pending since a crash can be accepted`() async throws {
    try await leavePending(.ended(flights.identity("load", date), verdict: .sample(.anomaly)))
    #expect(
      try await flights.decide(.accept([date]), reason: "a blizzard")
        == DecisionOutcome(changed: [date], refused: [], accepted: [date: ["load"]]))
    #expect(try await flights.date(date).steps["load"]?.opensGate == true)
  }

  @Test func `a failed step on a date that is pending since a crash can be retried`() async throws {
    try await leavePending(.failed(flights.identity("load", date)))
    #expect(try await flights.decide(.retry([date])) == DecisionOutcome(changed: [date], refused: []))
    #expect(try await flights.date(date).steps["load"]?.state == .pending)
  }

  @Test func `accept is told and kept per step`() async throws {
    let carriers = flights.identity("carriers", date)
    try await flights.run(carriers, .ended(carriers, verdict: .sample(.anomaly)))
    try await flights.holdByAnomaly("load", date)
    _ = try await flights.decide(.accept([date]), reason: "a blizzard")
    #expect(
      try await flights.events() == [
        .dateAccepted(window: "flights", date: date, step: "carriers", reason: "a blizzard", by: "ada"),
        .dateAccepted(window: "flights", date: date, step: "load", reason: "a blizzard", by: "ada"),
      ])
    #expect(
      try await flights.store.decisions(in: "flights", date: date) == [
        DecisionRecord(action: "accept", date: date, step: "carriers", reason: "a blizzard", by: "ada", at: later),
        DecisionRecord(action: "accept", date: date, step: "load", reason: "a blizzard", by: "ada", at: later),
      ])
  }

  @Test func `accept leaves a paused window paused`() async throws {
    try await bring(into: .held)
    _ = try await flights.decide(.pause, reason: "look first")
    _ = try await flights.decide(.accept([date]), reason: "a blizzard")
    #expect(try await flights.window().state == .paused)
  }

  @Test(arguments: [DateState.pending, .running, .done, .skipped])
  func `accept of a date that is not held is refused`(state: DateState) async throws {
    try await bring(into: state)
    #expect(try await flights.decide(.accept([date]), reason: "x") == refused("is \(state.rawValue)"))
  }

  @Test func `accept of a failed step is refused`() async throws {
    try await flights.holdByFailure("load", date)
    #expect(
      try await flights.decide(.accept([date]), reason: "x")
        == refused("`load` failed; retry or skip it: there is nothing to accept"))
  }

  @Test func `accept of a date without an anomaly is refused`() async throws {
    let load = flights.identity("load", date)
    try await flights.run(load, .stopped(load), change: .held(reason: "x", verdict: nil))
    #expect(
      try await flights.decide(.accept([date]), reason: "x")
        == refused("no step of it has an anomaly; retry or skip it: there is nothing to accept"))
  }

  @Test func `one refused date does not keep the others from changing`() async throws {
    try await bring(into: .held)
    #expect(
      try await flights.decide(.accept(["2013-02-07", date, date]), reason: "a blizzard")
        == DecisionOutcome(
          changed: [date], refused: [DecisionOutcome.Refused(date: "2013-02-07", why: "is pending")],
          accepted: [date: ["load"]]))
  }

  // MARK: retry

  @Test func `retry begins a new round for a failed step`() async throws {
    try await flights.holdByFailure("load", date)
    #expect(try await flights.decide(.retry([date])) == DecisionOutcome(changed: [date], refused: []))
    let record = try await flights.date(date)
    #expect(record.state == .pending)
    #expect(record.reason == nil)
    #expect(record.steps["load"]?.state == .pending)
    #expect(record.steps["load"]?.attempt == 1)
    #expect(record.steps["load"]?.roundStart == 1)
    #expect(try await flights.events() == [.dateRetried(window: "flights", date: date, reason: nil, by: "ada")])
    #expect(
      try await flights.store.decisions(in: "flights", date: date) == [
        DecisionRecord(action: "retry", date: date, step: nil, reason: nil, by: "ada", at: later)
      ])
  }

  @Test func `retry runs a step with an anomaly again`() async throws {
    try await bring(into: .held)
    _ = try await flights.decide(.retry([date]), reason: "data came late")
    let record = try await flights.date(date)
    #expect(record.steps["load"]?.state == .pending)
    #expect(record.steps["load"]?.roundStart == 1)
    #expect(record.verdict == nil)
    try await flights.claim(flights.identity("load", date, 2))
    #expect(try await flights.date(date).steps["load"]?.verdict == nil)
  }

  @Test func `retry leaves done and accepted steps done`() async throws {
    let carriers = flights.identity("carriers", date)
    try await flights.run(carriers, .ended(carriers))
    try await bring(into: .held)
    _ = try await flights.decide(.accept([date]), reason: "a blizzard")
    try await flights.holdByFailure("routes", date)
    _ = try await flights.decide(.retry([date]))
    let states = try await flights.date(date).steps.mapValues(\.state)
    #expect(states == ["carriers": .done, "load": .done, "routes": .pending])
  }

  @Test func `retry forgives interruptions`() async throws {
    let load = flights.identity("load", date)
    for _ in 1...3 {
      try await flights.claim(load)
      _ = try await flights.store.recover(at: later)
    }
    _ = try await flights.decide(.retry([date]))
    let record = try await flights.date(date)
    #expect(record.state == .pending)
    #expect(record.steps["load"]?.interruptions == 0)
    #expect(record.steps["load"]?.isUnfinished == true)
  }

  @Test func `retry brings a skipped date back`() async throws {
    try await bring(into: .skipped)
    _ = try await flights.decide(.retry([date]))
    #expect(try await flights.date(date) == DateRecord(date: date))
  }

  @Test(arguments: [DateState.pending, .running, .done])
  func `retry of a date that does not wait is refused`(state: DateState) async throws {
    try await bring(into: state)
    #expect(try await flights.decide(.retry([date])) == refused("is \(state.rawValue)"))
  }

  // MARK: skip

  @Test(arguments: [DateState.pending, .held])
  func `skip leaves a date out with its reason`(state: DateState) async throws {
    try await bring(into: state)
    #expect(
      try await flights.decide(.skip([date]), reason: "no flights") == DecisionOutcome(changed: [date], refused: []))
    let record = try await flights.date(date)
    #expect(record.state == .skipped)
    #expect(record.reason == "no flights")
    #expect(
      try await flights.events() == [
        .dateSkipped(window: "flights", date: date, reason: "no flights", by: "ada")
      ])
    #expect(
      try await flights.store.decisions(in: "flights", date: date) == [
        DecisionRecord(action: "skip", date: date, step: nil, reason: "no flights", by: "ada", at: later)
      ])
  }

  @Test(arguments: [DateState.running, .done, .skipped])
  func `skip of a date that is not waiting is refused`(state: DateState) async throws {
    try await bring(into: state)
    #expect(try await flights.decide(.skip([date]), reason: "x") == refused("is \(state.rawValue)"))
  }

  @Test func `skip of a held date with a step still running is refused`() async throws {
    try await flights.claim(flights.identity("carriers", date))
    try await bring(into: .held)
    #expect(try await flights.decide(.skip([date]), reason: "x") == refused("`carriers` is running"))
  }

  @Test func `a shorter bootstrap frees what an earlier one skipped, and nothing else`() async throws {
    _ = try await flights.decide(
      .skipBootstrap(["2013-01-01", "2013-01-02", "2013-01-03"], work: nil), reason: "first")
    _ = try await flights.decide(.skip(["2013-01-05"]), reason: "no flights")
    let work = DateRange(from: "2013-01-02", to: "2013-01-31")
    let outcome = try await flights.decide(.skipBootstrap(["2013-01-01"], work: work), reason: "first")
    #expect(outcome.freed == ["2013-01-02", "2013-01-03"])
    #expect(try await flights.date("2013-01-01").state == .skipped)
    #expect(try await flights.date("2013-01-02") == DateRecord(date: "2013-01-02"))
    #expect(try await flights.date("2013-01-05").state == .skipped)
  }

  @Test func `the bootstrap skips only dates that nothing is known of, without events`() async throws {
    try await bring(into: .held)
    let outcome = try await flights.decide(.skipBootstrap(["2013-01-01", date], work: nil), reason: "skip_first: 14d")
    #expect(
      outcome
        == DecisionOutcome(
          changed: ["2013-01-01"], refused: [DecisionOutcome.Refused(date: date, why: "is held")]))
    #expect(
      try await flights.date("2013-01-01")
        == DateRecord(date: "2013-01-01", state: .skipped, reason: "skip_first: 14d"))
    #expect(try await flights.events().isEmpty)
    #expect(try await flights.store.decisions(in: "flights", date: nil).isEmpty)
  }
}
