import BackfillCore
import Testing

@testable import BackfillStore

@Suite struct DurationTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private func done(_ date: CivilDate, steps: [String] = ["load"]) async throws {
    for step in steps {
      let attempt = flights.identity(step, date)
      try await flights.run(attempt, .ended(attempt), change: step == steps.last ? .done(.pass) : nil)
    }
  }

  @Test func `a done date took from its first start to its last end`() async throws {
    try await done("2013-01-01")
    try await done("2013-01-02", steps: ["load", "routes"])
    // Each starts one second after the activation, and is written down a minute after it.
    #expect(try await flights.store.dateDurations(in: "flights", limit: 10) == [.seconds(59), .seconds(59)])
    #expect(try await flights.store.dateDurations(in: "flights", limit: 1).count == 1)
  }

  @Test func `dates that are not done have no duration`() async throws {
    try await flights.holdByAnomaly("load", "2013-01-01")
    try await flights.claim(flights.identity("load", "2013-01-02"))
    #expect(try await flights.store.dateDurations(in: "flights", limit: 10) == [])
  }
}
