import ArgumentParser
import BackfillCore

/// Dates as they are typed: `2021-11-01`, `2021-11-01..2021-11-30`, several with commas between them.
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

  /// Reads dates and ranges with commas between them.
  static func list(_ text: String) throws -> [DateRange] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { try range($0) }
  }

  /// Reads one date.
  static func date(_ text: some StringProtocol) throws -> CivilDate {
    guard let date = CivilDate(iso: text) else { throw ValidationError("`\(text)` is not a date (YYYY-MM-DD).") }
    return date
  }

  /// Reads a reason, which says something.
  static func reason(_ text: String) throws -> String {
    guard text.contains(where: { !$0.isWhitespace }) else { throw ValidationError("The reason is empty.") }
    return text
  }
}
