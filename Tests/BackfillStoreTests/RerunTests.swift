import BackfillCore
import Testing

@testable import BackfillStore

/// Reruns, written down.
@Suite struct RerunTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private let later = Flights.start + .seconds(3600)
  private let date: CivilDate = "2013-02-08"
  private let next: CivilDate = "2013-02-09"

  /// Both steps of `date` done.
  private func finish(_ date: CivilDate) async throws {
    let load = flights.identity("load", date)
    let routes = flights.identity("routes", date)
    try await flights.run(load, .ended(load))
    try await flights.run(routes, .ended(routes), change: .done(.pass))
  }

  private var rerun: Rerun {
    Rerun(
      step: "load",
      dates: [
        RerunDate(date: date, again: ["load"], stale: ["routes"], isPending: true),
        RerunDate(date: next, again: [], stale: ["routes"], isPending: true),
      ])
  }

  @Test func `done dates become pending, their steps stale`() async throws {
    try await finish(date)
    try await finish(next)
    let outcome = try await flights.decide(.rerun(rerun), reason: "new delays")
    #expect(outcome == DecisionOutcome(changed: [date, next], refused: []))
    let records = [try await flights.date(date), try await flights.date(next)]
    #expect(records.map(\.state) == [.pending, .pending])
    #expect(records.map(\.reason) == ["stale", "stale"])
    #expect(records.map(\.verdict) == [nil, nil])
    #expect(
      records.map { $0.steps.mapValues(\.state) } == [
        ["load": .stale, "routes": .stale], ["load": .done, "routes": .stale],
      ])
    let summaries = try await flights.store.snapshot().dates["flights"]
    #expect(summaries?[next] == DateSummary(state: .pending, reason: "stale", doneSteps: ["load"]))
  }

  @Test func `who, why and when are kept with each date, and told once`() async throws {
    try await finish(date)
    try await finish(next)
    _ = try await flights.decide(.rerun(rerun), reason: "new delays")
    #expect(
      try await flights.store.decisions(in: "flights", date: nil) == [
        DecisionRecord(action: "rerun", date: date, step: "load", reason: "new delays", by: "ada", at: later),
        DecisionRecord(
          action: "stale", date: next, step: nil, reason: "`load` of 2013-02-08 runs again: new delays", by: "ada",
          at: later),
      ])
    #expect(
      try await flights.events() == [
        .datesRerun(
          window: "flights", dates: [date], step: "load", stale: RerunCount(dates: 2, steps: 2), reason: "new delays",
          by: "ada")
      ])
  }

  @Test func `a stale step runs as its next attempt, in a new round`() async throws {
    try await finish(date)
    _ = try await flights.decide(
      .rerun(Rerun(step: "routes", dates: [RerunDate(date: date, again: ["routes"], stale: [], isPending: true)])))
    #expect(try await flights.date(date).steps["routes"]?.roundStart == 1)
    let second = flights.identity("routes", date, 2)
    try await flights.run(second, .ended(second), change: .done(.pass))
    #expect(try await flights.date(date).state == .done)
    #expect(try await flights.store.attempts(of: date, in: "flights").map(\.attempt) == [1, 1, 2])
  }

  @Test func `the activation is opened with it`() async throws {
    try await finish(date)
    try await finish(next)
    let outcome = try await flights.decide(
      .rerun(rerun), opening: .sample(kind: .hand, nominal: later, dates: [date], step: "load"))
    #expect(outcome.opened?.dates == [date])
    #expect(try await flights.store.snapshot().openActivations.last == outcome.opened)
  }

  @Test func `a held date that something else holds stays held`() async throws {
    try await finish(date)
    let routes = flights.identity("routes", next)
    try await flights.run(routes, .ended(routes))
    try await flights.holdByFailure("load", next)
    _ = try await flights.decide(
      .rerun(
        Rerun(
          step: "load",
          dates: [
            RerunDate(date: date, again: ["load"], stale: [], isPending: true),
            RerunDate(date: next, again: [], stale: ["routes"], isPending: false),
          ])))
    let record = try await flights.date(next)
    #expect(record.state == .held)
    #expect(record.steps["routes"]?.state == .stale)
    #expect(record.steps["load"]?.state == .failed)
  }

  @Test func `a rerun that does not fit any more changes nothing`() async throws {
    try await finish(date)
    try await flights.claim(flights.identity("load", next))
    await #expect(
      throws: LedgerFailure.contradiction("flights 2013-02-09 is running: nothing of it can run again")
    ) { try await flights.decide(.rerun(rerun)) }
    #expect(try await flights.date(date).state == .done)
    #expect(try await flights.store.decisions(in: "flights", date: nil).isEmpty)
  }

  @Test func `a date that a death cuts short says again that it is stale`() async throws {
    try await finish(date)
    _ = try await flights.decide(
      .rerun(
        Rerun(step: "load", dates: [RerunDate(date: date, again: ["load"], stale: ["routes"], isPending: true)])))
    try await flights.claim(flights.identity("load", date, 2))
    _ = try await flights.store.recover(at: later)
    let record = try await flights.date(date)
    #expect(record.state == .pending)
    #expect(record.reason == "stale")
  }

  @Test func `standings say what can run again`() async throws {
    try await finish(date)
    try await flights.holdByAnomaly("load", next)
    #expect(
      try await flights.store.standings(in: "flights") == [
        date: DateStanding(
          state: .done, steps: ["load": StepStanding(state: .done), "routes": StepStanding(state: .done)]),
        next: DateStanding(
          state: .held, reason: "anomaly", steps: ["load": StepStanding(state: .done, isOpenAnomaly: true)]),
      ])
  }
}
