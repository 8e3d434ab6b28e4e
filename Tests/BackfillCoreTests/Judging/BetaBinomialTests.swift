import Testing

@testable import BackfillCore

/// What holds for every distribution of failures.
@Suite struct BetaBinomialTests {
  struct Shape: Sendable {
    let n: Int
    let p: Double
    let rho: Double
  }

  private static let shapes: [Shape] = [1, 2, 7, 50, 200].flatMap { n in
    [0, 0.01, 0.3, 0.5, 0.99, 1].flatMap { p in
      [0, 1e-7, 1e-5, 0.005, 0.2, 0.9].map { Shape(n: n, p: p, rho: $0) }
    }
  }

  @Test(arguments: shapes) func `tails are probabilities, monotone, and add up`(shape: Shape) {
    let distribution = BetaBinomial(n: shape.n, p: shape.p, rho: shape.rho)
    let upper = (0...shape.n + 1).map(distribution.upperTail)
    let lower = (-1...shape.n).map(distribution.lowerTail)
    #expect((upper + lower).allSatisfy { (0...1).contains($0) })
    #expect(zip(upper, upper.dropFirst()).allSatisfy { $1 <= $0 + 1e-12 })
    #expect(zip(lower, lower.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
    // P(X >= k) + P(X <= k - 1) = 1
    #expect(zip(upper, lower).allSatisfy { abs($0 + $1 - 1) < 1e-9 })
  }

  @Test(arguments: shapes) func `failing and succeeding mirror each other`(shape: Shape) {
    let failing = BetaBinomial(n: shape.n, p: shape.p, rho: shape.rho)
    let succeeding = BetaBinomial(n: shape.n, p: 1 - shape.p, rho: shape.rho)
    #expect(
      (0...shape.n).allSatisfy { k in
        abs(failing.upperTail(k) - succeeding.lowerTail(shape.n - k)) <= 1e-9
      })
  }

  @Test(arguments: [0.001, 0.1, 0.3, 0.7]) func `a higher rate makes many failures likelier`(p: Double) {
    let lower = BetaBinomial(n: 60, p: p, rho: 0.005)
    let higher = BetaBinomial(n: 60, p: p + 0.05, rho: 0.005)
    #expect((0...60).allSatisfy { higher.upperTail($0) >= lower.upperTail($0) - 1e-12 })
  }

  @Test(arguments: [(1, 0.02), (20, 0.3), (125, 0.3), (400, 0.9)])
  func `without dispersion the tail is the incomplete beta function`(k: Int, p: Double) {
    let tail = BetaBinomial(n: 450, p: p, rho: 0).upperTail(k)
    #expect(agree(tail, IncompleteBeta.regularized(Double(k), Double(450 - k + 1), p)))
  }

  @Test(arguments: [0, 0.005]) func `a dispersion below one in a million is none`(p: Double) {
    #expect(BetaBinomial(n: 450, p: p, rho: 9e-7) == BetaBinomial(n: 450, p: p, rho: 0))
  }

  @Test func `a tail far out keeps its digits`() {
    #expect(agree(BetaBinomial(n: 450, p: 0.3, rho: 0.005).allFail, 1.018994186132566e-94))
  }

  /// Expected values: mpmath, 60 digits.
  @Test(arguments: [
    (n: 2_000_000, k: 1, p: 0.0001, rho: 0.005, tail: 0.167_596_964_076_356),
    (n: 1_999_999, k: 256, p: 0.0001, rho: 0.005, tail: 0.060_542_890_322_120_6),
    (n: 1_999_999, k: 199, p: 0.0001, rho: 0.5, tail: 0.000_921_378_426_239_088),
    (n: 100_000, k: 1, p: 0.0001, rho: 0.999_999, tail: 0.000_100_001_208_893_755),
  ])
  func `a tail of very many entities keeps its digits`(n: Int, k: Int, p: Double, rho: Double, tail: Double) {
    #expect(agree(BetaBinomial(n: n, p: p, rho: rho).upperTail(k), tail))
  }

  @Test func `a far tail of very many entities keeps its digits`() {
    #expect(agree(BetaBinomial(n: 2_000_000, p: 0.25, rho: 0.005).noneFails, 7.38326811042512e-203))
  }

  @Test(arguments: [0, 0.005])
  func `counts without end are computed with in proportion`(rho: Double) {
    let n = 9_000_000_000_000_000_000
    let distribution = BetaBinomial(n: n, p: 0.3, rho: rho)
    #expect(distribution.n == BetaBinomial.mostEntities(rho: rho))
    #expect(abs(distribution.upperTail(n / 10 * 3) - 0.5) < 0.02)
    #expect(distribution.upperTail(n) < 1e-200)
    #expect(distribution.lowerTail(n) == 1)
  }

  @Test func `scaling down keeps the tail`() {
    let exact = BetaBinomial(n: 2_000_000, p: 0.3, rho: 0.005).upperTail(1_000_000)
    let scaled = BetaBinomial(n: 20_000_000, p: 0.3, rho: 0.005).upperTail(10_000_000)
    #expect(abs(scaled / exact - 1) < 0.01)
  }

  @Test(arguments: [(205, 450, 0.40886, 0.50285), (0, 20, 0, 0.16843), (3, 3, 0.29240, 1), (1, 1, 0.025, 1)])
  func `the exact interval is Clopper and Pearson's`(k: Int, n: Int, low: Double, high: Double) {
    let interval = ExactInterval(k: k, n: n)
    #expect(abs(interval.low - low) < 1e-5)
    #expect(abs(interval.high - high) < 1e-5)
  }

  @Test func `above ten million entities the interval hardly changes`() {
    let exact = ExactInterval(k: 3_000_000, n: 10_000_000)
    let approximate = ExactInterval(k: 3_000_001, n: 10_000_001)
    #expect(abs(exact.low - approximate.low) < 1e-6)
    #expect(abs(exact.high - approximate.high) < 1e-6)
  }
}
