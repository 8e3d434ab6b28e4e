import BackfillCore
import Testing

@testable import BackfillStore

/// What was changed lately: who did what, why and when.
@Suite struct ChangesTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private let date: CivilDate = "2013-02-08"
  private let later = Flights.start + .seconds(3600)

  private func decisions() async throws -> [DecisionRecord] {
    try await flights.store.decisions(in: "flights", date: nil)
  }

  private func pause(_ reason: String, at seconds: Int64) -> DecisionRecord {
    DecisionRecord(
      action: "pause", date: nil, step: nil, reason: reason, by: "backfilld", at: Flights.start + .seconds(seconds))
  }

  @Test func `what was decided in one go is one change, the newest last`() async throws {
    let dates: [CivilDate] = ["2013-02-08", "2013-02-09", "2013-02-11"]
    _ = try await flights.decide(.skip(dates), reason: "a blizzard")
    _ = try await flights.decide(.pause, reason: "look")
    let at = Flights.start + .seconds(3600)
    let skip = ChangeRecord(
      action: "skip", step: nil, reason: "a blizzard", by: "ada", at: at, from: dates[0], to: dates[2], dates: 3)
    let pause = ChangeRecord(
      action: "pause", step: nil, reason: "look", by: "ada", at: at, from: nil, to: nil, dates: 0)
    #expect(try await flights.store.changes(in: "flights", limit: 20) == [skip, pause])
    #expect(try await flights.store.changes(in: "flights", limit: 1) == [pause])
    #expect(try await flights.store.changes(in: "trains", limit: 20) == [])
  }

  // MARK: What the daemon decides

  private func holdByAnomaly(_ date: CivilDate, pausing reason: String) async throws {
    let load = flights.identity("load", date)
    try await flights.run(
      load, .ended(load, verdict: .sample(.anomaly)), change: .held(reason: "anomaly", verdict: .anomaly),
      pause: reason)
  }

  @Test func `a pause at an anomaly is kept, and is there after a resume`() async throws {
    try await holdByAnomaly(date, pausing: "a blizzard")
    _ = try await flights.decide(.resume, reason: "known")
    #expect(
      try await decisions() == [
        pause("a blizzard", at: 60),
        DecisionRecord(action: "resume", date: nil, step: nil, reason: "known", by: "ada", at: later),
      ])
  }

  @Test func `a second reason to pause is not kept: the window was paused already`() async throws {
    try await holdByAnomaly(date, pausing: "a blizzard")
    try await holdByAnomaly("2013-02-09", pausing: "another")
    #expect(try await decisions() == [pause("a blizzard", at: 60)])
  }

  @Test func `a pause because of max_held is kept`() async throws {
    try await flights.holdByFailure("load", date, maxHeld: 1)
    #expect(try await decisions() == [pause("1 date is held (max_held: 1)", at: 60)])
  }

  @Test func `a pause because of a preflight is kept`() async throws {
    _ = try await flights.store.endPreflight(
      PreflightEnd(activation: flights.chunk, window: "flights", failure: "`df` exited with 1", at: later))
    #expect(try await decisions() == [pause("`df` exited with 1", at: 3600)])
  }

  @Test func `a pause because of a drift is kept`() async throws {
    _ = try await flights.store.commit(
      DriftReport(
        window: "flights",
        alarms: [
          DriftAlarm(
            crossing: DriftCrossing(stream: DriftStream(step: "load", name: "A"), date: date, word: .anomaly),
            evidence: 52, sentence: "a drift")
        ],
        pauses: true, revision: 0, at: later))
    #expect(try await decisions() == [pause("a drift", at: 3600)])
  }

  // MARK: What a person starts

  private func request(
    _ kind: Activation.Kind, dates: [CivilDate]? = nil, step: String? = nil, reason: String? = nil
  ) -> ActivationRequest {
    ActivationRequest(
      window: "flights", kind: kind, nominal: later, quota: nil, endsAt: nil, dates: dates, step: step, by: "ada",
      reason: reason, at: later)
  }

  @Test func `a run is kept with each of its dates, once`() async throws {
    let dates: [CivilDate] = ["2013-02-08", "2013-02-10"]
    _ = try await flights.store.open(request(.hand, dates: dates, step: "load"))
    _ = try await flights.store.open(request(.hand, dates: dates, step: "load"))
    #expect(
      try await decisions()
        == dates.map { DecisionRecord(action: "run", date: $0, step: "load", reason: nil, by: "ada", at: later) })
    #expect(
      try await flights.store.changes(in: "flights", limit: 20) == [
        ChangeRecord(
          action: "run", step: "load", reason: nil, by: "ada", at: later, from: dates[0], to: dates[1], dates: 2)
      ])
  }

  @Test func `a chunk that a person starts is kept with his reason`() async throws {
    _ = try await flights.store.open(request(.forced, reason: "the night was too short"))
    #expect(
      try await decisions() == [
        DecisionRecord(
          action: "start", date: nil, step: nil, reason: "the night was too short", by: "ada", at: later)
      ])
  }

  @Test func `a resume that starts a chunk at once is kept as both`() async throws {
    _ = try await flights.decide(.pause, reason: "look")
    _ = try await flights.decide(.resume, reason: "seen", opening: request(.forced, reason: "seen"))
    #expect(try await decisions().map(\.action) == ["pause", "resume", "start"])
    #expect(try await decisions().map(\.reason) == ["look", "seen", "seen"])
  }

  @Test func `what a firing opens, and what carries an accept out, is no decision of its own`() async throws {
    _ = try await flights.store.open(.sample(nominal: later))
    try await flights.holdByAnomaly("load", date)
    _ = try await flights.decide(.accept([date]), reason: "a blizzard", opening: request(.hand, dates: [date]))
    #expect(try await decisions().map(\.action) == ["accept"])
  }
}
