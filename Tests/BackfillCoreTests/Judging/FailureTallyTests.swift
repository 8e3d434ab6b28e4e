import BackfillTestKit
import Testing

@testable import BackfillCore

@Suite struct FailureTallyTests {
  private let window = Window(
    name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2013-02-28")),
    steps: [
      Step(
        name: "load", command: ["l"],
        expect: Expectation(
          never: ["BROKEN"], expected: ["EMPTY"],
          streams: [
            RateStream(
              categories: ["CANCELLED"], since: day("2013-02-01"),
              bands: [
                Band(firstDay: 0, lastDay: 2, low: 0, high: 0.1), Band(firstDay: 3, lastDay: nil, low: 0.2, high: 0.3),
              ])
          ]))
    ])

  private func rows(_ by: FailuresRequest.Grouping, _ reports: [(String, Report)]) -> [FailureRow] {
    let records = reports.map { date, report in
      DateRecord(
        date: day(date), state: .done, steps: ["load": StepRecord(step: "load", state: .done, report: report)])
    }
    return FailureTally(window: window, calendar: WindowCalendar(window.dates)).view(records, by: by).rows
  }

  private let reports: [(String, Report)] = [
    ("2013-02-01", Report(attempted: 100, failures: ["CANCELLED": 5, "EMPTY": 1])),
    ("2013-02-04", Report(attempted: 300, failures: ["CANCELLED": 75, "NEW": 2])),
    ("2013-02-05", Report(failures: ["CANCELLED": 7])),
  ]

  @Test func `each category has its count, its n, its rate and what it is`() {
    #expect(
      rows(.category, reports).map { "\($0.group) \($0.kind?.rawValue ?? "-") \($0.failed)/\($0.n) \($0.dates)" } == [
        "CANCELLED expected 87/400 3", "NEW unknown 2/400 1", "EMPTY expected 1/400 1", "BROKEN never 0/400 0",
      ])
  }

  @Test func `a rate counts only reports that say how many were attempted`() {
    #expect(rows(.category, reports)[0].rate == 0.2)
  }

  @Test func `a band over several dates is weighted by what was attempted`() throws {
    let stream = try #require(rows(.step, reports)[0].streams.first)
    #expect(stream.low == 0.15)
    #expect(abs((stream.high ?? 0) - 0.25) < 1e-12)
    #expect(stream.failed == 80)
    #expect(stream.n == 400)
  }

  @Test func `a step divides its failures into expected, never and unknown`() {
    let row = rows(.step, reports + [("2013-02-06", Report(attempted: 1, failures: ["BROKEN": 1]))])[0]
    #expect([row.failed, row.expected, row.never, row.unknown] == [91, 88, 1, 2])
  }

  @Test func `weeks are named by their Monday`() {
    #expect(rows(.week, reports).map { "\($0.group) \($0.failed)" } == ["2013-01-28 6", "2013-02-04 84"])
  }

  @Test func `dates come in calendar order, each with its own band`() {
    let rows = rows(.date, reports)
    #expect(rows.map(\.group) == ["2013-02-01", "2013-02-04", "2013-02-05"])
    #expect(rows.map { $0.streams[0].high } == [0.1, 0.3, nil])
  }

  @Test(arguments: [FailuresRequest.Grouping.category, .step, .week])
  func `counts beyond the largest number stay at the largest, and the band is weighted all the same`(
    _ by: FailuresRequest.Grouping
  ) throws {
    let huge = Report(attempted: .max, failures: ["CANCELLED": .max, "EMPTY": .max, "NEW": .max, "BROKEN": .max])
    let row = try #require(rows(by, [("2013-02-05", huge), ("2013-02-06", huge), ("2013-02-07", huge)]).first)
    #expect(row.n == .max)
    #expect(row.failed == .max)
    #expect(row.rate == 1)
    for stream in row.streams {
      #expect(stream.failed == .max)
      #expect(abs((stream.low ?? 0) - 0.2) < 1e-12)
      #expect(abs((stream.high ?? 0) - 0.3) < 1e-12)
    }
  }

  @Test func `a stream whose categories contradict each other beyond all numbers is added up`() {
    let stream = RateStream(categories: ["A", "B"], since: day("2013-02-01"), bands: [])
    #expect(stream.failures(in: Report(failures: ["A": .max, "B": .max])) == .max)
    #expect(stream.failures(in: Report(failures: ["A": .min, "B": .min])) == .min)
  }

  @Test func `a date that the calendar does not have, and a step that is not done, are left out`() {
    let failed = StepRecord(step: "load", state: .failed, report: Report(attempted: 1, failures: ["EMPTY": 1]))
    let records = [
      DateRecord(
        date: day("2012-12-31"), state: .done,
        steps: ["load": StepRecord(step: "load", state: .done, report: Report(attempted: 9))]),
      DateRecord(date: day("2013-02-01"), state: .held, steps: ["load": failed]),
    ]
    let tally = FailureTally(window: window, calendar: WindowCalendar(window.dates))
    #expect(tally.view(records, by: .step).rows == [])
  }
}
