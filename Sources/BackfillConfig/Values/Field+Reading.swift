import BackfillCore

// Each function returns the value, or reports what is wrong with it and returns `nil`.
extension Field {
  /// A text of at least one character, none of them NUL.
  func text() -> String? {
    guard let scalar, !scalar.isEmpty else { return refuse("a text") }
    guard !scalar.contains("\0") else { return refuse("a text without a NUL character") }
    return scalar
  }

  /// `true` or `false`.
  func flag() -> Bool? {
    switch scalar {
    case "true": return true
    case "false": return false
    case let word?:
      let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"][word.lowercased()]
      return refuse(
        "`true` or `false`",
        hint: meant.map { "did you mean `\($0)`?" } ?? Suggestion.hint(for: word, among: ["true", "false"]))
    case nil: return refuse("`true` or `false`")
    }
  }

  /// A decimal whole number, `minimum`...1,000,000,000.
  func wholeNumber(atLeast minimum: Int) -> Int? {
    guard let scalar, let number = WholeNumber.value(of: scalar), (minimum...1_000_000_000).contains(number) else {
      return refuse("a whole number of at least \(minimum)")
    }
    return number
  }

  /// One of the words that `Value` has as raw values.
  func choice<Value: RawRepresentable & CaseIterable>(_: Value.Type = Value.self) -> Value?
  where Value.RawValue == String {
    choice(Value.allCases.map(\.rawValue)).flatMap(Value.init)
  }

  /// One of `words`.
  func choice(_ words: [String]) -> String? {
    if let scalar, words.contains(scalar) { return scalar }
    return refuse(
      words.map(quoted).joined(separator: " or "), hint: scalar.flatMap { Suggestion.hint(for: $0, among: words) })
  }

  /// A duration such as `90m`; zero only where `zeroAllowed`.
  func duration(zeroAllowed: Bool = false) -> Duration? {
    let expected = "a duration such as `30s`, `10m` or `1h30m`"
    guard let scalar else { return refuse(expected) }
    guard let duration = DurationText.value(of: scalar) else { return refuse(duration: scalar, expected: expected) }
    guard zeroAllowed || duration > .zero else { return refuse("a duration above zero") }
    return duration
  }

  /// A day of the calendar as `YYYY-MM-DD`.
  func date() -> CivilDate? {
    guard let scalar else { return refuse("a date such as `2021-10-19`") }
    if let date = CivilDate(iso: scalar) { return date }
    if let hint = DateText.missingDay(scalar) {
      report("\(label) is \(quoted(scalar)), a date that does not exist", hint: hint)
      return nil
    }
    return refuse("a date such as `2021-10-19`")
  }

  /// A name of ASCII letters, digits, `-`, `_` and `.`.
  func name() -> String? {
    guard let scalar, NameText.isName(scalar) else {
      return refuse("a name of letters, digits, `-`, `_` and `.`")
    }
    return scalar
  }

  /// One text or a list of different texts, each read by `read`.
  func distinct(_ read: (Field) -> String?) -> [String] {
    var texts: [String] = []
    for field in oneOrMore {
      guard let text = read(field) else { continue }
      if texts.contains(text) {
        field.report("\(quoted(text)) is twice in \(label)")
      } else {
        texts.append(text)
      }
    }
    return texts
  }
}
