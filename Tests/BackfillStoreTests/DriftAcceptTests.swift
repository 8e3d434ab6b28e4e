import BackfillCore
import Testing

@testable import BackfillStore

/// Accepting what the drift test said: the date that an alarm names is done, and stays it.
@Suite struct DriftAcceptTests {
  private let stream = DriftStream(step: "load", name: "CANCELLED")
  private let date: CivilDate = "2013-01-05"
  private let later = Flights.start + .seconds(3600)

  private func alarm(_ flights: Flights, _ date: CivilDate, _ word: Verdict = .anomaly) async throws {
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: date)
    _ = try await flights.store.commit(
      DriftReport(
        window: "flights",
        alarms: [
          DriftAlarm(
            crossing: DriftCrossing(stream: stream, date: date, word: word), evidence: 52,
            sentence: "\(date) load: drift")
        ],
        pauses: true, revision: facts.revision, at: Flights.start + .seconds(100)))
  }

  private func done(_ flights: Flights, _ dates: CivilDate...) async throws {
    for date in dates {
      let load = flights.identity("load", date)
      try await flights.run(load, .ended(load), change: .done(.pass))
    }
  }

  private func open(_ flights: Flights) async throws -> [OpenAlarm] {
    try await flights.store.snapshot().alarms["flights"] ?? []
  }

  private func accepted(after date: CivilDate) -> DecisionOutcome {
    DecisionOutcome(changed: [], refused: [], restarted: [DriftRestart(stream: stream, after: date)])
  }

  @Test func `accept of the done date that an alarm names settles it and starts the stream anew after it`() async throws
  {
    let flights = try await Flights()
    try await done(flights, "2013-01-05", "2013-01-06")
    try await alarm(flights, date)
    #expect(try await open(flights) == [OpenAlarm(step: "load", stream: "CANCELLED", date: date)])
    #expect(try await flights.decide(.accept([date]), reason: "a strike") == accepted(after: date))
    #expect(try await open(flights) == [])
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: date)
    #expect(facts.restarts == [stream: [date]])
    let after = try await flights.date(date)
    #expect(after.state == .done)
    #expect(after.verdict == .pass)
    #expect(try await flights.window().state == .paused)
  }

  @Test func `who accepted an alarm, why and when is kept with the date and told`() async throws {
    let flights = try await Flights()
    try await done(flights, date)
    try await alarm(flights, date)
    try await flights.forgetEvents()
    _ = try await flights.decide(.accept([date]), reason: "a strike")
    #expect(
      try await flights.store.decisions(in: "flights", date: date) == [
        DecisionRecord(action: "accept", date: date, step: "load", reason: "a strike", by: "ada", at: later),
        DecisionRecord(action: "restart drift", date: date, step: "load", reason: "a strike", by: "ada", at: later),
      ])
    #expect(
      try await flights.events() == [
        .driftSettled(
          window: "flights", step: "load", stream: "CANCELLED", date: date, reason: "a strike", by: "ada")
      ])
  }

  @Test func `an anomaly and the alarm of the same date are accepted in one decision`() async throws {
    let flights = try await Flights()
    try await flights.holdByAnomaly("load", date)
    try await alarm(flights, date)
    let outcome = try await flights.decide(.accept([date]), reason: "a strike")
    #expect(outcome.changed == [date])
    #expect(outcome.restarted == [DriftRestart(stream: stream, after: date)])
    #expect(try await open(flights) == [])
    #expect(
      try await flights.store.decisions(in: "flights", date: date).map(\.action) == ["accept", "restart drift"])
  }

  @Test func `a date that no open alarm names is refused as before, also when it is accepted twice`() async throws {
    let flights = try await Flights()
    try await done(flights, "2013-01-04", "2013-01-05")
    try await alarm(flights, date)
    let other: CivilDate = "2013-01-04"
    #expect(
      try await flights.decide(.accept([other, date]), reason: "a strike")
        == DecisionOutcome(
          changed: [], refused: [DecisionOutcome.Refused(date: other, why: "is done")],
          restarted: [DriftRestart(stream: stream, after: date)]))
    #expect(
      try await flights.decide(.accept([date]), reason: "a strike")
        == DecisionOutcome(changed: [], refused: [DecisionOutcome.Refused(date: date, why: "is done")]))
  }

  @Test func `a warning is no alarm that waits for a person`() async throws {
    let flights = try await Flights()
    try await done(flights, date)
    try await alarm(flights, date, .warn)
    #expect(try await open(flights) == [])
    #expect(
      try await flights.decide(.accept([date]), reason: "a strike")
        == DecisionOutcome(changed: [], refused: [DecisionOutcome.Refused(date: date, why: "is done")]))
  }

  @Test func `a later alarm of the stream stays open`() async throws {
    let flights = try await Flights()
    try await done(flights, "2013-01-05", "2013-01-06")
    try await alarm(flights, date)
    try await alarm(flights, "2013-01-06")
    _ = try await flights.decide(.accept([date]), reason: "a strike")
    #expect(try await open(flights).map(\.date) == ["2013-01-06"])
  }

  @Test func `a resume after it settles nothing more`() async throws {
    let flights = try await Flights()
    try await done(flights, date)
    try await alarm(flights, date)
    _ = try await flights.decide(.accept([date]), reason: "a strike")
    #expect(try await flights.decide(.resume) == DecisionOutcome(changed: [], refused: []))
    let facts = try await flights.store.driftFacts(in: "flights", after: nil, through: date)
    #expect(facts.restarts == [stream: [date]])
  }

  @Test func `a resume says which streams it starts anew`() async throws {
    let flights = try await Flights()
    try await done(flights, date)
    try await alarm(flights, date)
    #expect(try await flights.decide(.resume) == accepted(after: date))
    #expect(try await open(flights) == [])
  }
}
