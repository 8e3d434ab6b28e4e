import BackfillCore
import BackfillTestKit
import Testing

/// What a person gets who wants steps to run again.
@Suite struct RerunPlanTests {
  private let window = Window(
    name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2013-02-06")),
    steps: [
      Step(name: "load", command: ["l"]),
      Step(
        name: "features", command: ["f"], after: ["load"], lookbacks: [Lookback(step: "load", dates: 1, minimum: 1)]),
      Step(name: "other", command: ["o"]),
    ])
  private let first = day("2013-02-01")
  private let second = day("2013-02-02")

  private func standing(_ state: DateState, _ steps: [String: StepState], anomalies: Set<String> = []) -> DateStanding {
    DateStanding(
      state: state, reason: state == .skipped ? "no games" : nil,
      steps: Dictionary(
        uniqueKeysWithValues: steps.map { name, state in
          (name, StepStanding(state: state, isOpenAnomaly: anomalies.contains(name)))
        }))
  }

  private var done: DateStanding { standing(.done, ["load": .done, "features": .done, "other": .done]) }

  private func plan(
    _ dates: [CivilDate], _ step: String?, downstream: Bool = false, _ standings: [CivilDate: DateStanding]
  ) -> RerunPlan {
    RerunPlan(
      of: dates, step: step, isDownstream: downstream, standings: standings,
      staleness: Staleness(window: window, calendar: WindowCalendar(window.dates)))
  }

  @Test func `a step runs again, and what was computed from it becomes stale`() {
    let plan = plan([first], "load", [first: done, second: done])
    #expect(
      plan.rerun.dates == [
        RerunDate(date: first, again: ["load"], stale: ["features"], isPending: true),
        RerunDate(date: second, again: [], stale: ["features"], isPending: true),
      ])
    #expect(plan.refused == [])
    #expect(plan.rerun.count == RerunCount(dates: 2, steps: 3))
    #expect(plan.rerun.staleCount == RerunCount(dates: 2, steps: 2))
    #expect(plan.rerun.named == [first])
  }

  @Test func `without a step all of them run again`() {
    let plan = plan([first], nil, [first: done, second: done])
    #expect(
      plan.rerun.dates == [
        RerunDate(date: first, again: ["load", "features", "other"], stale: [], isPending: true),
        RerunDate(date: second, again: [], stale: ["features"], isPending: true),
      ])
  }

  @Test func `without downstream the named step of the named dates runs, with it everything`() {
    let narrow = plan([first], "load", [first: done, second: done]).rerun
    #expect(narrow.startable == [first])
    #expect(narrow.onlyStep == "load")
    let wide = plan([first], "load", downstream: true, [first: done, second: done]).rerun
    #expect(wide.startable == [first, second])
    #expect(wide.onlyStep == nil)
  }

  @Test func `steps that never ran do not become stale`() {
    let half = standing(.pending, ["load": .done])
    #expect(
      plan([first], "load", [first: done, second: half]).rerun.dates == [
        RerunDate(date: first, again: ["load"], stale: ["features"], isPending: true)
      ])
  }

  @Test func `a skipped date is left alone`() {
    let skipped = standing(.skipped, ["load": .done, "features": .done])
    #expect(plan([first], "load", [first: done, second: skipped]).rerun.dates.map(\.date) == [first])
  }

  @Test(arguments: [
    (["load": StepState.done, "features": .failed], true),
    (["load": .done, "features": .done, "other": .failed], false),
    (["load": .failed, "features": .done], false),
    (["load": .done, "features": .done], false),
  ])
  func `a held date that is not named waits on while something else holds it`(
    steps: [String: StepState], isPending: Bool
  ) {
    let plan = plan([first], "load", [first: done, second: standing(.held, steps)])
    #expect(plan.rerun.dates.last?.isPending == isPending)
  }

  @Test func `a held date whose anomaly becomes stale is pending`() {
    let held = standing(.held, ["load": .done, "features": .done], anomalies: ["features"])
    #expect(plan([first], "load", [first: done, second: held]).rerun.dates.last?.isPending == true)
  }

  @Test func `a date that is held for its input only is pending`() {
    let held = DateStanding(
      state: .held, reason: "no input", awaitsInput: true,
      steps: ["load": StepStanding(state: .done), "features": StepStanding(state: .done)])
    #expect(plan([first], "load", [first: done, second: held]).rerun.dates.last?.isPending == true)
  }

  @Test(arguments: [
    (DateState.running, ["load": StepState.done], "is being worked on"),
    (.verifying, ["load": .done], "is being worked on"),
    (.skipped, ["load": .done], "is skipped (no games): retry it"),
    (.pending, [:], "`load` has no result there yet: run it"),
    (.pending, ["other": .done], "`load` has no result there yet: run it"),
  ])
  func `a date that has nothing to run again is refused`(state: DateState, steps: [String: StepState], why: String) {
    let plan = plan([first], "load", [first: standing(state, steps)])
    #expect(plan.refused == [DecisionOutcome.Refused(date: first, why: why)])
    #expect(plan.rerun.dates == [])
  }

  @Test func `a step whose upstream is not done is refused, but not with everything downstream`() {
    let stale = standing(.pending, ["load": .stale, "features": .done])
    #expect(
      plan([first], "features", [first: stale]).refused == [
        DecisionOutcome.Refused(date: first, why: "`features` needs `load` first, which is not done")
      ])
    #expect(plan([first], "features", downstream: true, [first: stale]).refused == [])
  }

  @Test func `a step that is new to a done date can run there`() {
    let old = standing(.done, ["load": .done, "other": .done])
    #expect(
      plan([first], "features", [first: old]).rerun.dates == [
        RerunDate(date: first, again: ["features"], stale: [], isPending: true)
      ])
  }
}
