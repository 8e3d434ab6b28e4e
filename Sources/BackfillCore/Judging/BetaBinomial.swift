/// How many of `n` entities fail when each fails with probability `p` and dates differ by the dispersion `rho`.
///
/// The variance is n p (1 - p) (1 + (n - 1) rho); with `rho` 0 this is the binomial distribution.
/// Source: VERDICT, "Formulas" and "Pseudo code".
///
/// The time grows with n, so very large counts are scaled down in proportion (`mostEntities`), the dispersion being
/// adjusted so that the variance of the rate stays what it is.
struct BetaBinomial: Sendable, Equatable {
  /// Entities, at least 0.
  let n: Int
  /// The expected rate, 0...1.
  let p: Double
  /// The dispersion, 0 or 1e-6..<1.
  let rho: Double
  /// What counts are multiplied by; 1 unless `n` was too large.
  private let scale: Double

  /// A dispersion below this is taken as none.
  private static let leastDispersion = 1e-6

  /// Makes the distribution; `n` at least 0, `p` 0...1, `rho` 0..<1.
  init(n: Int, p: Double, rho: Double) {
    self.p = p
    let rho = rho < Self.leastDispersion ? 0 : rho
    let limit = Self.mostEntities(rho: rho)
    guard n > limit else {
      self.n = n
      self.rho = rho
      scale = 1
      return
    }
    self.n = limit
    self.rho = Self.scaled(rho, from: Double(n), to: Double(limit))
    scale = Double(limit) / Double(n)
  }

  /// The most entities that are computed with as they are.
  static func mostEntities(rho: Double) -> Int {
    rho < leastDispersion ? 100_000_000 : 2_000_000
  }

  /// The dispersion that gives `few` entities the variance of the rate that `rho` gives `many`.
  private static func scaled(_ rho: Double, from many: Double, to few: Double) -> Double {
    guard rho > 0 else { return 0 }
    return max(leastDispersion, (few * (1 + (many - 1) * rho) / many - 1) / (few - 1))
  }

  /// The probability that at least `k` fail.
  func upperTail(_ k: Int) -> Double {
    tail(scaled(k), upper: true)
  }

  /// The probability that at most `k` fail.
  func lowerTail(_ k: Int) -> Double {
    tail(scaled(k), upper: false)
  }

  /// The probability that all fail.
  var allFail: Double { tail(n, upper: true) }

  /// The probability that none fails.
  var noneFails: Double { tail(0, upper: false) }

  private func scaled(_ k: Int) -> Int {
    scale == 1 ? k : Int((Double(k) * scale).rounded())
  }

  private func tail(_ k: Int, upper: Bool) -> Double {
    if upper ? k <= 0 : k >= n { return 1 }
    if upper ? k > n : k < 0 { return 0 }
    if p <= 0 { return upper ? 0 : 1 }
    if p >= 1 { return upper ? 1 : 0 }
    let mean = Double(n) * p
    if upper ? Double(k) < mean : Double(k) > mean {
      let other = upper ? sum(from: k - 1, upper: false) : sum(from: k + 1, upper: true)
      return max(0, 1 - other)
    }
    return sum(from: k, upper: upper)
  }

  /// Adds up the probabilities from `k` outward, each from the one before, until they no longer count.
  private func sum(from k: Int, upper: Bool) -> Double {
    let failing = p * (1 - rho)
    let succeeding = (1 - p) * (1 - rho)
    var term = Mathematics.exp(logProbability(of: k))
    var total = 0.0
    var x = k
    while true {
      total += term
      if x == (upper ? n : 0) { break }
      let failed = Double(x)
      let left = Double(n - x)
      if upper {
        term *= left / (failed + 1) * (failing + failed * rho) / (succeeding + (left - 1) * rho)
        x += 1
      } else {
        term *= failed / (left + 1) * (succeeding + left * rho) / (failing + (failed - 1) * rho)
        x -= 1
      }
      if term == 0 || term < total * 1e-17 { break }
    }
    return min(1, total)
  }

  /// ln P(X = k), for `p` strictly between 0 and 1.
  private func logProbability(of k: Int) -> Double {
    var sum = CompensatedSum()
    sum += Mathematics.logGamma(Double(n) + 1)
    sum += -Mathematics.logGamma(Double(k) + 1)
    sum += -Mathematics.logGamma(Double(n - k) + 1)
    addRise(of: p, k, to: &sum)
    addRise(of: 1 - p, n - k, to: &sum)
    addRise(of: 1, n, sign: -1, to: &sum)
    return sum.value
  }

  /// Adds ln(p (1 - rho) + i rho) for i from 0 up to, not including, `count`.
  private func addRise(of p: Double, _ count: Int, sign: Double = 1, to sum: inout CompensatedSum) {
    let start = p * (1 - rho)
    guard rho > 0 else {
      sum += sign * Double(count) * Mathematics.log(start)
      return
    }
    for i in 0..<count { sum += sign * Mathematics.log(start + Double(i) * rho) }
  }
}

extension BetaBinomial {
  /// ln of how much likelier `k` failures are at the rate `p1` than at this one's.
  ///
  /// Both rates lie strictly between 0 and 1. The binomial coefficients and the common total cancel.
  func logLikelihoodRatio(of k: Int, at p1: Double) -> Double {
    let failed = scaled(k)
    return Self.logRiseRatio(p1, p, rho, failed) + Self.logRiseRatio(1 - p1, 1 - p, rho, n - failed)
  }

  private static func logRiseRatio(_ p1: Double, _ p0: Double, _ rho: Double, _ count: Int) -> Double {
    guard rho > 0 else { return Double(count) * Mathematics.log(p1 / p0) }
    let start1 = p1 * (1 - rho)
    let start0 = p0 * (1 - rho)
    var sum = CompensatedSum()
    for i in 0..<count {
      let shared = Double(i) * rho
      sum += Mathematics.log((start1 + shared) / (start0 + shared))
    }
    return sum.value
  }
}
