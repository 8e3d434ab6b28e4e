/// Fractions as a person reads them.
enum Percent {
  /// `25-30 %`, `30 %` where both ends are equal.
  static func range(_ low: Double, _ high: Double) -> String {
    low == high ? "\(number(high)) %" : "\(number(low))-\(number(high)) %"
  }

  /// `3.1`: per cent with at most `decimals` decimals, without zeros at the end.
  static func number(_ fraction: Double, decimals: Int = 2) -> String {
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    let scaled = (fraction * 100 * factor).rounded()
    guard scaled.magnitude < 9e15 else { return "-" }
    let whole = Int(scaled.magnitude)
    let digits = String(whole % Int(factor))
    let sign = scaled < 0 ? "-" : ""
    var text = "\(sign)\(whole / Int(factor))"
    guard decimals > 0, whole % Int(factor) != 0 else { return text }
    text += "." + String(repeating: "0", count: decimals - digits.count) + digits
    while text.last == "0" { text.removeLast() }
    return text
  }
}
