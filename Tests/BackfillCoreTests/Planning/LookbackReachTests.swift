import BackfillCore
import BackfillTestKit
import Testing

/// How far the planner looks for a date of a window whose steps look back.
@Suite struct LookbackReachTests {
  private static let lookback = Step(
    name: "sum", command: ["sum"], lookbacks: [Lookback(step: "load", dates: 3, minimum: 2)])
  private static let steps = [Step(name: "load", command: ["load"]), lookback]

  private func planner(_ order: DateOrder, skipFirst: SkipFirst? = nil) -> ChunkPlanner {
    let window = Window(
      name: "w", dates: DateSelection(from: day("2013-01-01"), to: day("2013-02-09"), skipFirst: skipFirst),
      order: order, steps: Self.steps)
    return ChunkPlanner(window: window, calendar: WindowCalendar(window.dates))
  }

  @Test(arguments: [DateOrder.oldestFirst, .newestFirst], [nil, SkipFirst.dates(5)])
  func `knowing how far dates are done changes nothing about what comes next`(order: DateOrder, skipFirst: SkipFirst?) {
    let planner = planner(order, skipFirst: skipFirst)
    let chunk = Activation(id: 1, window: "w", kind: .forced, nominal: Instant(seconds: 0))
    var random = SystemRandomNumberGenerator()
    for _ in 1...300 {
      var dates: [CivilDate: DateSummary] = [:]
      var last = -1
      let share = Double.random(in: 0...1, using: &random)
      for (position, entry) in planner.calendar.dates.enumerated() {
        guard !entry.isBootstrap, Double.random(in: 0...1, using: &random) < share else { continue }
        dates[entry.date] = DateSummary(state: .done, verdict: .pass, doneSteps: ["load", "sum"])
        last = position
      }
      func next(_ activation: Activation, lastDone: Int?) -> CivilDate? {
        planner.nextDate(
          of: activation,
          in: ChunkPlanner.Situation(
            state: .active, dates: dates, pending: planner.calendar.dates.indices, lastDone: lastDone,
            now: Instant(seconds: 0)))?.date
      }
      #expect(next(chunk, lastDone: last) == next(chunk, lastDone: nil), "\(dates.keys.sorted())")
      for step in [nil, "load", "sum"] {
        let named = Activation(
          id: 2, window: "w", kind: .hand, nominal: Instant(seconds: 0),
          dates: planner.calendar.dates.map(\.date).shuffled(), step: step)
        #expect(next(named, lastDone: last) == next(named, lastDone: nil), "\(dates.keys.sorted())")
      }
    }
  }
}
