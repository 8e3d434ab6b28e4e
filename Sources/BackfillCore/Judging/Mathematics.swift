import Glibc

/// The few functions of the C library that judging needs; the only file of the domain that imports it.
enum Mathematics {
  /// The natural logarithm; minus infinity for 0.
  static func log(_ value: Double) -> Double { Glibc.log(value) }

  /// ln(1 + `value`), exact also for small values.
  static func log1p(_ value: Double) -> Double { Glibc.log1p(value) }

  /// e to the power of `value`; 0 where that is too small to write.
  static func exp(_ value: Double) -> Double { Glibc.exp(value) }

  /// ln |gamma(`value`)|; safe to call from several threads.
  static func logGamma(_ value: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(value, &sign)
  }
}
