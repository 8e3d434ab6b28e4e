import BackfillCore
import Testing

/// `Testing` has an `Expectation` too.
private typealias Expected = BackfillCore.Expectation

/// How the findings of a step become its verdict.
@Suite struct JudgeTests {
  private let band = JudgingSamples.stream(0.25, 0.3, below: .anomaly)

  @Test func `without a report only the duration is judged`() {
    let expectation = Expected(
      records: NumberRange(minimum: 1), maxDuration: .seconds(10), never: ["BUG"], streams: [band])
    let verdict = Judge.verdict(on: nil, expecting: expectation, in: JudgingSamples.context())
    #expect(verdict.sentence == "2021-10-19 routes: took 12s, expected at most 10s -> warn.")
    #expect(verdict.reasons == [.slow])
  }

  @Test func `without a report and in time the step passes`() {
    let verdict = Judge.verdict(
      on: nil, expecting: Expected(records: NumberRange(minimum: 1)), in: JudgingSamples.context())
    #expect(verdict == StepVerdict(word: .pass, findings: [], sentence: "2021-10-19 routes: took 12s -> pass."))
  }

  @Test func `a report that contradicts itself is judged no further`() {
    let expectation = Expected(maxDuration: .seconds(1), never: ["BUG"], streams: [band])
    let report = Report(attempted: 3, failures: ["BUG": 4])
    let verdict = Judge.verdict(on: report, expecting: expectation, in: JudgingSamples.context())
    #expect(verdict.word == .anomaly)
    #expect(verdict.reasons == [.badFacts])
  }

  @Test func `more records than entities contradict nothing`() {
    let report = Report(attempted: 3, records: 300)
    #expect(Judge.verdict(on: report, expecting: Expected(), in: JudgingSamples.context()).word == .pass)
  }

  @Test func `a step without a rate passes on its facts`() {
    let report = Report(attempted: 4_500, records: 1)
    let verdict = Judge.verdict(
      on: report, expecting: Expected(records: NumberRange(minimum: 1)), in: JudgingSamples.context())
    #expect(verdict.word == .pass)
    #expect(verdict.sentence == "2021-10-19 routes: 4,500 attempted, 1 record, took 12s -> pass.")
  }

  @Test func `the worst finding is told first and passes are left out`() {
    let expectation = Expected(
      maxDuration: .seconds(10), never: ["BUG"],
      streams: [band, JudgingSamples.stream(0, 0.5, categories: ["OTHER"])])
    let report = Report(attempted: 450, failures: ["INSUFFICIENT_DATA": 185, "BUG": 1])
    let verdict = Judge.verdict(on: report, expecting: expectation, in: JudgingSamples.context())
    #expect(verdict.word == .anomaly)
    #expect(verdict.findings.map(\.reason) == [.zeroTolerance, .rateWarn, .ratePass, .slow])
    #expect(verdict.findings.map(\.subject) == ["BUG", "INSUFFICIENT_DATA", "OTHER", nil])
    let told =
      "2021-10-19 routes: 1 failed BUG, expected 0 -> anomaly. Also: 185 of 450 failed INSUFFICIENT_DATA "
      + "(41.1 %, 95 % CI 36.5-45.8), expected 25-30 %. A healthy date at 30 % looks this far off 1 time in 149 "
      + "-> warn (anomaly needs 1 in 7,200). Also: took 12s, expected at most 10s -> warn."
    #expect(verdict.sentence == told)
  }

  @Test func `of many findings ten are told, and how many more there are`() {
    let categories = (10...30).map { "C\($0)" }
    let report = Report(attempted: 450, failures: Dictionary(uniqueKeysWithValues: categories.map { ($0, 1) }))
    let verdict = Judge.verdict(on: report, expecting: Expected(never: categories), in: JudgingSamples.context())
    #expect(verdict.findings.count == 21)
    let told = (10...19).map { "1 failed C\($0), expected 0 -> anomaly." } + ["11 more findings."]
    #expect(verdict.sentence == "2021-10-19 routes: " + told.joined(separator: " Also: "))
  }

  @Test func `a reason that two categories share is given once`() {
    let report = Report(attempted: 450, failures: ["BUG": 1, "WORSE": 1])
    let verdict = Judge.verdict(on: report, expecting: Expected(never: ["BUG", "WORSE"]), in: JudgingSamples.context())
    #expect(verdict.findings.count == 2)
    #expect(verdict.reasons == [.zeroTolerance])
  }

  @Test func `a rate counts its own categories and not all failures`() {
    let stream = JudgingSamples.stream(0.25, 0.3, categories: ["A", "B"])
    let report = Report(attempted: 450, failures: ["A": 100, "B": 25, "C": 300])
    let verdict = Judge.verdict(
      on: report, expecting: Expected(expected: ["C"], streams: [stream]), in: JudgingSamples.context())
    #expect(verdict.word == .pass)
    #expect(verdict.findings.map(\.rate?.k) == [125])
    #expect(verdict.findings.map(\.subject) == ["A+B"])
  }

  @Test func `the limits in force are frozen into the verdict`() throws {
    let context = JudgingContext(date: JudgingSamples.since, step: "routes", windowDates: 90, streams: 4)
    let report = Report(attempted: 450, failures: ["INSUFFICIENT_DATA": 125])
    let rate = try #require(
      Judge.verdict(on: report, expecting: Expected(streams: [band]), in: context).findings.first?.rate)
    #expect(rate.alphaAnomaly == 0.05 / 720)
    #expect(rate.alphaWarn == 0.01)
    #expect([rate.windowDates, rate.streams, rate.n, rate.k] == [90, 4, 450, 125])
    #expect([rate.low, rate.high, rate.rho] == [0.25, 0.3, 0.005])
  }

  @Test func `a date that no band covers is inconclusive`() {
    let stream = RateStream(
      categories: ["A"], since: JudgingSamples.since, bands: [Band(firstDay: 0, lastDay: 9, low: 0.9, high: 1)])
    let verdict = Judge.verdict(
      on: Report(attempted: 1_450, failures: ["A": 125]), expecting: Expected(streams: [stream]),
      in: JudgingSamples.context(day: 10))
    #expect(verdict.reasons == [.noBand])
    #expect(
      verdict.sentence
        == "2021-10-29 routes: 125 of 1,450 failed A, no band covers day 10 since 2021-10-19 -> inconclusive.")
  }

  @Test func `an upper edge that no band gives excuses no missing records`() {
    let stream = RateStream(
      categories: ["A"], since: JudgingSamples.since, bands: [Band(firstDay: 0, lastDay: 9, low: 0.9, high: 1)])
    let verdict = Judge.verdict(
      on: Report(attempted: 3, records: 0, failures: ["A": 3]),
      expecting: Expected(records: NumberRange(minimum: 1), streams: [stream]), in: JudgingSamples.context(day: 10))
    #expect(verdict.word == .anomaly)
    #expect(verdict.reasons == [.noRecords, .noBand])
  }

  @Test(arguments: [(Duration.seconds(120), false), (.milliseconds(120_001), true)])
  func `slow is more than the limit`(duration: Duration, isSlow: Bool) {
    #expect(DurationCheck.isSlow(duration, expecting: Expected(maxDuration: .seconds(120))) == isSlow)
  }

  @Test func `nothing is slow without a limit`() {
    #expect(!DurationCheck.isSlow(.seconds(1e6), expecting: Expected()))
  }
}
