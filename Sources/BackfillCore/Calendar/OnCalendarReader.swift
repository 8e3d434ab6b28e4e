/// Reads the parts of a calendar event from left to right.
struct OnCalendarReader {
  let text: ArraySlice<Character>
  private(set) var position: Int

  init(text: ArraySlice<Character>, start: Int) {
    self.text = text
    position = start
  }

  /// Reads everything; the zone has been taken off.
  mutating func expression(zone: OnCalendarZone?) throws(CalendarSyntaxError) -> OnCalendarExpression {
    try refuseLookAlikes()
    let weekdays = try self.weekdays()
    if take("@") { return try timestamp(weekdays: weekdays) }
    let date = try self.date()
    let time = try self.time()
    return OnCalendarExpression(
      weekdays: weekdays, years: try date.years.components(of: .year), months: try date.months.components(of: .month),
      days: try date.days.components(of: date.isFromMonthEnd ? .dayFromMonthEnd : .day),
      isFromMonthEnd: date.isFromMonthEnd, hours: try time.hours.components(of: .hour),
      minutes: try time.minutes.components(of: .minute),
      microseconds: try time.seconds.components(of: .microsecond), zone: zone)
  }

  // MARK: Weekdays

  /// The weekday that `lowered` begins with: 1 is Monday; the long name where it is written.
  static func weekday(at lowered: Substring) -> (number: Int, length: Int)? {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    for (index, name) in names.enumerated() {
      if lowered.hasPrefix(name) { return (index + 1, name.count) }
      if lowered.hasPrefix(name.prefix(3)) { return (index + 1, 3) }
    }
    return nil
  }

  /// A list of days and ranges, a comma at its end allowed; every day when there is none.
  private mutating func weekdays() throws(CalendarSyntaxError) -> UInt64 {
    var bits: UInt64 = 0
    var rangeStart: (number: Int, position: Int)?
    while true {
      guard let day = Self.weekday(at: lowered(from: position)) else {
        guard bits == 0 else { throw failure("a weekday is missing") }
        return OnCalendarExpression.everyWeekday
      }
      let start = position
      position += day.length
      guard position == text.endIndex || "-., ".contains(text[position]) else {
        throw CalendarSyntaxError(
          position: start, message: "\(word(from: start).quoted) is not a weekday", hint: "`Mon` or `Monday`")
      }
      if let range = rangeStart, range.number > day.number {
        throw CalendarSyntaxError(
          position: range.position, message: "\(text[range.position..<position].quoted) runs backwards",
          hint: "a week begins on Monday: write `\(Self.range(1, day.number)),\(Self.range(range.number, 7))`")
      }
      for number in (rangeStart?.number ?? day.number)...day.number { bits |= 1 << UInt64(number - 1) }
      if skipBlanks() || position == text.endIndex { return bits }
      let isInRange = rangeStart != nil
      rangeStart = nil
      if !take(",") {
        guard !isInRange, take("..") || take("-") else { throw failure("a weekday is followed by `,` or `..`") }
        rangeStart = (day.number, start)
      }
      if position == text.endIndex || text[position] == " " {
        guard rangeStart == nil else { throw failure("the last day of a range is missing") }
        _ = skipBlanks()
        return bits
      }
    }
  }

  /// `Mon`, or `Mon..Wed`; 1 is Monday.
  private static func range(_ first: Int, _ last: Int) -> String {
    let names = [first, last].compactMap { Weekday(rawValue: $0)?.shortName }
    return first == last ? names[0] : names.joined(separator: "..")
  }

  // MARK: Date

  private struct DateFields {
    var years = OnCalendarChain.star
    var months = OnCalendarChain.star
    var days = OnCalendarChain.star
    var isFromMonthEnd = false
  }

  /// `Y-M-D`, `M-D`, with `~` before the day to count from the end of the month; nothing when a time comes.
  private mutating func date() throws(CalendarSyntaxError) -> DateFields {
    let start = position
    guard position < text.endIndex else { return DateFields() }
    let first = try chain(of: .year)
    if position == text.endIndex || text[position] == ":" {
      position = start
      return DateFields()
    }
    var isFromMonthEnd = take("~")
    guard isFromMonthEnd || take("-") else { throw unexpected("`-` in a date, or `:` in a time") }
    let second = try chain(of: .month)
    if position == text.endIndex || skipBlanks() {
      return DateFields(months: first, days: second, isFromMonthEnd: isFromMonthEnd)
    }
    guard !isFromMonthEnd else { throw unexpected("the end of the date") }
    isFromMonthEnd = take("~")
    guard isFromMonthEnd || take("-") else { throw unexpected("`-` in a date") }
    let third = try chain(of: .day)
    guard position == text.endIndex || skipBlanks() else { throw unexpected("a blank after the date") }
    return DateFields(years: first, months: second, days: third, isFromMonthEnd: isFromMonthEnd)
  }

  /// `@SECONDS`: one instant, in UTC. Blanks and a sign may stand before the digits. Source: strtoul(3).
  private mutating func timestamp(weekdays: UInt64) throws(CalendarSyntaxError) -> OnCalendarExpression {
    position += text[position...].prefix { " \t\n\u{B}\u{C}\r".contains($0) }.count
    let start = position
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    let digits = text[position...].prefix { $0.isASCII && $0.isNumber }
    position += digits.count
    guard !digits.isEmpty, position == text.endIndex else {
      throw failure("`@` takes whole seconds since 1970-01-01 00:00:00 UTC")
    }
    guard !isNegative || digits.allSatisfy({ $0 == "0" }) else {
      throw CalendarSyntaxError(position: start, message: "\(text[start...].quoted) lies before the year 1970")
    }
    guard let seconds = Int64(String(digits)), seconds < CalendarBounds.end else {
      throw CalendarSyntaxError(
        position: start, message: "`@\(digits.count > 20 ? "..." : String(digits))` lies after the year 2199")
    }
    let local = LocalTime(secondsAsUTC: seconds)
    let (year, month, day) = local.date.components
    return OnCalendarExpression(
      weekdays: weekdays, years: [CalendarComponent(year)], months: [CalendarComponent(month)],
      days: [CalendarComponent(day)], hours: [CalendarComponent(local.hour)],
      minutes: [CalendarComponent(local.minute)],
      microseconds: [CalendarComponent(local.second * 1_000_000)], zone: .named(Zone.utc.name))
  }

  // MARK: Time

  private struct TimeFields {
    var hours = OnCalendarChain.zero
    var minutes = OnCalendarChain.zero
    var seconds = OnCalendarChain.zero
  }

  /// `H:M` or `H:M:S`; midnight when there is none.
  private mutating func time() throws(CalendarSyntaxError) -> TimeFields {
    guard position < text.endIndex else { return TimeFields() }
    var fields = TimeFields()
    fields.hours = try chain(of: .hour)
    guard take(":") else { throw unexpected("`:` after the hour") }
    fields.minutes = try chain(of: .minute)
    if position == text.endIndex { return fields }
    guard take(":") else { throw unexpected("`:` or the end after the minute") }
    fields.seconds = try chain(of: .microsecond)
    guard position == text.endIndex else { throw unexpected("the end after the second") }
    return fields
  }

  // MARK: Characters

  private mutating func chain(of field: CalendarField) throws(CalendarSyntaxError) -> OnCalendarChain {
    var reader = OnCalendarChainReader(text: text, position: position, field: field)
    let chain = try reader.chain()
    position = reader.position
    return chain
  }

  private mutating func take(_ expected: String) -> Bool {
    guard text[position...].starts(with: expected) else { return false }
    position += expected.count
    return true
  }

  private mutating func skipBlanks() -> Bool {
    let count = text[position...].prefix { $0 == " " }.count
    position += count
    return count > 0
  }

  private func word(from start: Int) -> ArraySlice<Character> {
    text[start...].prefix { $0 != " " }
  }

  private func lowered(from start: Int) -> Substring {
    String(text[start...].prefix(9)).lowercased()[...]
  }

  /// Texts that are no calendar events and whose meaning is plain: what to write instead.
  private func refuseLookAlikes() throws(CalendarSyntaxError) {
    let first = word(from: position)
    let lowered = String(first).lowercased()
    if OnCalendarExpression.shorthands.contains(lowered) {
      let next = first.endIndex + text[first.endIndex...].prefix { $0 == " " }.count
      throw CalendarSyntaxError(
        position: min(next, text.endIndex), message: "nothing but a time zone may follow `\(lowered)`",
        hint: "`*-*-* 12:00` is every day at 12:00")
    }
    if let offset = text.lastIndex(of: " "), let sign = text[(offset + 1)...].first, sign == "+" {
      throw CalendarSyntaxError(
        position: offset + 1, message: "an offset is not a time zone",
        hint: "a name of tzdata, `Europe/Berlin`, or `UTC`")
    }
    if let index = first.firstIndex(of: "T"), index > first.startIndex, first[index - 1].isNumber {
      throw CalendarSyntaxError(
        position: index, message: "`T` does not stand between date and time", hint: "write a blank")
    }
    let start = first.first ?? " "
    if start.isLetter, Self.weekday(at: self.lowered(from: position)) == nil {
      throw CalendarSyntaxError(
        position: position, message: "\(first.quoted) is not a weekday, a date, a time or a shorthand",
        hint: Suggestion.hint(for: lowered, among: OnCalendarExpression.shorthands)
          ?? "`Mon..Fri 01:00`, `*-*-01 01:00`, `daily`")
    }
  }

  private func unexpected(_ expected: String) -> CalendarSyntaxError {
    if position == text.endIndex { return failure("ends where \(expected) is expected") }
    return failure("\(text[position].quoted) where \(expected) is expected")
  }

  private func failure(_ message: String) -> CalendarSyntaxError {
    CalendarSyntaxError(position: position, message: message)
  }
}
