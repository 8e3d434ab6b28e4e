import BackfillCore

/// A range as it is written: both ends are texts, either may be open.
struct RangeText {
  let low: String?
  let high: String?

  /// Splits `30`, `>= 30`, `<= 5` and `25..35`; where `dash`, `25-35` too. `nil` when an end that must be there is empty.
  init?(_ text: String, dash: Bool) {
    if let end = Self.after(">=", in: text) {
      (low, high) = (end, nil)
    } else if let end = Self.after("<=", in: text) {
      (low, high) = (nil, end)
    } else if let (first, second) = Self.split(text, at: "..") ?? (dash ? Self.split(text, at: "-") : nil) {
      (low, high) = (first, second)
    } else {
      (low, high) = (Self.trimmed(text[...]), Self.trimmed(text[...]))
    }
    guard low != "", high != "" else { return nil }
  }

  private static func after(_ sign: String, in text: String) -> String? {
    text.hasPrefix(sign) ? trimmed(text.dropFirst(sign.count)) : nil
  }

  private static func split(_ text: String, at mark: String) -> (String, String)? {
    // A minus sign at the start belongs to the number.
    for index in text.indices.dropFirst() where text[index...].hasPrefix(mark) {
      return (trimmed(text[..<index]), trimmed(text[index...].dropFirst(mark.count)))
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text
    while rest.first == " " { rest = rest.dropFirst() }
    while rest.last == " " { rest = rest.dropLast() }
    return String(rest)
  }
}

/// Decimal numbers and percentages.
enum NumberText {
  /// The value of `12`, `-3` or `0.45`.
  static func number(_ text: some StringProtocol) -> Double? {
    let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = unsigned.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.allSatisfy({ WholeNumber.value(of: $0) != nil }) else { return nil }
    return Double(String(text))
  }

  /// The fraction that `45%` stands for; `nil` without the sign.
  static func fraction(_ text: some StringProtocol) -> Double? {
    guard text.hasSuffix("%") else { return nil }
    var digits = text.dropLast()
    while digits.last == " " { digits = digits.dropLast() }
    return number(digits).map { $0 / 100 }
  }
}

/// What the ends of a range are.
enum RangeUnit {
  /// `30`.
  case number
  /// `50%`.
  case percent
  /// `0.45` or `45%`.
  case either

  var expected: String {
    switch self {
    case .number: "a number or a range such as `30`, `>= 30`, `<= 5` or `25..35`"
    case .percent: "a percentage or a range such as `>= 50%`, `<= 5%` or `25-30%`"
    case .either: "a number, a percentage or a range such as `>= 0.4` or `25-30%`"
    }
  }

  func value(_ text: String) -> Double? {
    switch self {
    case .number: NumberText.number(text)
    case .percent: NumberText.fraction(text)
    case .either: NumberText.fraction(text) ?? NumberText.number(text)
    }
  }
}

extension Field {
  /// A range of numbers, low end first; `25-30%` means 25 % to 30 %.
  func range(_ unit: RangeUnit) -> NumberRange? {
    guard let scalar, let text = RangeText(scalar, dash: scalar.hasSuffix("%")) else { return refuse(unit.expected) }
    let isPercent = text.high?.hasSuffix("%") ?? false
    let low = text.low.map { isPercent && !$0.hasSuffix("%") ? $0 + "%" : $0 }
    let minimum = low.map(unit.value)
    let maximum = text.high.map(unit.value)
    if minimum == .some(nil) || maximum == .some(nil) {
      return refuse(unit.expected, hint: openEnds(scalar) ?? (unit == .percent ? percentage(scalar) : nil))
    }
    let range = NumberRange(minimum: minimum ?? nil, maximum: maximum ?? nil)
    if let minimum = range.minimum, let maximum = range.maximum, minimum > maximum {
      report("\(label) has its low end above its high end: \(quoted(scalar))")
      return nil
    }
    return range
  }

  /// What was meant by whole numbers; `0.5` may be a half or half a percent.
  private func percentage(_ text: String) -> String? {
    guard let range = RangeText(text, dash: true),
      [range.low, range.high].allSatisfy({ $0.map { WholeNumber.value(of: $0) != nil } ?? true })
    else { return nil }
    return "did you mean `\(text)%`?"
  }

  /// `> 5` says neither whether 5 nor whether 5.1 is meant.
  private func openEnds(_ text: String) -> String? {
    guard let sign = text.first, sign == ">" || sign == "<", text.dropFirst().first != "=" else { return nil }
    return "write `\(sign)=`"
  }
}
