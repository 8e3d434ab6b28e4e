import BackfillCore
import Testing

@testable import BackfillStore

@Suite struct DurationTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private func done(_ date: CivilDate, took: Duration?) async throws {
    let attempt = flights.identity("load", date)
    try await flights.claim(attempt)
    try await flights.store.commit(
      Checkpoint(
        window: "flights", date: date, at: Flights.start + .seconds(60), ended: [.ended(attempt)],
        dateChange: .done(.pass), took: took))
  }

  @Test func `done dates took what their checkpoints say, the last ones last`() async throws {
    try await done("2013-01-01", took: .seconds(59))
    try await done("2013-01-02", took: .milliseconds(1500))
    try await done("2013-01-03", took: .seconds(7))
    #expect(
      try await flights.store.dateDurations(in: "flights", limit: 10) == [
        .seconds(59), .milliseconds(1500), .seconds(7),
      ])
    #expect(
      try await flights.store.dateDurations(in: "flights", limit: 2) == [.milliseconds(1500), .seconds(7)])
  }

  @Test func `dates that are not done, or not in one go, tell nothing`() async throws {
    try await flights.holdByAnomaly("load", "2013-01-01")
    try await flights.claim(flights.identity("load", "2013-01-02"))
    try await done("2013-01-03", took: nil)
    #expect(try await flights.store.dateDurations(in: "flights", limit: 10) == [])
  }
}
