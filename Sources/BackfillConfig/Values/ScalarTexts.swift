import BackfillCore

/// Decimal whole numbers.
enum WholeNumber {
  /// The value of one to twelve digits; `nil` for anything else, signs included.
  static func value(of text: some StringProtocol) -> Int? {
    guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }
}

/// Names of windows, pipelines, steps and locks.
enum NameText {
  /// Whether `text` is made of ASCII letters, digits, `-`, `_` and `.`, and is not `.` or `..`.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text != "." && text != ".."
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
      }
  }
}

/// Dates that are written well but are not in the calendar.
public enum DateText {
  /// Why `text`, of the form `YYYY-MM-DD`, names no day; `nil` when it is not of that form or names one.
  public static func missingDay(_ text: String) -> String? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2], CivilDate(iso: text) == nil,
      let year = WholeNumber.value(of: parts[0]), let month = WholeNumber.value(of: parts[1]),
      WholeNumber.value(of: parts[2]) != nil
    else { return nil }
    guard year >= 1 else { return "years are 0001 to 9999" }
    guard (1...12).contains(month) else { return "months are 01 to 12" }
    return "\(parts[0])-\(parts[1]) has \(CivilDate.daysInMonth(month, of: year)) days"
  }
}

/// Times of the day: `06:00`.
enum ClockText {
  /// The second of the day of `HH:MM`, 0...86,340.
  static func secondOfDay(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
      let hour = WholeNumber.value(of: parts[0]), let minute = WholeNumber.value(of: parts[1]),
      hour <= 23, minute <= 59
    else { return nil }
    return hour * 3600 + minute * 60
  }
}
