import BackfillTestKit
import Testing

@testable import BackfillCore

/// Reports with the largest and smallest numbers there are: each gets a verdict, none stops the daemon.
@Suite struct ExtremeReportTests {
  private static let numbers = [Int.min, -1, 0, 1, 1 << 62, Int.max]

  private let step = Step(
    name: "load", command: ["l"],
    expect: Expectation(
      records: NumberRange(minimum: 1, maximum: 1e18), completeness: NumberRange(minimum: 0.9, maximum: 1),
      never: ["BROKEN"], expected: ["EMPTY"],
      streams: [
        RateStream(
          categories: ["A", "B"], since: day("2013-02-01"),
          bands: [Band(firstDay: 0, lastDay: nil, low: 0.1, high: 0.2)],
          rho: 0)
      ]))

  private func verdict(_ report: Report, on date: CivilDate) -> StepVerdict {
    Judge.verdict(
      on: report, expecting: step.expect,
      in: JudgingContext(date: date, step: step.name, calendarCount: .max, windowDates: 28))
  }

  private static let reports: [Report] = numbers.flatMap { attempted in
    numbers.flatMap { first in
      numbers.map { second in
        Report(
          attempted: attempted, records: first,
          failures: ["A": first, "B": second, "EMPTY": second, "BROKEN": first, "NEW": second])
      }
    }
  }

  @Test func `each of them is judged`() {
    for report in Self.reports { #expect(verdict(report, on: day("2013-02-01")).word >= .inconclusive) }
  }

  @Test(arguments: [FailuresRequest.Grouping.category, .step, .week, .date])
  func `all of them are added up`(_ by: FailuresRequest.Grouping) {
    let window = Window(
      name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2014-02-28")), steps: [step])
    let records = Self.reports.enumerated().map { index, report in
      DateRecord(
        date: day("2013-02-01").adding(days: index), state: .done,
        steps: ["load": StepRecord(step: "load", state: .done, report: report)])
    }
    let rows = FailureTally(window: window, calendar: WindowCalendar(window.dates)).view(records, by: by).rows
    #expect(rows.allSatisfy { $0.n >= 0 && $0.failed >= 0 })
  }

  @Test func `the drift over them has a score, and a sentence where it alarms`() throws {
    let calendar = WindowCalendar(DateSelection(from: day("2013-02-01"), to: day("2014-02-28")))
    var facts: [CivilDate: DriftDate] = [:]
    for (index, report) in Self.reports.enumerated() {
      let date = day("2013-02-01").adding(days: index)
      facts[date] = DriftDate(state: .done, facts: verdict(report, on: date).driftFacts(of: "load", isAccepted: false))
    }
    let stream = DriftStream(step: "load", name: "A+B")
    var fold = DriftFold([stream])
    let alarms = fold.fold(DriftFacts(dates: facts), over: calendar)
    #expect(!alarms.isEmpty)
    #expect(try #require(fold.state(of: stream)).test.evidence.isFinite)
  }
}
