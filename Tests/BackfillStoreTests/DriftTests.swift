import BackfillCore
import BackfillStore
import GRDB
import Testing

/// What the ledger keeps of the drift test.
@Suite struct DriftTests {
  private let stream = DriftStream(step: "load", name: "CANCELLED")

  private func report(
    _ flights: Flights, _ date: CivilDate, _ word: Verdict = .anomaly, pauses: Bool = true, revision: Int64? = nil
  ) async throws -> DriftOutcome {
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: date)
    return try await flights.store.commit(
      DriftReport(
        window: "flights",
        alarms: [
          DriftAlarm(
            crossing: DriftCrossing(stream: stream, date: date, word: word), evidence: 52,
            sentence: "\(date) load: drift")
        ],
        pauses: pauses, revision: revision ?? facts.revision, at: Flights.start + .seconds(100)))
  }

  private func resume(_ flights: Flights, foldedThrough: CivilDate?) async throws {
    _ = try await flights.store.decide(
      Decision(
        window: "flights", action: .resume, reason: "known", by: "ada", at: Flights.start + .seconds(200),
        foldedThrough: foldedThrough))
  }

  @Test func `the facts are those of the last verdict, between the dates that were asked for`() async throws {
    let flights = try await Flights()
    for date in ["2013-01-05", "2013-01-06", "2013-01-07"] as [CivilDate] {
      let attempt = flights.identity("load", date)
      try await flights.run(attempt, .ended(attempt), change: .done(.pass))
    }
    let facts = try await flights.store.driftFacts(in: "flights", after: "2013-01-05", through: "2013-01-06")
    #expect(facts.dates.keys.sorted() == ["2013-01-06"])
    #expect(facts.dates["2013-01-06"]?.state == .done)
    #expect(facts.dates["2013-01-06"]?.facts[stream]?.rate.k == 300)
    #expect(facts.dates["2013-01-06"]?.facts[stream]?.isAcceptedAnomaly == false)
  }

  @Test func `a failed step has no facts`() async throws {
    let flights = try await Flights()
    let attempt = flights.identity("load", "2013-01-05")
    try await flights.run(attempt, .failed(attempt), change: .held(reason: "failed", verdict: nil))
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: "2013-01-05")
    #expect(facts.dates["2013-01-05"] == DriftDate(state: .held))
  }

  @Test func `a verdict that cannot be read gives no facts and does not hide the others`() async throws {
    let flights = try await Flights()
    for date in ["2013-01-05", "2013-01-06"] as [CivilDate] {
      let attempt = flights.identity("load", date)
      try await flights.run(attempt, .ended(attempt), change: .done(.pass))
    }
    let queue = try DatabaseQueue(path: flights.directory.database)
    try await queue.write { try $0.execute(sql: "UPDATE attempts SET verdict = '?' WHERE date = '2013-01-05'") }
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: "2013-01-06")
    #expect(facts.dates["2013-01-05"] == DriftDate(state: .done))
    #expect(facts.dates["2013-01-06"]?.facts[stream] != nil)
  }

  @Test func `an accepted anomaly is known as one`() async throws {
    let flights = try await Flights()
    try await flights.holdByAnomaly("load", "2013-01-05")
    _ = try await flights.store.decide(
      Decision(window: "flights", action: .accept(["2013-01-05"]), reason: "a storm", by: "ada", at: Flights.start))
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: "2013-01-05")
    #expect(facts.dates["2013-01-05"]?.facts[stream]?.isAcceptedAnomaly == true)
  }

  @Test func `an alarm, its event and the pause are one commit`() async throws {
    let flights = try await Flights()
    #expect(try await report(flights, "2013-01-05") == .paused("2013-01-05 load: drift"))
    #expect(try await flights.window().state == .paused)
    #expect(try await flights.window().reason == "2013-01-05 load: drift")
    #expect(try await flights.events().map(\.kind) == [.driftJudged, .windowPaused])
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: "2013-01-05")
    #expect(facts.told == [DriftCrossing(stream: stream, date: "2013-01-05", word: .anomaly)])
  }

  @Test func `the same alarm is refused a second time, whole`() async throws {
    let flights = try await Flights()
    _ = try await report(flights, "2013-01-05", pauses: false)
    let before = try await flights.events().count
    await #expect(throws: LedgerFailure.self) { try await report(flights, "2013-01-05") }
    #expect(try await flights.window().state == .active)
    #expect(try await flights.events().count == before)
  }

  @Test func `an alarm of a step that is tried again is withdrawn, and may be told again`() async throws {
    let flights = try await Flights()
    try await flights.holdByAnomaly("load", "2013-01-05")
    _ = try await report(flights, "2013-01-05", pauses: false)
    _ = try await flights.store.decide(
      Decision(window: "flights", action: .retry(["2013-01-05"]), reason: nil, by: "ada", at: Flights.start))
    #expect(try await flights.store.snapshot().alarms == [:])
    #expect(
      try await flights.store.driftFacts(in: "flights", after: nil, through: "2013-01-05").told == [])
    #expect(try await report(flights, "2013-01-05", pauses: false) == .told)
    #expect(
      try await flights.store.snapshot().alarms["flights"]
        == [OpenAlarm(step: "load", stream: "CANCELLED", date: "2013-01-05")])
  }

  @Test(arguments: [(Verdict.warn, true), (.anomaly, false)])
  func `a warning, and an anomaly that is to pause nothing, leave the window active`(
    word: Verdict, pauses: Bool
  ) async throws {
    let flights = try await Flights()
    #expect(try await report(flights, "2013-01-05", word, pauses: pauses) == .told)
    #expect(try await flights.window().state == .active)
    #expect(try await flights.events().map(\.kind) == [.driftJudged])
  }

  @Test func `a window that is paused keeps its first reason`() async throws {
    let flights = try await Flights()
    _ = try await report(flights, "2013-01-05")
    #expect(try await report(flights, "2013-01-06") == .halted)
    #expect(try await flights.window().reason == "2013-01-05 load: drift")
  }

  @Test func `what a person decided since the facts were read overtakes the alarm`() async throws {
    let flights = try await Flights()
    _ = try await flights.store.decide(
      Decision(window: "flights", action: .skip(["2013-01-05"]), reason: "x", by: "ada", at: Flights.start))
    #expect(try await report(flights, "2013-01-06", revision: 0) == .overtaken)
    #expect(try await flights.window().state == .active)
    #expect(try await flights.store.driftFacts(in: "flights", after: nil, through: "2013-01-06").told == [])
  }

  @Test(
    arguments: [("2013-01-09", "2013-01-09"), ("2013-01-03", "2013-01-05"), (nil, "2013-01-05")] as [(String?, String)])
  func `resume starts the stream anew after the last folded date, with who and why`(
    folded: String?, after: String
  ) async throws {
    let flights = try await Flights()
    _ = try await report(flights, "2013-01-05")
    try await resume(flights, foldedThrough: folded.flatMap { CivilDate(iso: $0) })
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: "2013-01-05")
    #expect(facts.restarts.mapValues { $0.map(\.description) } == [stream: [after]])
    let decisions = try await flights.store.decisions(in: "flights", date: nil)
    #expect(decisions.map(\.action) == ["pause", "resume", "restart drift"])
    #expect(decisions.last?.date?.description == after)
    #expect(decisions.last?.step == "load")
    #expect(decisions.last?.reason == "known")
    #expect(decisions.last?.by == "ada")
  }

  @Test func `an alarm is settled once`() async throws {
    let flights = try await Flights()
    _ = try await report(flights, "2013-01-05")
    try await resume(flights, foldedThrough: "2013-01-05")
    _ = try await flights.store.decide(
      Decision(window: "flights", action: .pause, reason: "a check", by: "ada", at: Flights.start))
    try await resume(flights, foldedThrough: "2013-01-09")
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: "2013-01-05")
    #expect(facts.restarts[stream] == ["2013-01-05"])
  }
}
