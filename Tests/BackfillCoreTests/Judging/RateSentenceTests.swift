import BackfillCore
import Testing

/// `Testing` has an `Expectation` too.
private typealias Expected = BackfillCore.Expectation

/// The sentence of a rate, exactly.
@Suite struct RateSentenceTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let k: Int
    let n: Int
    let low: Double
    let high: Double
    var above = Severity.anomaly
    var below = Severity.warn
    let sentence: String
    var testDescription: String { "\(k) of \(n) in \(low)...\(high)" }
  }

  @Test(arguments: samples)
  func `a rate is told with its numbers, the expectation and the odds`(sample: Sample) throws {
    let stream = JudgingSamples.stream(sample.low, sample.high, above: sample.above, below: sample.below)
    let report = Report(attempted: sample.n, failures: ["INSUFFICIENT_DATA": sample.k])
    let verdict = Judge.verdict(on: report, expecting: Expected(streams: [stream]), in: JudgingSamples.context())
    let finding = try #require(verdict.findings.first)
    #expect(verdict.findings.count == 1)
    #expect(finding.sentence == sample.sentence)
    #expect(verdict.sentence == "2021-10-19 routes: " + finding.sentence)
  }

  private static let samples: [Sample] = [
    Sample(
      k: 205, n: 450, low: 0.25, high: 0.3,
      sentence:
        "205 of 450 failed INSUFFICIENT_DATA (45.6 %, 95 % CI 40.9-50.3), expected 25-30 %. A healthy date "
        + "at 30 % looks this far off 1 time in 5,660 -> warn (anomaly needs 1 in 7,200)."),
    Sample(
      k: 125, n: 450, low: 0.25, high: 0.3,
      sentence:
        "125 of 450 failed INSUFFICIENT_DATA (27.8 %, 95 % CI 23.7-32.2), expected 25-30 % -> pass."),
    Sample(
      k: 310, n: 450, low: 0.4, high: 0.5,
      sentence:
        "310 of 450 failed INSUFFICIENT_DATA (68.9 %, 95 % CI 64.4-73.1), expected 40-50 %. A healthy date "
        + "at 50 % looks this far off 1 time in 166,000 -> anomaly (the limit is 1 in 7,200)."),
    Sample(
      k: 450, n: 450, low: 0.25, high: 0.3,
      sentence:
        "450 of 450 failed INSUFFICIENT_DATA (100.0 %, 95 % CI 99.2-100.0), expected 25-30 %. A healthy date "
        + "at 30 % looks this far off less than 1 time in a billion -> anomaly (the limit is 1 in 7,200)."),
    Sample(
      k: 450, n: 450, low: 0.25, high: 0.3, above: .warn,
      sentence:
        "450 of 450 failed INSUFFICIENT_DATA (100.0 %, 95 % CI 99.2-100.0), expected 25-30 %. A healthy date "
        + "at 30 % looks this far off less than 1 time in a billion -> warn (above the band only warns)."),
    Sample(
      k: 60, n: 450, low: 0.25, high: 0.3, below: .anomaly,
      sentence:
        "60 of 450 failed INSUFFICIENT_DATA (13.3 %, 95 % CI 10.3-16.8), expected 25-30 %. A healthy date at "
        + "25 % looks this far off 1 time in 2,060 -> warn (anomaly needs 1 in 7,200)."),
    Sample(
      k: 20, n: 450, low: 0.25, high: 0.3,
      sentence:
        "20 of 450 failed INSUFFICIENT_DATA (4.4 %, 95 % CI 2.7-6.8), expected 25-30 %. A healthy date at 25 "
        + "% looks this far off less than 1 time in a billion -> warn (below the band only warns)."),
    Sample(
      k: 20, n: 450, low: 0.25, high: 0.3, below: .anomaly,
      sentence:
        "20 of 450 failed INSUFFICIENT_DATA (4.4 %, 95 % CI 2.7-6.8), expected 25-30 %. A healthy date at 25 "
        + "% looks this far off less than 1 time in a billion -> anomaly (the limit is 1 in 7,200)."),
    Sample(
      k: 3, n: 10, low: 0.25, high: 0.3,
      sentence:
        "3 of 10 failed INSUFFICIENT_DATA (30.0 %, 95 % CI 6.7-65.2), expected 25-30 %. 10 entities are too "
        + "few to tell, it takes 20 -> inconclusive."),
    Sample(
      k: 1, n: 1, low: 0.9, high: 1,
      sentence:
        "1 of 1 failed INSUFFICIENT_DATA (100.0 %, 95 % CI 2.5-100.0), expected at least 90 %. 1 entity is "
        + "too few to tell, it takes 3 -> inconclusive."),
    Sample(
      k: 9, n: 10, low: 0.9, high: 1,
      sentence:
        "9 of 10 failed INSUFFICIENT_DATA (90.0 %, 95 % CI 55.5-99.7), expected at least 90 % -> pass."),
    Sample(
      k: 12, n: 40, low: 0, high: 0.1,
      sentence:
        "12 of 40 failed INSUFFICIENT_DATA (30.0 %, 95 % CI 16.6-46.5), expected at most 10 %. A healthy "
        + "date at 10 % looks this far off 1 time in 369 -> warn (anomaly needs 1 in 7,200)."),
    Sample(
      k: 39, n: 40, low: 1, high: 1, below: .anomaly,
      sentence:
        "39 of 40 failed INSUFFICIENT_DATA (97.5 %, 95 % CI 86.8-99.9), expected 100 %. A healthy date at "
        + "100 % cannot look like this -> anomaly (the limit is 1 in 7,200)."),
    Sample(
      k: 1, n: 40, low: 0, high: 0,
      sentence:
        "1 of 40 failed INSUFFICIENT_DATA (2.5 %, 95 % CI 0.1-13.2), expected 0 %. A healthy date at 0 % "
        + "cannot look like this -> anomaly (the limit is 1 in 7,200)."),
    Sample(
      k: 1, n: 10, low: 0.3, high: 0.9999,
      sentence:
        "1 of 10 failed INSUFFICIENT_DATA (10.0 %, 95 % CI 0.3-44.5), expected 30-99.99 %. 10 entities "
        + "cannot tell a rate above 99.99 % from a healthy one -> inconclusive."),
    Sample(
      k: 7, n: 10, low: 0, high: 1,
      sentence:
        "7 of 10 failed INSUFFICIENT_DATA (70.0 %, 95 % CI 34.8-93.3), expected any rate -> pass."),
    Sample(
      k: 21, n: 12_345, low: 0.0005, high: 0.0725,
      sentence:
        "21 of 12,345 failed INSUFFICIENT_DATA (0.17 %, 95 % CI 0.11-0.26), expected 0.05-7.25 %. 12,345 "
        + "entities cannot tell a rate below 0.05 % from a healthy one -> inconclusive."),
    Sample(
      k: 30_500, n: 100_000, low: 0.25, high: 0.3,
      sentence:
        "30,500 of 100,000 failed INSUFFICIENT_DATA (30.5 %, 95 % CI 30.2-30.8), expected 25-30 % -> pass."),
    Sample(
      k: 0, n: 20, low: 0.25, high: 0.3,
      sentence:
        "0 of 20 failed INSUFFICIENT_DATA (0.0 %, 95 % CI 0.0-16.8), expected 25-30 %. A healthy date at 25 "
        + "% looks this far off 1 time in 117 -> warn (below the band only warns)."),
  ]
}
