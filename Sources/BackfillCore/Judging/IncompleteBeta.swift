/// The regularized incomplete beta function, for the interval that is printed beside a rate.
enum IncompleteBeta {
  /// I_x(a, b) by the continued fraction of Lentz; `a` and `b` above 0, `x` is clamped to 0...1.
  ///
  /// Source: VERDICT, "Incomplete beta".
  static func regularized(_ a: Double, _ b: Double, _ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - fraction(b, a, 1 - x) }
    return fraction(a, b, x)
  }

  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let logFront =
      Mathematics.logGamma(a + b) - Mathematics.logGamma(a) - Mathematics.logGamma(b) + a * Mathematics.log(x)
      + b * Mathematics.log1p(-x)
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var h = d
    for step in 1...100_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      h *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      h *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return Mathematics.exp(logFront) / a * h
  }

  /// Keeps a divisor away from 0.
  private static func guarded(_ value: Double) -> Double {
    abs(value) < 1e-300 ? 1e-300 : value
  }
}
