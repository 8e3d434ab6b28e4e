import BackfillCore

@testable import BackfillExec

/// A report, as a file and as a line of the output; what can be read is judged.
enum ReportTarget {
  static func run(_ input: [UInt8]) {
    examine(ReportText.reading(of: input))
    var cutter = LineCutter()
    var line = ReportLine()
    // In pieces, as they come through a pipe.
    var rest = input[...]
    while !rest.isEmpty {
      cutter.feed(Array(rest.prefix(7))) { line.take($0, goesOn: $1) }
      rest = rest.dropFirst(7)
    }
    cutter.finish { line.take($0, goesOn: $1) }
    examine(line.reading)
  }

  private static func examine(_ reading: ReportReading) {
    switch reading {
    case .report(let report): judge(report)
    case .notPromised: check(false, "nothing was promised")
    case .missing(let why), .unreadable(let why): check(why.isOneLine, "not one line: \(why)")
    }
  }

  private static func judge(_ report: Report) {
    for expectation in [loose, strict] {
      let verdict = Judge.verdict(on: report, expecting: expectation, in: context)
      check(verdict.sentence.isOneLine, "not one line: \(verdict.sentence)")
      check(verdict.findings.allSatisfy { $0.word <= verdict.word }, "the verdict is not the worst finding")
    }
  }

  private static let date = CivilDate(daysSinceEpoch: 18_900)
  private static let context = JudgingContext(
    date: date, step: "load", calendarCount: 30, windowDates: 100, streams: 2, slowInPrevious4: 1,
    duration: .seconds(12))
  private static let loose = Expectation()
  private static let strict = Expectation(
    records: NumberRange(minimum: 1, maximum: 1_000), completeness: NumberRange(minimum: 0.5),
    maxDuration: .seconds(10), metrics: ["usage_rate": NumberRange(minimum: 0, maximum: 1)], never: ["BUG"],
    expected: ["NO_DATA", "LATE"],
    streams: [
      RateStream(
        categories: ["NO_DATA", "LATE"], since: date, bands: [Band(firstDay: 0, lastDay: nil, low: 0.25, high: 0.3)]),
      RateStream(
        categories: ["CANCELLED"], since: date, bands: [Band(firstDay: 0, lastDay: 6, low: 0, high: 0)],
        below: .anomaly,
        rho: 0),
    ])
}
