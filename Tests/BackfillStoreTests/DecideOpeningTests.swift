import BackfillCore
import Testing

@testable import BackfillStore

/// Decisions that are carried out at once: the activation is opened in their transaction.
@Suite struct DecideOpeningTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private let later = Flights.start + .seconds(3600)

  private func opening(_ dates: [CivilDate]) -> ActivationRequest {
    .sample(kind: .hand, nominal: later, dates: dates)
  }

  @Test func `a retry opens an activation for the dates that changed`() async throws {
    try await flights.holdByFailure("load", "2013-02-08")
    let dates: [CivilDate] = ["2013-02-07", "2013-02-08"]
    let outcome = try await flights.decide(.retry(dates), opening: opening(dates))
    #expect(outcome.changed == ["2013-02-08"])
    #expect(outcome.opened?.dates == ["2013-02-08"])
    #expect(try await flights.store.snapshot().openActivations.last == outcome.opened)
    let opened = try #require(outcome.opened)
    #expect(
      try await flights.events() == [
        .dateRetried(window: "flights", date: "2013-02-08", reason: nil, by: "ada"), .activationOpened(opened),
      ])
  }

  @Test func `a decision that changes nothing opens nothing`() async throws {
    let outcome = try await flights.decide(.retry(["2013-02-08"]), opening: opening(["2013-02-08"]))
    #expect(outcome.changed == [])
    #expect(outcome.opened == nil)
    #expect(try await flights.store.snapshot().openActivations.map(\.id) == [flights.chunk])
  }

  @Test func `a decision whose activation cannot be written changes nothing`() async throws {
    try await flights.holdByFailure("load", "2013-02-08")
    let foreign = ActivationRequest.sample(window: "trains", kind: .hand, nominal: later, dates: ["2013-02-08"])
    await #expect(throws: LedgerFailure.self) { try await flights.decide(.retry(["2013-02-08"]), opening: foreign) }
    #expect(try await flights.date("2013-02-08").state == .held)
    #expect(try await flights.store.decisions(in: "flights", date: nil).isEmpty)
    #expect(try await flights.events().isEmpty)
  }

  @Test func `a resume opens its chunk, one that changes nothing does not`() async throws {
    let forced = ActivationRequest.sample(kind: .forced, nominal: later)
    #expect(try await flights.decide(.resume, opening: forced).opened == nil)
    _ = try await flights.decide(.pause, reason: "holidays")
    #expect(try await flights.decide(.resume, opening: forced).opened?.kind == .forced)
  }
}
