extension PosixZoneRule {
  /// Reads the text between the two line feeds of a TZif footer; it is not empty.
  init(footer: ArraySlice<UInt8>) throws(ZoneFormatError) {
    var reader = PosixZoneRuleReader(rest: footer)
    let standard = try reader.type(isDaylight: false, otherwise: nil)
    self.standard = standard
    if reader.rest.isEmpty {
      daylight = nil
      return
    }
    let type = try reader.type(isDaylight: true, otherwise: standard.offset + 3600)
    let begin = try reader.change()
    let end = try reader.change()
    guard reader.rest.isEmpty else { throw reader.failure }
    daylight = Daylight(type: type, begin: begin, end: end)
  }
}

private struct PosixZoneRuleReader {
  var rest: ArraySlice<UInt8>

  var failure: ZoneFormatError { ZoneFormatError("the rule at its end is not a POSIX TZ string") }

  /// A name and an offset, `EST5` or `<+0330>-3:30`; POSIX counts west positive.
  mutating func type(isDaylight: Bool, otherwise: Int?) throws(ZoneFormatError) -> ZoneType {
    let name = try abbreviation()
    let offset: Int
    if let otherwise, rest.first == UInt8(ascii: ",") {
      offset = otherwise
    } else {
      offset = -(try time(hours: 24))
    }
    guard ZoneType.offsets.contains(offset) else { throw failure }
    return ZoneType(offset: offset, isDaylight: isDaylight, abbreviation: name)
  }

  /// `,M3.2.0/2`, `,J60`, `,59/-1`.
  mutating func change() throws(ZoneFormatError) -> PosixZoneRule.Change {
    guard take(",") else { throw failure }
    let day: PosixZoneRule.Day
    if take("M") {
      let month = try number(1...12)
      guard take(".") else { throw failure }
      let week = try number(1...5)
      guard take(".") else { throw failure }
      day = .weekday(month: month, week: week, weekday: try number(0...6))
    } else if take("J") {
      day = .julian(try number(1...365))
    } else {
      day = .zeroBased(try number(0...365))
    }
    return PosixZoneRule.Change(day: day, time: take("/") ? Int64(try time(hours: 167)) : 7200)
  }

  private mutating func abbreviation() throws(ZoneFormatError) -> String {
    let isQuoted = take("<")
    let name = rest.prefix { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): isQuoted
      default: false
      }
    }
    rest = rest.dropFirst(name.count)
    guard name.count >= 3, !isQuoted || take(">") else { throw failure }
    return String(decoding: name, as: UTF8.self)
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private mutating func time(hours: Int) throws(ZoneFormatError) -> Int {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    var seconds = try number(0...hours) * 3600
    if take(":") {
      seconds += try number(0...59) * 60
      if take(":") { seconds += try number(0...59) }
    }
    return isNegative ? -seconds : seconds
  }

  private mutating func number(_ range: ClosedRange<Int>) throws(ZoneFormatError) -> Int {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard (1...3).contains(digits.count) else { throw failure }
    rest = rest.dropFirst(digits.count)
    let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    guard range.contains(value) else { throw failure }
    return value
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }
}
