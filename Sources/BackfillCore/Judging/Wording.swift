/// Numbers as the sentences of the judge say them. English, thousands grouped by commas, a decimal point.
enum Wording {
  /// `5,660`.
  static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }

  /// `value` rounded to `decimals` places, all of them written.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let factor = Self.power(decimals)
    let scaled = (value.magnitude * factor).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    let text = sign + grouped(whole / Int(factor))
    return decimals == 0 ? text : text + "." + padded(whole % Int(factor), to: decimals)
  }

  /// `value` rounded to at most `decimals` places, without zeros at the end.
  static func trimmed(_ value: Double, decimals: Int) -> String {
    var text = fixed(value, decimals: decimals)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// A number of a report or of the configuration: `325`, `0.45`, `1e-09`.
  static func number(_ value: Double) -> String {
    if value != 0, value.magnitude < 0.0001 { return "\(value)" }
    return trimmed(value, decimals: value.magnitude < 1 ? 6 : 4)
  }

  /// A fraction as per cent without the sign: 0.25 is `25`, 0.0725 is `7.25`.
  static func percent(_ fraction: Double) -> String {
    let value = fraction * 100
    if value > 0, value < 0.01 { return "\(trimmed(value, decimals: 6))" }
    return trimmed(value, decimals: 2)
  }

  /// How often something of probability `p` happens: `1 time in 5,660`, to three digits.
  static func frequency(_ p: Double) -> String {
    if p < 1e-9 { return "less than 1 time in a billion" }
    if p >= 0.995 { return "nearly always" }
    if p >= 0.1 { return "\(fixed(p * 100, decimals: 0)) times in 100" }
    return "1 time in \(rounded(1 / p))"
  }

  /// A limit: `1 in 7,200`.
  static func limit(_ alpha: Double) -> String {
    if alpha < 1e-9 { return "less than 1 in a billion" }
    return "1 in \(rounded(1 / alpha))"
  }

  /// `count` and the noun, in the singular for 1: `1 record`, `2,000 records`.
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Rounded to three digits and grouped; below 1,000 to a whole number.
  private static func rounded(_ value: Double) -> String {
    var unit = 1.0
    while value / unit >= 1000 { unit *= 10 }
    return fixed((value / unit).rounded() * unit, decimals: 0)
  }

  private static func power(_ exponent: Int) -> Double {
    var value = 1.0
    for _ in 0..<exponent { value *= 10 }
    return value
  }
}

extension NumberRange {
  /// What was expected: `exactly 30`, `at least 1`, `at most 5`, `25 to 35`; `spell` writes one end, with its unit.
  func wording(_ spell: (Double) -> String = Wording.number) -> String {
    switch (minimum, maximum) {
    case (let minimum?, let maximum?):
      minimum == maximum ? "exactly \(spell(minimum))" : "\(spell(minimum)) to \(spell(maximum))"
    case (let minimum?, nil): "at least \(spell(minimum))"
    case (nil, let maximum?): "at most \(spell(maximum))"
    case (nil, nil): "anything"
    }
  }
}
