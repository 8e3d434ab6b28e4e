import BackfillCore
import Testing

@testable import backfillctl

/// A plan with a date of every sort.
let samplePlan = PlanView(
  window: "flights", state: .paused, reason: "the blizzard", zone: "America/New_York", schedule: "0 1 * * *",
  dateMilliseconds: 200_000, samples: 38, finish: instant("2013-02-11T06:10:00Z"), finishUnknown: nil,
  counts: ["pending": 3, "done": 38, "held": 1, "skip_first": 14, "weekdays": 4], unplanned: 0, nightCount: 2,
  locks: [PlanLock(lock: "warehouse", windows: ["nba", "routes"]), PlanLock(lock: "own", windows: [])],
  nights: [
    PlannedNight(
      night: 1, kind: .scheduled, chunk: 7, firing: instant("2013-02-09T06:00:00Z"), quota: 1, endsAt: nil, dates: 1,
      first: day("2013-02-09"), last: day("2013-02-09"), finish: instant("2013-02-09T06:03:20Z")),
    PlannedNight(
      night: 2, kind: .scheduled, chunk: nil, firing: instant("2013-02-10T06:00:00Z"), quota: 4, endsAt: nil, dates: 2,
      first: day("2013-02-10"), last: day("2013-02-11"), finish: nil),
  ],
  dates: [
    PlanDate(date: day("2013-01-01"), state: .skipped, why: .skipFirst, reason: nil, night: nil, bands: []),
    PlanDate(date: day("2013-01-02"), state: .skipped, why: .skipFirst, reason: nil, night: nil, bands: []),
    PlanDate(date: day("2013-01-03"), state: .skipped, why: .skipFirst, reason: nil, night: nil, bands: []),
    PlanDate(date: day("2013-01-04"), state: .skipped, why: .skipFirst, reason: nil, night: nil, bands: []),
    PlanDate(date: day("2013-01-05"), state: nil, why: .weekdays, reason: nil, night: nil, bands: []),
    PlanDate(date: day("2013-02-08"), state: .held, why: .held, reason: "`load` is an anomaly", night: nil, bands: []),
    PlanDate(
      date: day("2013-02-09"), state: .running, why: .running, reason: nil, night: 1,
      bands: [
        PlanBand(step: "load", stream: "CANCELLED", low: 0, high: 0.03),
        PlanBand(step: "routes", stream: "LOST+LATE", low: nil, high: nil),
      ]),
    PlanDate(date: day("2013-02-10"), state: .pending, why: .pending, reason: nil, night: 2, bands: []),
  ])

@Suite struct PlanRenderingTests {
  @Test func `a plan is the sum, the nights, and a line for each date`() {
    #expect(
      PlanRendering.lines(samplePlan, in: plain) == [
        "flights  paused",
        "  dates: 3 pending, 38 done, 1 held, 14 skip_first, 4 weekdays",
        "  paused: the blizzard",
        "  planned as if it were resumed now",
        "  schedule: 0 1 * * * (America/New_York)",
        "  a date takes 3m 20s, the median of 38 done",
        "  finish: about 2013-02-11 01:10 EST, in 2 nights",
        "  lock warehouse: shared with nba, routes",
        "  lock own: no other window has it",
        "",
        "night  starts                dates                          ends about",
        "    1  chunk 7, open             1  2013-02-09              2013-02-09 01:03",
        "    2  2013-02-10 01:00 EST      2  2013-02-10..2013-02-11  unknown",
        "",
        "date             night  why       expected failures, or the reason",
        "2013-01-01..2013-01-04  out  skip_first, 4 dates",
        "2013-01-05  out         weekdays",
        "2013-02-08  out         held      `load` is an anomaly",
        "2013-02-09  in       1  running   load CANCELLED 0-3 %; routes LOST+LATE no band",
        "2013-02-10  in       2  pending",
      ])
  }

  @Test func `no line of a plan is longer than 80 columns`() {
    #expect(PlanRendering.lines(samplePlan, in: plain).filter { $0.count > 80 } == [])
  }

  @Test func `before a date is done the finish is unknown, and says until when`() {
    let plan = PlanView(
      window: "w", state: .active, reason: nil, zone: "UTC", schedule: nil, dateMilliseconds: nil, samples: 0,
      finish: nil, finishUnknown: "unknown until dates are done", counts: [:], unplanned: 0, nightCount: 0, locks: [],
      nights: [], dates: [])
    #expect(
      PlanRendering.lines(plan, in: plain) == [
        "w  active", "  no dates", "  no schedule: `backfillctl run` starts dates",
        "  finish: unknown until dates are done",
      ])
  }

  @Test(arguments: [(0.0, 0.03, "0-3 %"), (0.25, 0.3, "25-30 %"), (0.031, 0.031, "3.1 %"), (0.9, 1, "90-100 %")])
  func `a band is two edges in per cent`(low: Double, high: Double, text: String) {
    #expect(Percent.range(low, high) == text)
  }

  @Test(arguments: [(0.00001, "0"), (0.1234567, "12.35"), (-0.05, "-5"), (1.0005, "100.05")])
  func `a fraction is rounded to two decimals of a per cent`(fraction: Double, text: String) {
    #expect(Percent.number(fraction) == text)
  }
}
