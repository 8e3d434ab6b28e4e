import BackfillCore
import BackfillTestKit
import Testing

/// No date starts that is not expected to end before `stop_by`.
@Suite struct StopByTests {
  /// 2013-06-02T01:00:00Z, the firing.
  private let nominal = Instant(seconds: 1_370_134_800)

  private func window(stopBy: Int? = 6 * 3600, when: String = "0 1 * * *") throws -> Window {
    Window(
      name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2013-02-09")),
      schedule: Schedule(when: try CalendarExpression.parse(when), stopBy: stopBy),
      steps: [Step(name: "load", command: ["load"])])
  }

  private func situation(
    after minutes: Int64, _ activation: Activation, expected: Duration? = .seconds(720), state: WindowState = .active
  ) -> ChunkPlanner.Situation {
    ChunkPlanner.Situation(
      state: state, dates: [:], activations: [activation], now: nominal + .seconds(60 * minutes), expected: expected)
  }

  private func chunk(_ kind: Activation.Kind = .scheduled, hours: Int64 = 5) -> Activation {
    Activation(id: 1, window: "w", kind: kind, nominal: nominal, endsAt: nominal + .seconds(hours * 3600))
  }

  @Test(
    arguments: [
      ([1, 2, 3, 4], nil), ([5, 1, 4, 2, 3], 5), ([9, 8, 7, 6, 5, 4, 3, 2, 1, 90], 9), (Array(1...20), 18),
    ] as [([Int], Int?)])
  func `nine dates of ten did not exceed what is expected, and fewer than five tell nothing`(
    _ seconds: [Int], _ expected: Int?
  ) {
    #expect(DateDurations(seconds.map { .seconds($0) }).expected == expected.map { .seconds($0) })
  }

  @Test func `of more than a thousand dates the oldest are forgotten`() {
    var kept = DateDurations()
    for second in 1...2345 { kept.note(.seconds(second * 7919 % 1000)) }
    let last = (1346...2345).map { Duration.seconds($0 * 7919 % 1000) }
    #expect(kept == DateDurations(last))
    #expect(kept.count == 1000)
    #expect(kept.expected == last.sorted()[899])
    #expect(kept.median == last.sorted()[499])
  }

  @Test(arguments: [(0, true), (288, true), (289, false), (300, false)] as [(Int64, Bool)])
  func `the last date starts when what it is expected to take just fits`(_ minutes: Int64, _ starts: Bool) throws {
    let window = try window()
    let planner = ChunkPlanner(window: window, calendar: WindowCalendar(window.dates))
    let situation = situation(after: minutes, chunk())
    #expect((planner.next(in: situation) != nil) == starts)
    #expect(planner.isOver(chunk(), in: situation) == !starts)
  }

  @Test func `a chunk that ends for want of time says so`() throws {
    let window = try window()
    let planner = ChunkPlanner(window: window, calendar: WindowCalendar(window.dates))
    let why = "the next date would not end before 06:00: 90 % of the dates so far took up to 12m"
    #expect(planner.shortOfTime(chunk(), in: situation(after: 290, chunk())) == why)
    #expect(planner.shortOfTime(chunk(), in: situation(after: 290, chunk(), state: .paused)) == why)
    #expect(planner.shortOfTime(chunk(), in: situation(after: 280, chunk())) == nil)
    #expect(planner.shortOfTime(chunk(), in: situation(after: 300, chunk())) == nil)
    #expect(planner.shortOfTime(chunk(), in: situation(after: 290, chunk(), expected: nil)) == nil)
  }

  @Test func `nothing is expected of dates that persons name, nor where a chunk ends with the next firing`() throws {
    let window = try window(stopBy: nil)
    let planner = ChunkPlanner(window: window, calendar: WindowCalendar(window.dates))
    #expect(planner.next(in: situation(after: 299, chunk())) != nil)
    let hand = Activation(id: 2, window: "w", kind: .hand, nominal: nominal, dates: [day("2013-02-03")])
    let strict = try self.window()
    let other = ChunkPlanner(window: strict, calendar: WindowCalendar(strict.dates))
    let pick = try #require(other.next(in: situation(after: 299, hand)))
    #expect(pick.latestStart == nil)
    // `resume --now`: it ends by `stop_by`, or by a firing before that.
    #expect(other.next(in: situation(after: 299, chunk(.forced))) == nil)
    #expect(other.next(in: situation(after: 239, chunk(.forced, hours: 4))) != nil)
  }

  @Test func `the plan follows the same rule`() throws {
    let window = try window(stopBy: 2 * 3600)
    let now = nominal - .seconds(3600)
    func view(_ seconds: Int) -> PlanView {
      let facts = Forecast.Facts(
        window: window, calendar: WindowCalendar(window.dates),
        record: WindowRecord(window: "w", since: now), dates: [:], nextFiring: nominal, now: now)
      return Forecast(facts, durations: [900, 900, 900, 900, seconds].map { .seconds($0) }).view()
    }
    // Starts at 01:00, 01:15, 01:30, 01:45; the last date must be expected to end by 02:00.
    #expect(view(900).nights.map(\.dates) == [4, 4, 1])
    #expect(view(1800).nights.map(\.dates) == [3, 3, 3])
    let tooLong = view(3601)
    #expect(tooLong.unplanned == 9)
    #expect(
      tooLong.finishUnknown == "no date would end before `stop_by`: 90 % of the dates so far took up to 1h")
  }
}
