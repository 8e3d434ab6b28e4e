import BackfillCore
import GRDB
import Testing

@testable import BackfillStore

/// I4: states change only along the written edges; what does not fit is thrown back whole.
@Suite struct EdgeTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private func refusal(
    of ended: [AttemptEnd] = [], change: DateChange? = nil, claims: [AttemptIdentity] = [],
    date: CivilDate = "2013-01-01"
  ) async -> String? {
    do throws(LedgerFailure) {
      try await flights.store.commit(
        Checkpoint(
          window: "flights", date: date, at: Flights.start + .seconds(90), ended: ended, dateChange: change,
          claims: claims.map { StepClaim(attempt: $0, definitionHash: "d2", isByHand: false) },
          events: [.ledgerRecovered]))
      return nil
    } catch {
      #expect(error.kind == .contradiction)
      return error.message
    }
  }

  @Test func `the end of a step that was never started is refused`() async throws {
    let load = flights.identity("load", "2013-01-01")
    #expect(
      await refusal(of: [.ended(load)])
        == "`load` of flights 2013-01-01 was never started: its end is not recorded")
  }

  @Test func `a second end is refused`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load))
    #expect(
      await refusal(of: [.ended(load)])
        == "`load` of flights 2013-01-01 is done, not running: its end is not recorded")
  }

  @Test func `the end of another run is refused`() async throws {
    try await flights.claim(flights.identity("load", "2013-01-01"))
    #expect(
      await refusal(of: [.ended(flights.identity("load", "2013-01-01", run: "old"))])
        == "`load` of flights 2013-01-01 runs as attempt 1, run load-2013-01-01-1: "
        + "the end of attempt 1, run old, is not recorded")
  }

  @Test func `an end of another date is refused`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load)
    #expect(
      await refusal(of: [.ended(load)], date: "2013-01-02")
        == "the end of `load` of flights 2013-01-01 is not part of flights 2013-01-02")
  }

  @Test func `a step cannot end as running`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load)
    #expect(
      await refusal(of: [.failed(load, to: .running)])
        == "`load` of flights 2013-01-01 cannot become running when it ends")
  }

  @Test func `a running step is not claimed again`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load)
    #expect(await refusal(claims: [load]) == "`load` of flights 2013-01-01 cannot be started: it is running")
  }

  @Test(arguments: [StepState.done, .failed])
  func `a step that has ended is not claimed`(state: StepState) async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, state == .done ? .ended(load) : .failed(load))
    #expect(
      await refusal(claims: [flights.identity("load", "2013-01-01", 2)])
        == "`load` of flights 2013-01-01 cannot be started: it is \(state.rawValue)")
  }

  @Test func `a stale step is claimed under the next number`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load))
    try await flights.store.pool.write { db in try db.execute(sql: "UPDATE steps SET state = 'stale'") }
    #expect(await refusal(claims: [flights.identity("load", "2013-01-01", 2)]) == nil)
  }

  @Test func `attempts are numbered without gaps`() async throws {
    #expect(
      await refusal(claims: [flights.identity("load", "2013-01-01", 2)])
        == "`load` of flights 2013-01-01 cannot be started as attempt 2: the next one is 1")
  }

  @Test func `an unfinished attempt is executed again before there is another`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .stopped(load))
    #expect(
      await refusal(claims: [flights.identity("load", "2013-01-01", 2)])
        == "`load` of flights 2013-01-01 cannot be started as attempt 2, run load-2013-01-01-2: "
        + "attempt 1, run load-2013-01-01-1, is unfinished")
  }

  @Test func `a held date starts no step`() async throws {
    try await flights.holdByFailure("load", "2013-01-01")
    #expect(
      await refusal(claims: [flights.identity("routes", "2013-01-01")])
        == "`routes` of flights 2013-01-01 cannot be started: the date is held")
  }

  @Test func `a done date starts no step`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load), change: .done(.pass))
    #expect(
      await refusal(claims: [flights.identity("routes", "2013-01-01")])
        == "`routes` of flights 2013-01-01 cannot be started: the date is done")
  }

  @Test func `a claim needs an activation`() async throws {
    let load = AttemptIdentity(
      window: "flights", date: "2013-01-01", step: "load", attempt: 1, runID: "r", chunk: 99)
    #expect(
      await refusal(claims: [load])
        == "`load` of flights 2013-01-01 cannot be started: there is no activation 99")
  }

  @Test func `a claim needs its window`() async throws {
    let load = AttemptIdentity(
      window: "trains", date: "2013-01-01", step: "load", attempt: 1, runID: "r", chunk: flights.chunk)
    #expect(await refusal(claims: [load]) == "the ledger has no window `trains`")
  }

  @Test(arguments: [DateChange.done(.pass), .pending(reason: nil)])
  func `a date with a running step is neither done nor pending`(change: DateChange) async throws {
    try await flights.claim(flights.identity("load", "2013-01-01"))
    #expect(
      await refusal(change: change)
        == "flights 2013-01-01 cannot become \(change.state.rawValue): `load` is running")
  }

  @Test func `a date can be held while another step of it runs, and that step ends`() async throws {
    let load = flights.identity("load", "2013-01-01")
    let carriers = flights.identity("carriers", "2013-01-01")
    try await flights.claim(load)
    try await flights.claim(carriers)
    #expect(await refusal(of: [.failed(load)], change: .held(reason: "x", verdict: nil)) == nil)
    #expect(await refusal(of: [.ended(carriers)]) == nil)
    #expect(try await flights.date("2013-01-01").state == .held)
  }

  @Test(arguments: [DateChange.done(.pass), .held(reason: "x", verdict: nil), .pending(reason: nil)])
  func `a done date does not change by a checkpoint`(change: DateChange) async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load), change: .done(.pass))
    #expect(
      await refusal(change: change) == "flights 2013-01-01 is done: it cannot become \(change.state.rawValue)")
  }

  @Test func `I3: a refused checkpoint changes nothing`() async throws {
    let load = flights.identity("load", "2013-01-01")
    let carriers = flights.identity("carriers", "2013-01-01")
    try await flights.claim(load)
    try await flights.claim(carriers)
    let before = try await Everything(flights)
    let why = await refusal(
      of: [.ended(load), .failed(carriers)], change: .held(reason: "x", verdict: nil),
      claims: [flights.identity("load", "2013-01-02"), flights.identity("routes", "2013-01-01")])
    #expect(why == "`routes` of flights 2013-01-01 cannot be started: the date is held")
    #expect(try await Everything(flights) == before)
  }

  /// All that can be read of the ledger.
  private struct Everything: Equatable {
    let snapshot: LedgerSnapshot
    let records: [DateRecord]
    let attempts: [AttemptRecord]
    let events: [JournalEvent]

    init(_ flights: Flights) async throws {
      snapshot = try await flights.store.snapshot()
      records = try await flights.store.records(in: "flights")
      attempts = try await flights.store.attempts(of: "2013-01-01", in: "flights")
      events = try await flights.events()
    }
  }
}
