import BackfillCore
import Testing

@testable import BackfillStore

@Suite struct RejudgeTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
    let attempt = flights.identity("load", "2013-01-01")
    try await flights.run(attempt, .ended(attempt), change: .done(.pass))
    try await flights.forgetEvents()
  }

  private func rejudgement(
    state: DateState = .done, attempt: Int = 1, change: DateChange? = .held(reason: "why", verdict: .anomaly)
  ) -> Rejudgement {
    Rejudgement(
      date: "2013-01-01", state: state, change: change, verdict: .anomaly,
      steps: [RejudgedStep(step: "load", attempt: attempt, was: .pass, verdict: .sample(.anomaly))], doneSteps: [])
  }

  @Test func `a new verdict takes the place of the old one, and both are kept with who and when`() async throws {
    let outcome = try await flights.decide(.rejudge([rejudgement()], figures: [], pause: nil), reason: "narrower")
    #expect(outcome == DecisionOutcome(changed: ["2013-01-01"], refused: []))
    let date = try await flights.date("2013-01-01")
    #expect(date.state == .held)
    #expect(date.reason == "why")
    #expect(date.verdict == .anomaly)
    #expect(date.steps["load"]?.verdict == .sample(.anomaly))
    let decision = try #require(try await flights.store.decisions(in: "flights", date: "2013-01-01").last)
    #expect(decision.action == "validate")
    #expect(decision.step == "load")
    #expect(decision.reason == "pass -> anomaly: narrower")
    #expect(decision.by == "ada")
    #expect(
      try await flights.events() == [
        .dateRejudged(window: "flights", date: "2013-01-01", was: .pass, verdict: .anomaly, by: "ada")
      ])
    #expect(try await flights.store.snapshot().dates["flights"]?["2013-01-01"]?.doneSteps == [])
  }

  @Test func `a date that becomes held pauses the window where a reason is given`() async throws {
    _ = try await flights.decide(.rejudge([rejudgement()], figures: [], pause: "`load` is an anomaly"))
    let window = try await flights.window()
    #expect(window.state == .paused)
    #expect(window.reason == "`load` is an anomaly")
    #expect(window.by == "backfilld")
    #expect(
      try await flights.events().last
        == .windowPaused(window: "flights", date: "2013-01-01", reason: "`load` is an anomaly", by: "backfilld"))
    let decisions = try await flights.store.decisions(in: "flights", date: nil)
    #expect(decisions.map(\.action) == ["validate", "pause"])
    #expect(decisions.last?.reason == "`load` is an anomaly")
    #expect(decisions.last?.by == "backfilld")
  }

  @Test func `a date that keeps its state keeps its reason, and pauses nothing`() async throws {
    _ = try await flights.decide(.rejudge([rejudgement(change: nil)], figures: [], pause: "x"))
    #expect(try await flights.date("2013-01-01").state == .done)
    #expect(try await flights.date("2013-01-01").verdict == .anomaly)
    #expect(try await flights.window().state == .active)
  }

  @Test func `new figures of a verdict that keeps its word are kept as one change of the window`() async throws {
    let narrower = StepVerdict(word: .pass, findings: [], sentence: "with another band")
    func figures(attempt: Int) -> NewFigures {
      NewFigures(
        date: "2013-01-01", step: RejudgedStep(step: "load", attempt: attempt, was: .pass, verdict: narrower))
    }
    let outcome = try await flights.decide(
      .rejudge([], figures: [figures(attempt: 1), figures(attempt: 2)], pause: nil), reason: "wider")
    #expect(outcome == DecisionOutcome(changed: [], refused: [], refigured: 1))
    #expect(try await flights.date("2013-01-01").steps["load"]?.verdict == narrower)
    #expect(try await flights.date("2013-01-01").state == .done)
    let decisions = try await flights.store.decisions(in: "flights", date: nil)
    #expect(decisions.map(\.action) == ["validate"])
    #expect(decisions.map(\.reason) == ["1 verdict keeps its word, with new figures: wider"])
    #expect(try await flights.events() == [])
  }

  @Test func `a date that changed meanwhile is refused, and nothing of it is written`() async throws {
    let outcome = try await flights.decide(.rejudge([rejudgement(state: .held)], figures: [], pause: "x"))
    #expect(outcome.refused == [.init(date: "2013-01-01", why: "is done now")])
    #expect(
      try await flights.decide(.rejudge([rejudgement(attempt: 2)], figures: [], pause: "x")).refused == [
        .init(date: "2013-01-01", why: "`load` ran again meanwhile")
      ])
    #expect(try await flights.date("2013-01-01").steps["load"]?.verdict == .sample(.pass))
    #expect(try await flights.window().state == .active)
    #expect(try await flights.events() == [])
  }

  @Test func `the last attempts that ended have their durations by step and date`() async throws {
    let failed = flights.identity("load", "2013-01-02")
    try await flights.run(failed, .failed(failed, to: .pending))
    let stopped = flights.identity("load", "2013-01-03")
    try await flights.run(stopped, .stopped(stopped))
    #expect(
      try await flights.store.stepDurations(in: "flights")
        == ["load": ["2013-01-01": .milliseconds(1250), "2013-01-02": .seconds(2)]])
  }
}
