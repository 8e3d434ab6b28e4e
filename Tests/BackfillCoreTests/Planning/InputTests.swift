import BackfillCore
import BackfillTestKit
import Testing

/// Dates that are held for their input, as the planner and the ramp see them.
@Suite struct `A date that waits for its input` {
  private let waiting = DateSummary(state: .held, reason: "`requires` of `load` failed", awaitsInput: true)

  private func planner(
    order: DateOrder = .oldestFirst, steps: [Step] = [Step(name: "load", command: ["load"])]
  ) -> ChunkPlanner {
    let window = Window(
      name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2013-02-05")), order: order, steps: steps)
    return ChunkPlanner(window: window, calendar: WindowCalendar(window.dates))
  }

  private func chunk(
    _ kind: Activation.Kind = .scheduled, quota: Int? = nil, dates: [String]? = nil, started: [String] = [],
    lookedAt: [String] = []
  ) -> Activation {
    Activation(
      id: 1, window: "w", kind: kind, nominal: Instant(seconds: 0), quota: quota, dates: dates?.map(day),
      started: Set(started.map(day)), lookedAt: Set(lookedAt.map(day)))
  }

  private func situation(_ dates: [String: DateSummary]) -> ChunkPlanner.Situation {
    ChunkPlanner.Situation(
      state: .active, dates: Dictionary(uniqueKeysWithValues: dates.map { (day($0), $1) }), now: Instant(seconds: 0))
  }

  @Test func `is looked at once in each chunk`() {
    let now = situation(["2013-02-01": waiting])
    #expect(planner().nextDate(of: chunk(), in: now)?.date == day("2013-02-01"))
    #expect(planner().nextDate(of: chunk(started: ["2013-02-01"]), in: now)?.date == day("2013-02-02"))
    #expect(planner().nextDate(of: chunk(.forced), in: now)?.date == day("2013-02-01"))
  }

  @Test func `is looked at when a person runs it, and a date that waits for a person is not`() {
    let now = situation(["2013-02-01": waiting, "2013-02-02": DateSummary(state: .held, reason: "`load` failed")])
    let named = ["2013-02-01", "2013-02-02"]
    #expect(planner().nextDate(of: chunk(.hand, dates: named), in: now)?.date == day("2013-02-01"))
    #expect(planner().nextDate(of: chunk(.hand, dates: named, started: ["2013-02-01"]), in: now) == nil)
  }

  @Test func `takes no place of the quota when its input is missing again`() {
    let now = situation(["2013-02-01": waiting, "2013-02-02": waiting])
    let looked = ["2013-02-01", "2013-02-02"]
    let next = planner().nextDate(of: chunk(quota: 1, started: looked, lookedAt: looked), in: now)
    #expect(next?.date == day("2013-02-03"))
  }

  @Test func `takes its place of the quota in the chunk that found its input missing first`() {
    let now = situation(["2013-02-01": waiting])
    #expect(planner().nextDate(of: chunk(quota: 1, started: ["2013-02-01"]), in: now) == nil)
  }

  @Test func `neither moves the ramp on nor sends it back`() {
    let dates = situation(["2013-02-01": waiting, "2013-02-02": DateSummary(state: .done, verdict: .pass)]).dates
    #expect(Ramp.move(after: chunk(quota: 1, started: ["2013-02-01"]), dates: dates) == .stay)
    #expect(Ramp.move(after: chunk(quota: 1, started: ["2013-02-01", "2013-02-02"]), dates: dates) == .advance)
  }

  @Test func `is told with every step that waits, unless a person must decide`() {
    let graph = StepGraph(["a", "b"].map { Step(name: $0, command: [$0]) })
    #expect(
      graph.conclusion([:], missing: ["b": "two", "a": "one"]) == .heldForInput(reason: "one; two", verdict: nil))
    let failed = ["a": StepRecord(step: "a", state: .failed, failure: "exit status 3")]
    #expect(
      graph.conclusion(failed, missing: ["b": "two"])
        == .held(reason: "`a` failed: exit status 3; two", verdict: nil))
  }

  @Test func `a preflight is told the first and the last date that its chunk may work on`() throws {
    let done = DateSummary(state: .done, verdict: .pass, doneSteps: ["load"])
    let now = situation(["2013-02-01": waiting, "2013-02-02": done])
    func span(_ planner: ChunkPlanner, _ activation: Activation) throws -> [CivilDate] {
      let span = try #require(planner.span(of: activation, in: now))
      return [span.from, span.to]
    }
    #expect(try span(planner(), chunk()) == [day("2013-02-01"), day("2013-02-05")])
    #expect(try span(planner(), chunk(quota: 1)) == [day("2013-02-01"), day("2013-02-03")])
    #expect(try span(planner(order: .newestFirst), chunk(quota: 2)) == [day("2013-02-04"), day("2013-02-05")])
    // What it has started and not ended goes on, also where its quota is used up.
    #expect(try span(planner(), chunk(quota: 1, started: ["2013-02-03"])) == [day("2013-02-03"), day("2013-02-03")])
    let named = chunk(.hand, dates: ["2013-02-05", "2013-02-02", "2013-02-04"])
    #expect(try span(planner(), named) == [day("2013-02-04"), day("2013-02-05")])
    #expect(planner().span(of: chunk(.hand, dates: ["2013-02-02"]), in: now) == nil)
  }

  @Test func `a preflight's dates leave out those whose look back nothing will satisfy`() throws {
    let step = Step(name: "load", command: ["load"], lookbacks: [Lookback(step: "load", dates: 1, minimum: 1)])
    let blocked = situation(["2013-02-02": DateSummary(state: .held, reason: "`load` failed")])
    let span = try #require(planner(steps: [step]).span(of: chunk(), in: blocked))
    #expect([span.from, span.to] == [day("2013-02-01"), day("2013-02-01")])
    let free = try #require(planner(steps: [step]).span(of: chunk(quota: 3), in: situation([:])))
    #expect([free.from, free.to] == [day("2013-02-01"), day("2013-02-03")])
  }

  @Test func `a preflight knows its range and nothing of a date`() {
    let placeholders = Placeholders(window: "w", from: day("2013-02-01"), to: day("2013-02-05"))
    #expect(placeholders.fill("{window} {from}..{to} {date}") == "w 2013-02-01..2013-02-05 {date}")
  }
}
