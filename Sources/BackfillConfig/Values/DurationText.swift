import BackfillCore

/// Durations: `30s`, `10m`, `2h`, `3d`, `1h30m`.
enum DurationText {
  private static let units: [(letter: Character, seconds: Int64)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]

  /// The sum of one or more numbers of at most nine digits with a unit each, larger units first.
  static func value(of text: String) -> Duration? {
    var seconds: Int64 = 0
    var rest = text[...]
    var unitsLeft = units[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      guard digits.count <= 9, let number = WholeNumber.value(of: digits), let letter = rest.popFirst(),
        let index = unitsLeft.firstIndex(where: { $0.letter == letter })
      else { return nil }
      seconds += Int64(number) * unitsLeft[index].seconds
      unitsLeft = unitsLeft[(index + 1)...]
    }
    return text.isEmpty ? nil : .seconds(seconds)
  }
}

/// What is wrong with a text that is no duration, as far as it can be told.
enum DurationSlip {
  /// A unit that there is not, or not under this name.
  case unknownUnit(String, meant: String?)
  /// Something else.
  case other(hint: String?)

  private static let names: [Character: [String]] = [
    "d": ["d", "day", "days"], "h": ["h", "hr", "hrs", "hour", "hours"],
    "m": ["m", "min", "mins", "minute", "minutes"],
    "s": ["s", "sec", "secs", "second", "seconds"],
  ]

  /// The slip in `text`, of which `DurationText` makes nothing.
  init(in text: String) {
    guard WholeNumber.value(of: text) == nil else {
      self = .other(hint: "add the unit: `s`, `m`, `h` or `d`")
      return
    }
    guard let parts = Self.parts(of: text) else {
      self = .other(hint: nil)
      return
    }
    let meant = parts.map { "\($0.digits)\($0.letter.map(String.init) ?? "?")" }.joined()
    let known = DurationText.value(of: meant) == nil ? nil : meant
    // One that nobody knows, before one that is only written otherwise.
    let slip = parts.first { $0.letter == nil } ?? parts.first { $0.letter.map(String.init) != $0.unit }
    if let slip {
      self = .unknownUnit(slip.unit, meant: known)
    } else {
      self = .other(hint: known.map { "did you mean \(quoted($0))?" } ?? "larger units come first, each once")
    }
  }

  /// A number and its word.
  private struct Part {
    let digits: Substring
    let unit: String

    /// The unit that the word stands for.
    var letter: Character? { names.first { $0.value.contains(unit.lowercased()) }?.key }
  }

  /// `10 minutes` as numbers with their words; `nil` for what has another form.
  private static func parts(of text: String) -> [Part]? {
    var parts: [Part] = []
    var rest = text[...]
    func skipBlanks() { rest = rest.drop { $0 == " " } }
    skipBlanks()
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      skipBlanks()
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      skipBlanks()
      guard (1...9).contains(digits.count), !unit.isEmpty else { return nil }
      parts.append(Part(digits: digits, unit: String(unit)))
    }
    return parts.isEmpty ? nil : parts
  }
}

extension Field {
  /// Reports that `text`, the value or a part of it, is no duration; returns `nil` for the caller to return.
  func refuse<Value>(duration text: String, expected: String) -> Value? {
    switch DurationSlip(in: text) {
    case .unknownUnit(let unit, let meant):
      report(
        "\(label) has an unknown unit: \(quoted(unit)) in \(quoted(text))",
        hint: meant.map { "did you mean \(quoted($0))?" } ?? "the units are `s`, `m`, `h` and `d`")
      return nil
    case .other(let hint): return refuse(expected, hint: hint)
    }
  }
}
