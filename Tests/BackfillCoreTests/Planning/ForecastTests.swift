import BackfillCore
import BackfillTestKit
import Testing

@Suite struct ForecastTests {
  /// 2013-06-01T12:00:00Z, a Saturday.
  private let now = Instant(seconds: 1_370_088_000)

  private func schedule(
    chunk: Int? = 2, ramp: [Int] = [], stopBy: Int? = nil, when: String = "0 1 * * *"
  ) throws -> Schedule {
    Schedule(when: try CalendarExpression.parse(when), chunk: chunk, stopBy: stopBy, ramp: ramp)
  }

  private func view(
    _ selection: DateSelection, _ schedule: Schedule?, order: DateOrder = .oldestFirst, steps: [Step]? = nil,
    parallel: Int = 1, state: WindowState = .active, rampIndex: Int = 0, dates: [CivilDate: DateSummary] = [:],
    activations: [Activation] = [], durations: [Duration] = [], sharers: [String: [String]] = [:], nights: Int? = nil
  ) -> PlanView {
    let window = Window(
      name: "w", dates: selection, order: order, schedule: schedule, parallel: Parallel(dates: parallel),
      steps: steps ?? [Step(name: "load", command: ["load"])])
    let facts = Forecast.Facts(
      window: window, calendar: WindowCalendar(selection),
      record: WindowRecord(window: "w", state: state, since: now, rampIndex: rampIndex), dates: dates,
      activations: activations,
      nextFiring: schedule.flatMap { Firing($0, in: .utc).next(after: now) }, sharers: sharers, now: now)
    return Forecast(facts, durations: durations).view(nights: nights)
  }

  private func february(_ last: Int) -> DateSelection {
    DateSelection(from: day("2013-02-01"), to: day("2013-02-01").adding(days: last - 1))
  }

  /// `FIRING DATES FIRST..LAST` of each night.
  private func nights(_ view: PlanView) -> [String] {
    view.nights.map { "\($0.firing) \($0.dates) \($0.first)..\($0.last)" }
  }

  @Test func `chunks follow each other night by night`() throws {
    let view = view(february(5), try schedule())
    #expect(
      nights(view) == [
        "2013-06-02T01:00:00Z 2 2013-02-01..2013-02-02", "2013-06-03T01:00:00Z 2 2013-02-03..2013-02-04",
        "2013-06-04T01:00:00Z 1 2013-02-05..2013-02-05",
      ])
    #expect(view.dates.map(\.night) == [1, 1, 2, 2, 3])
  }

  @Test func `the ramp grows from where it stands`() throws {
    let schedule = try schedule(chunk: 10, ramp: [1, 4])
    #expect(view(february(16), schedule).nights.map(\.dates) == [1, 4, 10, 1])
    #expect(view(february(16), schedule, rampIndex: 1).nights.map(\.dates) == [4, 10, 2])
  }

  @Test func `newest first begins at the end`() throws {
    let view = view(february(3), try schedule(), order: .newestFirst)
    #expect(view.dates.map(\.night) == [2, 1, 1])
  }

  @Test func `newest first with a look back goes as far back as it must`() throws {
    let steps = [
      Step(name: "load", command: ["l"]),
      Step(
        name: "features", command: ["f"], after: ["load"], lookbacks: [Lookback(step: "load", dates: 2, minimum: 1)]),
    ]
    let view = view(february(5), try schedule(chunk: 1), order: .newestFirst, steps: steps)
    // 1 has nothing before it; it frees 2 and 3, which look at it; 3 frees 4 and 5.
    #expect(view.dates.map(\.night) == [1, 5, 2, 4, 3])
  }

  @Test func `dates that could run one after the other do not wait for ever, though there is no schedule`() {
    let steps = [
      Step(name: "load", command: ["l"]),
      Step(
        name: "features", command: ["f"], after: ["load"], lookbacks: [Lookback(step: "load", dates: 1, minimum: 1)]),
    ]
    let view = view(february(3), nil, steps: steps)
    #expect(view.dates.map(\.why) == [.pending, .pending, .pending])
    #expect(view.unplanned == 3)
    let stalled = self.view(february(4), nil, steps: steps, dates: [day("2013-02-02"): DateSummary(state: .held)])
    #expect(stalled.dates.map(\.why) == [.pending, .held, .waits, .waits])
    #expect(stalled.unplanned == 1)
  }

  @Test func `a date of which a single step runs is planned with what looks back at it`() throws {
    let steps = [
      Step(name: "load", command: ["l"]),
      Step(
        name: "features", command: ["f"], after: ["load"], lookbacks: [Lookback(step: "load", dates: 1, minimum: 1)]),
    ]
    let single = Activation(
      id: 1, window: "w", kind: .hand, nominal: now, dates: [day("2013-02-01")], step: "load",
      started: [day("2013-02-01")])
    let view = view(
      february(3), try schedule(), steps: steps, dates: [day("2013-02-01"): DateSummary(state: .running)],
      activations: [single])
    #expect(view.dates.map(\.why) == [.running, .pending, .pending])
    #expect(view.dates.map(\.night) == [1, 1, 2])
  }

  @Test func `a date that looks back at one that nothing will run waits`() throws {
    let steps = [
      Step(name: "load", command: ["l"], lookbacks: [Lookback(step: "load", dates: 1, minimum: 1)])
    ]
    let view = view(
      february(4), try schedule(), steps: steps, dates: [day("2013-02-02"): DateSummary(state: .held, reason: "why")])
    #expect(view.dates.map(\.why) == [.pending, .held, .waits, .waits])
    #expect(view.dates.map(\.night) == [1, nil, nil, nil])
    #expect(view.dates[1].reason == "why")
    #expect(view.dates[3].reason == "it waits for 2013-02-02, which is held")
  }

  @Test func `a date that is held for its input is looked at again in the next night`() throws {
    let waiting = DateSummary(state: .held, reason: "`requires` of `load` failed", awaitsInput: true)
    let view = view(
      february(3), try schedule(),
      dates: [
        day("2013-02-01"): waiting, day("2013-02-02"): DateSummary(state: .held),
        day("2013-02-03"): DateSummary(state: .held),
      ])
    #expect(view.dates.map(\.why) == [.input, .held, .held])
    #expect(view.dates.map(\.isIn) == [true, false, false])
    #expect(view.dates[0].reason == waiting.reason)
    #expect(nights(view) == ["2013-06-02T01:00:00Z 1 2013-02-01..2013-02-01"])
  }

  @Test func `a chunk that found the input missing leaves the date to the next one, and a place of it is not used`()
    throws
  {
    let waiting = DateSummary(state: .held, awaitsInput: true)
    let open = Activation(
      id: 7, window: "w", kind: .scheduled, nominal: now - .seconds(600), quota: 1, endsAt: now + .seconds(3600),
      started: [day("2013-02-01")], lookedAt: [day("2013-02-01")])
    let view = view(february(3), try schedule(), dates: [day("2013-02-01"): waiting], activations: [open])
    #expect(view.dates.map(\.night) == [2, 1, 2])
    #expect(view.nights.map(\.chunk) == [7, nil])
  }

  @Test func `a step that is done on a date counts once for those that look back at it`() throws {
    let steps = [
      Step(name: "load", command: ["l"]),
      Step(name: "sum", command: ["s"], lookbacks: [Lookback(step: "load", dates: 2, minimum: 2)]),
    ]
    let loaded = DateSummary(state: .pending, doneSteps: ["load"])
    let held = DateSummary(state: .held)
    let view = view(
      february(3), try schedule(), steps: steps, dates: [day("2013-02-01"): loaded, day("2013-02-02"): held])
    #expect(view.dates.map(\.why) == [.pending, .held, .waits])
  }

  @Test func `every day of the window is there, in or out with why`() {
    let selection = DateSelection(
      from: day("2013-02-01"), to: day("2013-02-08"), skipFirst: .dates(1), except: [day("2013-02-04")],
      weekdays: Set(Weekday.allCases).subtracting([.saturday, .sunday]))
    let view = view(
      selection, nil,
      dates: [
        day("2013-02-05"): DateSummary(state: .done, verdict: .warn),
        day("2013-02-06"): DateSummary(state: .skipped, reason: "gone"),
        day("2013-02-07"): DateSummary(state: .running), day("2012-12-31"): DateSummary(state: .done),
      ])
    #expect(
      view.dates.map { "\($0.date) \($0.isIn ? "in" : "out") \($0.why.rawValue) \($0.reason ?? "-")" } == [
        "2012-12-31 out uncovered the calendar no longer has it", "2013-02-01 out skip_first -",
        "2013-02-02 out weekdays -", "2013-02-03 out weekdays -", "2013-02-04 out except -",
        "2013-02-05 out done warn", "2013-02-06 out skipped gone", "2013-02-07 in running -",
        "2013-02-08 in pending -",
      ])
    #expect(view.counts["weekdays"] == 2)
    #expect(view.unplanned == 1)
    #expect(view.finishUnknown == "there is no schedule: `backfillctl run` starts dates")
  }

  @Test func `a date has the band of each stream on that date`() throws {
    let stream = RateStream(
      categories: ["A", "B"], since: day("2013-02-01"),
      bands: [Band(firstDay: 0, lastDay: 0, low: 0.9, high: 1), Band(firstDay: 1, lastDay: 1, low: 0.25, high: 0.3)])
    let view = view(
      february(3), nil, steps: [Step(name: "load", command: ["l"], expect: Expectation(streams: [stream]))])
    #expect(
      view.dates.map(\.bands) == [
        [PlanBand(step: "load", stream: "A+B", low: 0.9, high: 1)],
        [PlanBand(step: "load", stream: "A+B", low: 0.25, high: 0.3)],
        [PlanBand(step: "load", stream: "A+B", low: nil, high: nil)],
      ])
  }

  @Test func `the finish is unknown until dates are done`() throws {
    let view = view(february(3), try schedule())
    #expect(view.finish == nil)
    #expect(view.finishUnknown == "unknown until dates are done")
    #expect(view.nights.map(\.finish) == [nil, nil])
  }

  @Test func `the finish follows from the median of what dates took`() throws {
    let view = view(february(3), try schedule(), durations: [.seconds(60), .seconds(9999), .seconds(600)])
    #expect(view.dateMilliseconds == 600_000)
    #expect(view.samples == 3)
    #expect(view.finish == Instant(iso: "2013-06-03T01:10:00Z"))
    #expect(view.finishUnknown == nil)
  }

  @Test func `no date is planned to start after stop_by`() throws {
    let view = view(
      february(4), try schedule(chunk: nil, stopBy: 2 * 3600), parallel: 2, durations: [.seconds(3600)])
    #expect(
      nights(view) == [
        "2013-06-02T01:00:00Z 2 2013-02-01..2013-02-02", "2013-06-03T01:00:00Z 2 2013-02-03..2013-02-04",
      ])
  }

  @Test func `an open activation goes on with what is left of it`() throws {
    let open = Activation(
      id: 7, window: "w", kind: .scheduled, nominal: now - .seconds(600), quota: 3,
      endsAt: now + .seconds(3600), started: [day("2013-02-01"), day("2013-02-02")])
    let view = view(
      february(4), try schedule(),
      dates: [
        day("2013-02-01"): DateSummary(state: .done), day("2013-02-02"): DateSummary(state: .running),
      ], activations: [open])
    #expect(view.nights.map(\.chunk) == [7, nil])
    #expect(view.dates.map(\.night) == [nil, 1, 1, 2])
  }

  @Test func `dates that were asked for by hand are run first, whatever the schedule says`() throws {
    let hand = Activation(
      id: 8, window: "w", kind: .hand, nominal: now, dates: [day("2013-02-03")], by: "ann")
    let view = view(february(3), try schedule(chunk: 5), activations: [hand])
    #expect(view.dates.map(\.night) == [2, 2, 1])
  }

  @Test func `a schedule that ends leaves dates without a night`() throws {
    let view = view(february(5), try schedule(when: "2013-06-02 01:00"))
    #expect(view.dates.map(\.night) == [1, 1, nil, nil, nil])
    #expect(view.unplanned == 3)
    #expect(view.finishUnknown == "the schedule has no firing for 3 dates")
  }

  @Test func `a number of nights cuts the dates, not the finish`() throws {
    let view = view(february(28), try schedule(), durations: [.seconds(60)], nights: 2)
    #expect(view.dates.count == 4)
    #expect(view.nights.count == 2)
    #expect(view.nightCount == 14)
    #expect(view.finish == Instant(iso: "2013-06-15T01:02:00Z"))
  }

  @Test func `windows with the same lock are named`() throws {
    let view = view(february(1), try schedule(), sharers: ["warehouse": ["nba", "routes"]])
    #expect(view.locks == [PlanLock(lock: "warehouse", windows: ["nba", "routes"])])
  }

  @Test(.timeLimit(.minutes(1)), arguments: [DateOrder.oldestFirst, .newestFirst])
  func `a plan of 100,000 dates that look far back is made in one go`(order: DateOrder) throws {
    let steps = [
      Step(name: "load", command: ["l"]),
      Step(name: "sum", command: ["s"], lookbacks: [Lookback(step: "load", dates: 10_000, minimum: 9000)]),
    ]
    let selection = DateSelection(from: day("1800-01-01"), to: day("1800-01-01").adding(days: 99_999))
    let view = view(selection, try schedule(chunk: 1000), order: order, steps: steps, durations: [.milliseconds(1)])
    #expect(view.dates.count == 100_000)
    #expect(view.nights.count == 100)
    #expect(view.unplanned == 0)
  }
}
