import Testing

@testable import BackfillCore

/// Where the limits fall. Source: VERDICT, section 4 (N = 180, S = 1, both sides anomaly).
@Suite struct DateTestLimitsTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let low: Double
    let high: Double
    let n: Int
    /// The largest k that warns or is an anomaly for being low, the smallest for being high.
    let warns: [Int?]
    let anomalies: [Int?]
    var testDescription: String { "\(n) in \(low)...\(high)" }
  }

  private static let rows: [Row] = [
    Row(low: 0.9, high: 1, n: 3, warns: [0, nil], anomalies: [nil, nil]),
    Row(low: 0.9, high: 1, n: 10, warns: [5, nil], anomalies: [3, nil]),
    Row(low: 0.9, high: 1, n: 20, warns: [13, nil], anomalies: [10, nil]),
    Row(low: 0.9, high: 1, n: 50, warns: [37, nil], anomalies: [33, nil]),
    Row(low: 0.9, high: 1, n: 450, warns: [371, nil], anomalies: [351, nil]),
    Row(low: 0.6, high: 0.75, n: 3, warns: [nil, nil], anomalies: [nil, nil]),
    Row(low: 0.6, high: 0.75, n: 10, warns: [1, nil], anomalies: [nil, nil]),
    Row(low: 0.6, high: 0.75, n: 20, warns: [5, 20], anomalies: [2, nil]),
    Row(low: 0.6, high: 0.75, n: 50, warns: [19, 46], anomalies: [14, 49]),
    Row(low: 0.6, high: 0.75, n: 450, warns: [220, 378], anomalies: [196, 395]),
    Row(low: 0.4, high: 0.5, n: 10, warns: [nil, 10], anomalies: [nil, nil]),
    Row(low: 0.4, high: 0.5, n: 20, warns: [1, 17], anomalies: [0, 19]),
    Row(low: 0.4, high: 0.5, n: 50, warns: [9, 36], anomalies: [5, 41]),
    Row(low: 0.4, high: 0.5, n: 450, warns: [132, 275], anomalies: [111, 298]),
    Row(low: 0.25, high: 0.3, n: 10, warns: [nil, 8], anomalies: [nil, 10]),
    Row(low: 0.25, high: 0.3, n: 20, warns: [0, 13], anomalies: [nil, 16]),
    Row(low: 0.25, high: 0.3, n: 50, warns: [4, 26], anomalies: [1, 31]),
    Row(low: 0.25, high: 0.3, n: 450, warns: [72, 183], anomalies: [55, 207]),
  ]

  @Test(arguments: rows) func `the counts that warn and that are anomalies are the published ones`(row: Row) {
    let verdicts = (0...row.n).map { k in Self.verdict(n: row.n, k: k, row.low, row.high) }
    let middle = Int((Double(row.n) * (row.low + row.high) / 2).rounded())
    func limits(_ worst: Verdict) -> [Int?] {
      let lower = (0...middle).last { verdicts[$0] >= worst }
      let upper = (middle...row.n).first { verdicts[$0] >= worst }
      return [lower, upper]
    }
    #expect(limits(.warn) == row.warns)
    #expect(limits(.anomaly) == row.anomalies)
  }

  @Test(arguments: [(0.9, 1.0, 3), (0.6, 0.75, 20), (0.4, 0.5, 11), (0.25, 0.3, 20)])
  func `the fewest entities that can pass are the published ones`(low: Double, high: Double, fewest: Int) {
    #expect(Self.test(n: 1, k: 0, low, high).fewestToTell == fewest)
    #expect(!Self.test(n: fewest - 1, k: 0, low, high).couldHaveWarned)
    #expect(Self.test(n: fewest, k: 0, low, high).couldHaveWarned)
  }

  @Test func `four streams share the budget`() {
    #expect(AlarmLimits(windowDates: 180, streams: 4).alphaAnomaly == 0.05 / 1440)
  }

  @Test func `a side that only warns is no anomaly however rare`() {
    let limits = AlarmLimits(windowDates: 180, streams: 1)
    let above = DateTest(n: 450, k: 450, low: 0.2, high: 0.3, rho: 0.005, above: .warn, below: .anomaly, limits: limits)
    let below = DateTest(n: 450, k: 0, low: 0.2, high: 0.3, rho: 0.005, above: .warn, below: .anomaly, limits: limits)
    #expect(above.verdict == .warn)
    #expect(below.verdict == .anomaly)
  }

  private static func test(n: Int, k: Int, _ low: Double, _ high: Double) -> DateTest {
    DateTest(
      n: n, k: k, low: low, high: high, rho: 0.005, below: .anomaly,
      limits: AlarmLimits(windowDates: 180, streams: 1))
  }

  private static func verdict(n: Int, k: Int, _ low: Double, _ high: Double) -> Verdict {
    test(n: n, k: k, low, high).verdict
  }
}
