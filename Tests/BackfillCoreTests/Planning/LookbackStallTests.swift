import BackfillCore
import BackfillTestKit
import Testing

/// Dates that wait for earlier ones which nothing brings by itself.
@Suite struct LookbackStallTests {
  private static let chain = Step(name: "b", command: ["b"], lookbacks: [Lookback(step: "a", dates: 1, minimum: 1)])
  private let load = Step(name: "a", command: ["a"])

  private func stall(
    _ dates: [String: DateSummary], to: String = "2013-02-06", skipFirst: SkipFirst? = nil, looking: Step = chain,
    expectsInput: Bool = false
  ) -> LookbackStall {
    let window = Window(
      name: "w", dates: DateSelection(from: day("2013-02-01"), to: day(to), skipFirst: skipFirst),
      steps: [load, looking])
    return LookbackStall(
      window, WindowCalendar(window.dates), Dictionary(uniqueKeysWithValues: dates.map { (day($0), $1) }),
      expectsInput: expectsInput)
  }

  private let done = DateSummary(state: .done, doneSteps: ["a", "b"])
  private let held = DateSummary(state: .held, reason: "`a` failed")

  @Test func `dates that only wait for their turn do not count`() {
    #expect(stall([:]).causes.isEmpty)
    #expect(stall(["2013-02-01": done, "2013-02-02": DateSummary(state: .running)]).causes.isEmpty)
  }

  @Test func `every date behind a held one waits for that one`() {
    let stall = stall(["2013-02-01": done, "2013-02-02": held])
    #expect(stall.causes.keys.sorted() == (3...6).map { day("2013-02-0\($0)") })
    #expect(stall.views().map(\.sentence) == ["4 dates wait for 2013-02-02, which is held"])
    #expect(stall.causes[day("2013-02-06")]?.sentence == "it waits for 2013-02-02, which is held")
  }

  @Test(arguments: [
    (DateSummary(state: .skipped, reason: "gone"), "is skipped"), (DateSummary(state: .held), "is held"),
    (DateSummary(state: .held, awaitsInput: true), "is held for its input"),
    (DateSummary(state: .done, doneSteps: ["b"]), "has no `a`"),
  ])
  func `the sentence says how the date stands that is waited for`(summary: DateSummary, standing: String) {
    #expect(
      stall(["2013-02-05": summary]).views().sentence == "1 date waits for 2013-02-05, which \(standing)")
  }

  @Test func `a date that is held for its input is no cause where that is expected to come`() {
    let dates = ["2013-02-02": DateSummary(state: .held, awaitsInput: true)]
    #expect(stall(dates).causes.count == 4)
    #expect(stall(dates, expectsInput: true).causes.isEmpty)
  }

  @Test func `a look back that fewer dates satisfy waits for the nearest one when they are too few`() {
    let looking = Step(name: "b", command: ["b"], lookbacks: [Lookback(step: "a", dates: 3, minimum: 1)])
    #expect(stall(["2013-02-02": held], looking: looking).causes.isEmpty)
    let two = stall(["2013-02-01": held, "2013-02-02": held], looking: looking)
    #expect(two.views().map(\.sentence) == ["4 dates wait for 2013-02-02, which is held"])
  }

  @Test func `a step that is done on a held date is there for those that look back at it`() {
    #expect(stall(["2013-02-02": DateSummary(state: .held, doneSteps: ["a"])]).causes.isEmpty)
  }

  @Test func `the bootstrap is not looked back at`() {
    let first = DateSummary(state: .skipped, reason: "bootstrap (skip_first)")
    #expect(stall(["2013-02-01": first], skipFirst: .dates(1)).causes.isEmpty)
  }

  @Test func `several causes are told by their dates, three of them at most`() {
    let stall = stall(
      ["2013-02-02": held, "2013-02-04": held, "2013-02-06": held, "2013-02-08": held, "2013-02-11": held],
      to: "2013-02-12")
    #expect(stall.views().map(\.dates) == [1, 1, 1, 2, 1])
    #expect(
      stall.views().sentence
        == "1 date waits for 2013-02-02, which is held; 1 date waits for 2013-02-04, which is held; "
        + "1 date waits for 2013-02-06, which is held; 3 more wait for others")
    #expect(stall.views(of: [day("2013-02-09"), day("2013-02-01")]).map(\.date) == [day("2013-02-08")])
  }

  @Test(.timeLimit(.minutes(1)))
  func `20,000 dates that look far back are gone through in one pass`() {
    let looking = Step(name: "b", command: ["b"], lookbacks: [Lookback(step: "a", dates: 5000, minimum: 5000)])
    let window = Window(
      name: "w", dates: DateSelection(from: day("1800-01-01"), to: day("1800-01-01").adding(days: 19_999)),
      steps: [load, looking])
    let stall = LookbackStall(window, WindowCalendar(window.dates), [day("1800-01-02"): held])
    #expect(stall.views().map(\.dates) == [19_998])
  }
}
