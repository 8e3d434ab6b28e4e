import BackfillCore
import Testing

@testable import BackfillStore

/// Dates that were done before the ledger knew them.
@Suite struct ImportTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private let later = Flights.start + .seconds(3600)
  private let date: CivilDate = "2013-02-08"
  private let next: CivilDate = "2013-02-09"

  private func importDone(_ dates: [CivilDate], reason: String? = nil) async throws -> DecisionOutcome {
    try await flights.decide(.importDone(dates, steps: ["load", "routes"]), reason: reason)
  }

  @Test func `an imported date is done with its steps, without a verdict and without an attempt`() async throws {
    #expect(try await importDone([date, next]).changed == [date, next])
    #expect(
      try await flights.date(date)
        == DateRecord(
          date: date, state: .done, reason: "imported",
          steps: [
            "load": StepRecord(step: "load", state: .done), "routes": StepRecord(step: "routes", state: .done),
          ]))
    #expect(try await flights.store.records(in: "flights").map(\.date) == [date, next])
    #expect(try await flights.store.attempts(of: date, in: "flights") == [])
    #expect(
      try await flights.store.snapshot().dates["flights"]?[next]
        == DateSummary(state: .done, reason: "imported", doneSteps: ["load", "routes"]))
  }

  @Test func `who, why and when are kept with each date, and told once`() async throws {
    _ = try await importDone([date, next], reason: "the old cron job")
    #expect(
      try await flights.store.decisions(in: "flights", date: next) == [
        DecisionRecord(action: "import", date: next, step: nil, reason: "the old cron job", by: "ada", at: later)
      ])
    #expect(
      try await flights.events() == [
        .datesImported(window: "flights", dates: [date, next], reason: "the old cron job", by: "ada")
      ])
  }

  @Test func `a date that the ledger knows something of is left alone`() async throws {
    try await flights.holdByAnomaly("load", date)
    let before = try await flights.date(date)
    let outcome = try await importDone([date, next])
    #expect(
      outcome
        == DecisionOutcome(changed: [next], refused: [DecisionOutcome.Refused(date: date, why: "is held")]))
    #expect(try await flights.date(date) == before)
  }

  @Test func `an import that changes nothing is not told`() async throws {
    _ = try await importDone([date])
    try await flights.forgetEvents()
    #expect(try await importDone([date]).changed == [])
    #expect(try await flights.events() == [])
  }

  @Test func `an imported step can run again, as its first attempt`() async throws {
    _ = try await importDone([date])
    _ = try await flights.decide(
      .rerun(
        Rerun(step: "load", dates: [RerunDate(date: date, again: ["load"], stale: ["routes"], isPending: true)])))
    let load = flights.identity("load", date)
    try await flights.run(load, .ended(load), change: .pending(reason: "stale"))
    let record = try await flights.date(date)
    #expect(record.steps["load"]?.attempt == 1)
    #expect(record.steps.mapValues(\.state) == ["load": .done, "routes": .stale])
  }
}
