import Foundation
import Testing

@testable import BackfillCore

/// The evidence over many dates.
@Suite struct DriftTestTests {
  @Test func `a stream starts at one to one`() {
    let test = DriftTest(windowDates: 180, rho: 0.005)
    #expect(test.evidence == 1)
    #expect(test.anomalyEvidence == 1)
    #expect(test.verdict == .pass)
  }

  @Test func `four streams need four times the evidence`() {
    #expect(DriftTest(windowDates: 180, rho: 0.005).anomalyAt == 40)
    #expect(DriftTest(windowDates: 180, streams: 4, rho: 0.005).anomalyAt == 160)
  }

  @Test func `with both sides at anomaly the two scores are equal`() {
    var test = DriftTest(windowDates: 180, rho: 0.005, below: .anomaly)
    for k in [125, 160, 200, 60, 0, 450] {
      test.fold(n: 450, k: k, low: 0.25, high: 0.3)
      #expect(test.evidence == test.anomalyEvidence)
    }
  }

  @Test func `a side that only warns never makes an anomaly`() {
    var test = DriftTest(windowDates: 180, rho: 0.005)
    for _ in 0..<50 { test.fold(n: 450, k: 0, low: 0.25, high: 0.3) }
    #expect(test.evidence > 1e20)
    #expect(test.anomalyEvidence < 1)
    #expect(test.verdict == .warn)
  }

  @Test func `where both sides only warn there is no evidence of an anomaly`() {
    var test = DriftTest(windowDates: 180, rho: 0.005, above: .warn)
    for _ in 0..<50 { test.fold(n: 450, k: 450, low: 0.25, high: 0.3) }
    #expect(test.anomalyEvidence == 1)
    #expect(test.verdict == .warn)
  }

  @Test func `a date without entities or without edges changes no ratio`() {
    var test = DriftTest(windowDates: 180, rho: 0.005)
    test.fold(n: 0, k: 0, low: 0.25, high: 0.3)
    test.fold(n: 450, k: 3, low: 0, high: 1)
    #expect(abs(test.evidence - 1) < 1e-12)
    #expect(test.dates == 2)
  }

  @Test func `one date alone is no drift`() {
    var test = DriftTest(windowDates: 180, rho: 0.005, below: .anomaly)
    test.fold(n: 450, k: 450, low: 0.25, high: 0.3)
    #expect(test.evidence > 5)
    #expect(test.verdict == .pass)
  }

  @Test func `scores stay finite and come back from the largest number`() {
    var test = DriftTest(windowDates: 180, rho: 0.005)
    for _ in 0..<600 { test.fold(n: 450, k: 450, low: 0.25, high: 0.3) }
    #expect(test.evidence.isFinite)
    #expect(test.evidence > 1e300)
    for _ in 0..<600 { test.fold(n: 450, k: 0, low: 0.25, high: 0.3) }
    #expect(test.evidence.isFinite)
    #expect(test.anomalyEvidence < 1)
  }

  @Test func `entities beyond the largest number stay at the largest, and the mean edges are right`() {
    var test = DriftTest(windowDates: 180, rho: 0)
    for _ in 0..<3 { test.fold(n: 1 << 62, k: 1 << 62, low: 0.1, high: 0.2) }
    let run = test.run(for: .anomaly)
    #expect(run.n == .max)
    #expect(run.k == .max)
    #expect(abs(run.low - 0.1) < 1e-12)
    #expect(abs(run.high - 0.2) < 1e-12)
  }

  // Ville's inequality needs E[L] <= 1 at the edge: then the score is a fair game for a healthy stream.
  @Test(arguments: [0.0, 0.005, 0.1]) func `no date is expected to add evidence at the edge`(rho: Double) {
    let n = 60
    let distribution = BetaBinomial(n: n, p: 0.3, rho: rho)
    for oddsRatio in [1.25, 1.6, 2.5] {
      let rate = oddsRatio * 0.3 / (0.7 + oddsRatio * 0.3)
      let mean = (0...n).reduce(0.0) { sum, k in
        let probability = distribution.upperTail(k) - distribution.upperTail(k + 1)
        return sum + probability * Mathematics.exp(distribution.logLikelihoodRatio(of: k, at: rate))
      }
      #expect(abs(mean - 1) < 1e-6)
    }
  }

  @Test func `the state can be stored and read back`() throws {
    var test = DriftTest(windowDates: 30, streams: 2, rho: 0.01)
    test.fold(n: 450, k: 200, low: 0.25, high: 0.3)
    let stored = try JSONEncoder().encode(test)
    var read = try JSONDecoder().decode(DriftTest.self, from: stored)
    #expect(read == test)
    read.fold(n: 450, k: 200, low: 0.25, high: 0.3)
    test.fold(n: 450, k: 200, low: 0.25, high: 0.3)
    #expect(read.evidence == test.evidence)
  }
}
