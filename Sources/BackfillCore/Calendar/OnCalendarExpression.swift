/// A calendar event as systemd 252 reads it: `Mon..Fri *-*-* 01:00:00 America/New_York`.
///
/// Two expressions are equal when their canonical texts, read in the same default zone, are. Source: systemd.time(7),
/// "Calendar Events", and `systemd-analyze calendar` of systemd 252.
public struct OnCalendarExpression: Sendable, Equatable {
  /// Bit 0 is Monday, bit 6 Sunday; all seven when the expression names none.
  let weekdays: UInt64
  /// Empty: every year. The same holds for `months`, `days`, `hours` and `minutes`.
  let years: [CalendarComponent]
  let months: [CalendarComponent]
  let days: [CalendarComponent]
  /// Whether `days` are counted from the end of the month, 1 being the last day.
  let isFromMonthEnd: Bool
  let hours: [CalendarComponent]
  let minutes: [CalendarComponent]
  /// Never empty; the star is `0/1` seconds.
  let microseconds: [CalendarComponent]

  /// The zone that the expression names itself, to be used in place of the default one; `UTC` or a name of tzdata.
  public let zoneName: String?

  /// The short name of the default zone's time at the end of the expression: it is read in that zone, and only while it
  /// shows that time. `nil` where it names a zone of its own, or none.
  public let abbreviation: ZoneAbbreviation?

  /// The values of the fields as bits; derived.
  let monthBits: UInt64
  let dayBits: UInt64
  let hourBits: UInt64
  let minuteBits: UInt64

  static let everyWeekday: UInt64 = 0b111_1111

  init(
    weekdays: UInt64 = everyWeekday, years: [CalendarComponent] = [], months: [CalendarComponent] = [],
    days: [CalendarComponent] = [], isFromMonthEnd: Bool = false, hours: [CalendarComponent] = [],
    minutes: [CalendarComponent] = [], microseconds: [CalendarComponent], zone: OnCalendarZone? = nil
  ) {
    self.weekdays = weekdays
    self.years = years.inOrder
    self.months = months.inOrder
    self.days = days.inOrder
    self.isFromMonthEnd = isFromMonthEnd && !days.isEmpty
    self.hours = hours.inOrder
    self.minutes = minutes.inOrder
    self.microseconds = Self.withoutRepeats(microseconds).inOrder
    zoneName = zone?.zoneName
    abbreviation = zone?.abbreviation
    monthBits = Self.bits(months, in: .month)
    dayBits =
      self.isFromMonthEnd ? days.reduce(0) { $0 | $1.bitsFromMonthEnd } : Self.bits(days, in: .day)
    hourBits = Self.bits(hours, in: .hour)
    minuteBits = Self.bits(minutes, in: .minute)
  }

  private static func bits(_ components: [CalendarComponent], in field: CalendarField) -> UInt64 {
    guard !components.isEmpty else { return ~0 }
    return components.reduce(0) { $0 | $1.bits(upTo: field.bounds.upperBound) }
  }

  /// Beside "every second", items of whole seconds say nothing.
  private static func withoutRepeats(_ microseconds: [CalendarComponent]) -> [CalendarComponent] {
    let second = CalendarField.microsecond.scale
    let every = CalendarComponent(start: 0, stop: nil, step: second)
    guard microseconds.contains(every) else { return microseconds }
    return [every] + microseconds.filter { $0.start % second != 0 || $0.step % second != 0 }
  }
}

/// The zone at the end of an expression.
enum OnCalendarZone: Sendable, Equatable {
  /// `UTC`, or a name of tzdata.
  case named(String)
  /// A short name of the default zone's time.
  case pinned(ZoneAbbreviation)

  var zoneName: String? {
    switch self {
    case .named(let name): name
    case .pinned: nil
    }
  }

  var abbreviation: ZoneAbbreviation? {
    switch self {
    case .named: nil
    case .pinned(let abbreviation): abbreviation
    }
  }
}
