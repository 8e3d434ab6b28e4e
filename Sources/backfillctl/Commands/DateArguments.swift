import ArgumentParser
import BackfillConfig
import BackfillCore

/// A window as it is typed: a variable of a shell that is empty names none.
enum WindowArgument {
  static func name(_ text: String) throws -> String {
    if text.isEmpty { throw ValidationError("The window is empty.") }
    return text
  }
}

/// Dates as they are typed: `2021-11-01`, `2021-11-01..2021-11-30`, several with commas or blanks between them.
enum DateArguments {
  /// Reads one date or range.
  static func range(_ text: some StringProtocol) throws -> DateRange {
    guard let dots = text.firstRange(of: "..") else {
      let date = try date(text)
      return DateRange(from: date, to: date)
    }
    let range = DateRange(
      from: try date(text[..<dots.lowerBound]), to: try date(text[dots.upperBound...]))
    if range.from > range.to { throw ValidationError("The range \(text) ends before it starts.") }
    return range
  }

  /// Reads dates and ranges with commas or blanks between them.
  static func list(_ text: String) throws -> [DateRange] {
    try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { part in
      let words = part.split(whereSeparator: \.isWhitespace)
      return try words.isEmpty ? [range(part)] : words.map { try range($0) }
    }
  }

  /// Reads one date.
  static func date(_ text: some StringProtocol) throws -> CivilDate {
    if let date = CivilDate(iso: text) { return date }
    if let missing = missingDay(text) { throw missing }
    throw ValidationError("`\(text)` is not a date (YYYY-MM-DD).")
  }

  /// What to say of a date that is written well and is in no calendar.
  static func missingDay(_ text: some StringProtocol) -> ValidationError? {
    DateText.missingDay(String(text)).map { ValidationError("`\(text)` is a date that does not exist: \($0).") }
  }

  /// Reads a reason, which says something.
  static func reason(_ text: String) throws -> String {
    guard text.contains(where: { !$0.isWhitespace }) else { throw ValidationError("The reason is empty.") }
    return text
  }
}
