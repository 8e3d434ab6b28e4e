/// The exact 95 % interval of a rate (Clopper and Pearson): what the true rate may be, taken from one date alone.
///
/// Above ten million entities it is Wilson's interval, which no longer differs in any digit that is printed.
struct ExactInterval: Sendable, Equatable {
  /// 0...1.
  let low: Double
  /// 0...1.
  let high: Double

  /// Makes the interval of `k` failures of `n` entities; `n` at least 1, `k` 0...n.
  init(k: Int, n: Int) {
    let failed = Double(k)
    let entities = Double(n)
    guard n <= Self.mostEntities else {
      (low, high) = Self.wilson(failed / entities, entities)
      return
    }
    // P(X >= k | p) rises with p, P(X <= k | p) falls: each end leaves 2.5 % outside.
    low =
      k == 0
      ? 0 : Self.crossing { IncompleteBeta.regularized(failed, entities - failed + 1, $0) >= 0.025 }
    high =
      k == n
      ? 1 : Self.crossing { IncompleteBeta.regularized(failed + 1, entities - failed, $0) >= 0.975 }
  }

  private static let mostEntities = 10_000_000

  private static func wilson(_ rate: Double, _ n: Double) -> (Double, Double) {
    let z = 1.959_963_984_540_054
    let middle = rate + z * z / (2 * n)
    let half = z * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
    let divisor = 1 + z * z / n
    return (max(0, (middle - half) / divisor), min(1, (middle + half) / divisor))
  }

  /// Where in 0...1 `isReached` changes from false to true.
  private static func crossing(_ isReached: (Double) -> Bool) -> Double {
    var below = 0.0
    var above = 1.0
    for _ in 0..<60 {
      let middle = (below + above) / 2
      if isReached(middle) { above = middle } else { below = middle }
    }
    return (below + above) / 2
  }
}
