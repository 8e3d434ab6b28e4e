import BackfillCore
import Testing

@testable import BackfillStore

/// Decisions about the window.
@Suite struct DecideTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private let later = Flights.start + .seconds(3600)

  @Test func `a pause keeps the reason, who and since when`() async throws {
    _ = try await flights.decide(.pause, reason: "holidays")
    let window = try await flights.window()
    #expect(window.state == .paused)
    #expect(window.reason == "holidays")
    #expect(window.by == "ada")
    #expect(window.since == later)
    #expect(
      try await flights.events() == [.windowPaused(window: "flights", date: nil, reason: "holidays", by: "ada")])
    #expect(
      try await flights.store.decisions(in: "flights", date: nil) == [
        DecisionRecord(action: "pause", date: nil, step: nil, reason: "holidays", by: "ada", at: later)
      ])
  }

  @Test(arguments: [
    (Decision.Action.pause, "pausing needs a reason"), (.accept(["2013-01-01"]), "accepting needs a reason"),
    (.skip(["2013-01-01"]), "skipping needs a reason"),
    (.skipBootstrap(["2013-01-01"], work: nil), "skipping needs a reason"),
  ])
  func `a decision without its reason is refused`(action: Decision.Action, sentence: String) async throws {
    await #expect(throws: LedgerFailure.contradiction(sentence)) { try await flights.decide(action) }
  }

  @Test func `a second pause changes nothing`() async throws {
    _ = try await flights.decide(.pause, reason: "holidays")
    _ = try await flights.decide(.pause, reason: "again")
    #expect(try await flights.window().reason == "holidays")
    #expect(try await flights.events().count == 1)
  }

  @Test func `resume makes a paused window active`() async throws {
    _ = try await flights.decide(.pause, reason: "holidays")
    _ = try await flights.decide(.resume, reason: "back")
    let window = try await flights.window()
    #expect(window.state == .active)
    #expect(window.reason == nil)
    #expect(try await flights.events().last == .windowResumed(window: "flights", by: "ada", reason: "back"))
    #expect(try await flights.store.decisions(in: "flights", date: nil).map(\.action) == ["pause", "resume"])
  }

  @Test func `resume of an active window changes nothing`() async throws {
    let before = try await flights.window()
    #expect(try await flights.decide(.resume) == DecisionOutcome(changed: [], refused: []))
    #expect(try await flights.window() == before)
    #expect(try await flights.events().isEmpty)
    #expect(try await flights.store.decisions(in: "flights", date: nil).isEmpty)
  }

  @Test func `a window is complete, and open again`() async throws {
    _ = try await flights.decide(.complete)
    #expect(try await flights.window().state == .complete)
    #expect(try await flights.events() == [.windowCompleted(window: "flights")])
    _ = try await flights.decide(.reopen)
    #expect(try await flights.window().state == .active)
  }

  @Test func `reopen does not resume a paused window`() async throws {
    _ = try await flights.decide(.pause, reason: "holidays")
    _ = try await flights.decide(.reopen)
    #expect(try await flights.window().state == .paused)
  }

  @Test func `a firing that is passed over is dealt with`() async throws {
    _ = try await flights.decide(.passOver(nominal: later))
    #expect(try await flights.window().lastNominal == later)
    #expect(try await flights.events().isEmpty)
  }

  @Test func `a firing that is passed over with a reason is told as missed`() async throws {
    _ = try await flights.decide(.passOver(nominal: later), reason: "its stop_by has passed")
    #expect(
      try await flights.events() == [
        .activationMissed(window: "flights", nominal: later, reason: "its stop_by has passed")
      ])
    #expect(
      try await flights.store.changes(in: "flights", limit: 9) == [
        ChangeRecord(
          action: "missed", step: nil, reason: "its stop_by has passed", by: "ada", at: later, from: nil, to: nil,
          dates: 0, firing: later)
      ])
    let night = MissedNight(firing: later, reason: "its stop_by has passed")
    #expect(try await flights.store.snapshot().missed == ["flights": night])
  }

  @Test func `a chunk that a person starts makes up for a missed night`() async throws {
    _ = try await flights.decide(.passOver(nominal: later), reason: "its stop_by has passed")
    _ = try await flights.store.open(.sample(kind: .forced, nominal: later))
    #expect(try await flights.store.snapshot().missed == [:])
  }

  @Test func `what fires while the window is paused is told and not kept: the pause is`() async throws {
    _ = try await flights.decide(.pause, reason: "holidays")
    _ = try await flights.decide(.passOver(nominal: later), reason: "the window is paused")
    #expect(try await flights.events().last?.kind == .activationMissed)
    #expect(try await flights.store.decisions(in: "flights", date: nil).map(\.action) == ["pause"])
    #expect(try await flights.store.snapshot().missed == [:])
  }

  @Test func `a decision about an unknown window is refused`() async throws {
    await #expect(throws: LedgerFailure.contradiction("the ledger has no window `trains`")) {
      try await flights.store.decide(Decision(window: "trains", action: .resume, by: "ada", at: later))
    }
  }
}
