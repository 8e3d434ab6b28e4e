/// The rule that a TZif file gives for the time after its last transition: `EST5EDT,M3.2.0,M11.1.0`.
///
/// Source: POSIX.1-2017, section 8.3 ("TZ"), with the hours -167...167 of RFC 9636, section 3.3.1.
struct PosixZoneRule: Sendable, Equatable {
  let standard: ZoneType
  /// `nil`: standard time all year.
  let daylight: Daylight?

  /// When the clocks are changed.
  struct Daylight: Sendable, Equatable {
    let type: ZoneType
    /// When daylight saving time begins, read in standard time.
    let begin: Change
    /// When it ends, read in daylight saving time.
    let end: Change
  }

  /// A day of every year and the time of that day.
  struct Change: Sendable, Equatable {
    let day: Day
    /// Seconds since 00:00:00 of that day, -604,799...604,799.
    let time: Int64
  }

  enum Day: Sendable, Equatable {
    /// 1...365; 29 February is never counted.
    case julian(Int)
    /// 0...365; 29 February is counted.
    case zeroBased(Int)
    /// Month 1...12, week 1...5 (5: the last), weekday 0...6 (0: Sunday).
    case weekday(month: Int, week: Int, weekday: Int)

    /// Days since 1970-01-01 of this day in `year`.
    func days(in year: Int) -> Int {
      let newYear = CivilDate.days(year: year, month: 1, day: 1)
      switch self {
      case .julian(let number): return newYear + number - (CivilDate.isLeap(year) && number >= 60 ? 0 : 1)
      case .zeroBased(let number): return newYear + number
      case .weekday(let month, let week, let weekday):
        let first = CivilDate.days(year: year, month: month, day: 1)
        // ISO numbers Sunday 7, POSIX 0.
        let offset = (weekday - CivilDate(daysSinceEpoch: first).weekday.rawValue % 7 + 7) % 7
        let last = first + CivilDate.daysInMonth(month, of: year) - 1
        let day = first + offset + (week - 1) * 7
        return day > last ? day - 7 : day
      }
    }
  }

  /// The stretch of time with one offset that holds `seconds` (since 1970-01-01T00:00:00Z).
  func span(at seconds: Int64) -> ZoneSpan {
    guard let daylight else { return ZoneSpan(start: Int64.min, end: Int64.max, type: standard) }
    var start: (at: Int64, isDaylight: Bool) = (Int64.min, false)
    var end = Int64.max
    let year = LocalTime(secondsAsUTC: seconds + Int64(standard.offset)).date.year
    // A change may lie a week outside its year, so that the neighbours of the neighbours can matter.
    for candidate in (year - 2)...(year + 2) {
      let begins = daylight.begin.instant(in: candidate, offset: standard.offset)
      let ends = daylight.end.instant(in: candidate, offset: daylight.type.offset)
      for (at, isDaylight) in [(ends, false), (begins, true)] {
        // At the same instant the beginning wins: that is how a rule says "daylight saving time all year".
        if at <= seconds, at > start.at || (at == start.at && isDaylight) { start = (at, isDaylight) }
        if at > seconds { end = min(end, at) }
      }
    }
    return ZoneSpan(start: start.at, end: end, type: start.isDaylight ? daylight.type : standard)
  }
}

extension PosixZoneRule.Change {
  /// Seconds since 1970-01-01T00:00:00Z of this change in `year`, read in a time with `offset`.
  fileprivate func instant(in year: Int, offset: Int) -> Int64 {
    Int64(day.days(in: year)) * 86_400 + time - Int64(offset)
  }
}
