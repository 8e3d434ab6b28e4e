import BackfillCore
import Testing

/// `Testing` has an `Expectation` too.
private typealias Expected = BackfillCore.Expectation

/// What each check of the facts says, exactly, and how bad it calls it.
@Suite struct FactSentenceTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let title: String
    let report: Report
    let expectation: BackfillCore.Expectation
    var context = JudgingSamples.context()
    let reasons: [Finding.Reason]
    let sentence: String
    var testDescription: String { title }
  }

  @Test(arguments: contradictions)
  func `a report that cannot be right says what is wrong`(sample: Sample) {
    Self.check(sample)
  }

  @Test(arguments: attempts)
  func `nothing attempted is never a plain pass where something was expected`(sample: Sample) {
    Self.check(sample)
  }

  @Test(arguments: records)
  func `records, completeness and metrics say what was expected`(sample: Sample) {
    Self.check(sample)
  }

  @Test(arguments: durations)
  func `a slow attempt says how slow`(sample: Sample) {
    Self.check(sample)
  }

  private static func check(_ sample: Sample) {
    let verdict = Judge.verdict(on: sample.report, expecting: sample.expectation, in: sample.context)
    #expect(verdict.sentence == sample.sentence)
    #expect(verdict.reasons == sample.reasons)
  }

  private static let contradictions: [Sample] = [
    Sample(
      title: "failures above attempted", report: Report(attempted: 10, failures: ["A": 8, "B": 5]),
      expectation: Expected(expected: ["A", "B"]), reasons: [.badFacts],
      sentence:
        "2021-10-19 routes: the report contradicts itself: 13 failures of 10 attempted -> anomaly."),
    Sample(
      title: "negative counts", report: Report(attempted: -1, records: -2_000, failures: ["A": -3]),
      expectation: Expected(), reasons: [.badFacts],
      sentence:
        "2021-10-19 routes: the report contradicts itself: attempted is -1; records is -2,000; failures of A "
        + "are -3 -> anomaly."),
    Sample(
      title: "sum beyond every number", report: Report(attempted: 10, failures: ["A": .max, "B": 1]),
      expectation: Expected(), reasons: [.badFacts],
      sentence:
        "2021-10-19 routes: the report contradicts itself: its failures add up to more than "
        + "9,223,372,036,854,775,807 -> anomaly."),
    Sample(
      title: "metric that is no number", report: Report(metrics: ["rate": .infinity]),
      expectation: Expected(), reasons: [.badFacts],
      sentence:
        "2021-10-19 routes: the report contradicts itself: rate is inf -> anomaly."),
    Sample(
      title: "never", report: Report(attempted: 450, failures: ["BUG": 1, "WORSE": 2]),
      expectation: Expected(never: ["WORSE", "BUG", "OTHER"]), reasons: [.zeroTolerance],
      sentence:
        "2021-10-19 routes: 2 failed WORSE, expected 0 -> anomaly. Also: 1 failed BUG, expected 0 -> anomaly."),
    Sample(
      title: "unknown category", report: Report(attempted: 450, failures: ["TYPO": 3, "A": 1, "NONE": 0]),
      expectation: Expected(expected: ["A"]), reasons: [.unknownCategory],
      sentence:
        "2021-10-19 routes: 3 failed TYPO, a category that neither `expected` nor `failures` nor `never` "
        + "names -> anomaly."),
    Sample(
      title: "a category that a terminal would obey", report: Report(attempted: 450, failures: ["\u{1B}[2J\n": 3]),
      expectation: Expected(), reasons: [.unknownCategory],
      sentence:
        #"2021-10-19 routes: 3 failed \u{1B}[2J\n, a category that neither `expected` nor `failures` nor `never` "#
        + "names -> anomaly."),
  ]

  private static let attempts: [Sample] = [
    Sample(
      title: "nothing attempted, records expected", report: Report(attempted: 0, records: 0),
      expectation: Expected(records: NumberRange(minimum: 1)), reasons: [.noAttempts],
      sentence:
        "2021-10-19 routes: nothing was attempted, expected at least 1 record -> anomaly."),
    Sample(
      title: "nothing attempted, exactly 30 records expected", report: Report(attempted: 0, records: 0),
      expectation: Expected(records: NumberRange(minimum: 30, maximum: 30)), reasons: [.noAttempts],
      sentence:
        "2021-10-19 routes: nothing was attempted, expected exactly 30 records -> anomaly."),
    Sample(
      title: "nothing attempted, an empty date is fine, a rate", report: Report(attempted: 0, records: 0),
      expectation: Expected(
        records: NumberRange(minimum: 1), streams: [JudgingSamples.stream(0.25, 0.3)], allowEmpty: true),
      reasons: [.noAttempts],
      sentence:
        "2021-10-19 routes: nothing was attempted, so no rate is judged -> inconclusive."),
    Sample(
      title: "nothing attempted, an empty date is fine, no rate", report: Report(attempted: 0, records: 0),
      expectation: Expected(records: NumberRange(minimum: 1), allowEmpty: true), reasons: [],
      sentence: "2021-10-19 routes: 0 attempted, 0 records, took 12s -> pass."),
    Sample(
      title: "nothing attempted, nothing expected", report: Report(attempted: 0), expectation: Expected(),
      reasons: [.noAttempts], sentence: "2021-10-19 routes: nothing was attempted -> inconclusive."),
    Sample(
      title: "a rate without attempted", report: Report(failures: ["INSUFFICIENT_DATA": 3]),
      expectation: Expected(streams: [JudgingSamples.stream(0.25, 0.3)]), reasons: [.noAttempts],
      sentence:
        "2021-10-19 routes: the report does not say how many were attempted, so no rate is judged -> "
        + "inconclusive."),
  ]

  private static let ofRecords: [Sample] = [
    Sample(
      title: "too few", report: Report(records: 5),
      expectation: Expected(records: NumberRange(minimum: 30, maximum: 30)),
      reasons: [.noRecords],
      sentence:
        "2021-10-19 routes: 5 records, expected exactly 30 -> anomaly."),
    Sample(
      title: "too many", report: Report(records: 31),
      expectation: Expected(records: NumberRange(minimum: 30, maximum: 30)),
      reasons: [.recordsOutside],
      sentence:
        "2021-10-19 routes: 31 records, expected exactly 30 -> anomaly."),
    Sample(
      title: "one too many for a range", report: Report(records: 1),
      expectation: Expected(records: NumberRange(maximum: 0)),
      reasons: [.recordsOutside], sentence: "2021-10-19 routes: 1 record, expected at most 0 -> anomaly."),
    Sample(
      title: "not reported", report: Report(attempted: 7),
      expectation: Expected(records: NumberRange(minimum: 25, maximum: 35)),
      reasons: [.noRecords],
      sentence:
        "2021-10-19 routes: the report does not say how many records there are, expected 25 to 35 -> anomaly."),
    Sample(
      title: "all failed, implausible", report: Report(attempted: 450, records: 0),
      expectation: Expected(
        records: NumberRange(minimum: 1), streams: [JudgingSamples.stream(0, 0.3)]),
      reasons: [.noRecords],
      sentence:
        "2021-10-19 routes: 0 records, expected at least 1. At 30 % all 450 fail less than 1 time in a "
        + "billion -> anomaly."),
    Sample(
      title: "all failed, plausible",
      report: Report(attempted: 3, records: 0, failures: ["INSUFFICIENT_DATA": 3]),
      expectation: Expected(
        records: NumberRange(minimum: 1), streams: [JudgingSamples.stream(0.9, 1)]),
      reasons: [.noRecords],
      sentence:
        "2021-10-19 routes: 0 records, expected at least 1. At 100 % all 3 fail nearly always -> "
        + "inconclusive."),
    Sample(
      title: "all failed, the likelier of two bands counts",
      report: Report(attempted: 3, records: 0, failures: ["INSUFFICIENT_DATA": 3]),
      expectation: Expected(
        records: NumberRange(minimum: 1),
        streams: [JudgingSamples.stream(0, 0.6), JudgingSamples.stream(0, 0.1, categories: ["OTHER"])]),
      reasons: [.noRecords, .rateInconclusive],
      sentence:
        "2021-10-19 routes: 0 records, expected at least 1. At 60 % all 3 fail 22 times in 100 -> "
        + "inconclusive. Also: 3 of 3 failed INSUFFICIENT_DATA (100.0 %, 95 % CI 29.2-100.0), expected at most "
        + "60 %. 3 entities are too few to tell, it takes 11 -> inconclusive."),
    Sample(
      title: "an empty date is fine", report: Report(attempted: 450, records: 0),
      expectation: Expected(records: NumberRange(minimum: 1), allowEmpty: true), reasons: [],
      sentence:
        "2021-10-19 routes: 450 attempted, 0 records, took 12s -> pass."),
  ]

  private static let ofCompleteness: [Sample] = [
    Sample(
      title: "half the calendar's entities", report: Report(records: 2),
      expectation: Expected(completeness: NumberRange(minimum: 0.5)),
      context: JudgingSamples.context(calendarCount: 16),
      reasons: [.completeness],
      sentence:
        "2021-10-19 routes: 2 of 16 records (12.5 %), expected at least 50 % -> anomaly."),
    Sample(
      title: "more than the calendar's entities", report: Report(records: 2_000),
      expectation: Expected(completeness: NumberRange(minimum: 0.5, maximum: 1)),
      context: JudgingSamples.context(calendarCount: 1_600), reasons: [.completeness],
      sentence:
        "2021-10-19 routes: 2,000 of 1,600 records (125.0 %), expected 50 % to 100 % -> anomaly."),
    Sample(
      title: "records on a date of no entities", report: Report(records: 2),
      expectation: Expected(completeness: NumberRange(maximum: 1.1)),
      context: JudgingSamples.context(calendarCount: 0), reasons: [.completeness],
      sentence:
        "2021-10-19 routes: 2 of 0 records, expected at most 110 % -> anomaly."),
    Sample(
      title: "no records on a date of no entities", report: Report(records: 0),
      expectation: Expected(completeness: NumberRange(minimum: 0.5)),
      context: JudgingSamples.context(calendarCount: 0), reasons: [],
      sentence: "2021-10-19 routes: 0 records, took 12s -> pass."),
    Sample(
      title: "a calendar without counts", report: Report(records: 2),
      expectation: Expected(completeness: NumberRange(minimum: 0.5)), reasons: [.completeness],
      sentence:
        "2021-10-19 routes: the calendar does not say how many entities the date has, expected at least 50 % "
        + "of them -> inconclusive."),
    Sample(
      title: "completeness without records", report: Report(),
      expectation: Expected(completeness: NumberRange(minimum: 0.5)),
      context: JudgingSamples.context(calendarCount: 16),
      reasons: [.completeness],
      sentence:
        "2021-10-19 routes: the report does not say how many records there are, expected at least 50 % of 16 "
        + "-> anomaly."),
    Sample(
      title: "metrics", report: Report(metrics: ["usage": 0.3, "fine": 2]),
      expectation: Expected(metrics: [
        "usage": NumberRange(minimum: 0.4, maximum: 0.5), "fine": NumberRange(minimum: 2),
        "absent": NumberRange(maximum: 1e6),
      ]),
      reasons: [.metric],
      sentence:
        "2021-10-19 routes: absent is not in the report, expected at most 1,000,000 -> anomaly. Also: usage "
        + "is 0.3, expected 0.4 to 0.5 -> anomaly."),
  ]

  private static let records = ofRecords + ofCompleteness

  private static let durations: [Sample] = [
    Sample(
      title: "at the limit", report: Report(), expectation: Expected(maxDuration: .seconds(120)),
      context: JudgingSamples.context(slowInPrevious4: 4, duration: .seconds(120)), reasons: [],
      sentence: "2021-10-19 routes: took 2m -> pass."),
    Sample(
      title: "slow", report: Report(), expectation: Expected(maxDuration: .seconds(120)),
      context: JudgingSamples.context(slowInPrevious4: 1, duration: .seconds(130)), reasons: [.slow],
      sentence: "2021-10-19 routes: took 2m 10s, expected at most 2m -> warn."),
    Sample(
      title: "third in five", report: Report(), expectation: Expected(maxDuration: .seconds(120)),
      context: JudgingSamples.context(slowInPrevious4: 2, duration: .seconds(130)), reasons: [.slow],
      sentence:
        "2021-10-19 routes: took 2m 10s, expected at most 2m, 3 slow dates of the last five -> anomaly."),
    Sample(
      title: "five times", report: Report(), expectation: Expected(maxDuration: .seconds(120)),
      context: JudgingSamples.context(duration: .seconds(600)), reasons: [.slow],
      sentence: "2021-10-19 routes: took 10m, expected at most 2m -> warn."),
    Sample(
      title: "above five times", report: Report(), expectation: Expected(maxDuration: .seconds(120)),
      context: JudgingSamples.context(duration: .seconds(700)), reasons: [.slow],
      sentence:
        "2021-10-19 routes: took 11m 40s, expected at most 2m, more than five times that -> anomaly."),
  ]
}
