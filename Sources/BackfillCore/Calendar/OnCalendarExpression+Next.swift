extension OnCalendarExpression {
  /// Returns the first instant after `instant` that this expression names in `zone`, rounded up to a millisecond: the next
  /// thing that a clock of milliseconds sees of it.
  public func next(after instant: Instant, in zone: Zone) -> Instant? {
    next(after: CalendarInstant(instant), in: zone)?.roundedUp
  }

  /// Returns the first instant after `instant` that this expression names in `zone`.
  ///
  /// Readings in a gap are skipped, and nothing is caught up. Readings that repeat fire in the first pass only, so that a
  /// second pass has no firing at all; the answer does not depend on where in the overlap `instant` lies. (systemd 252 is
  /// not of one mind when asked inside a second pass.) A repetition ends with its field and begins again in the next month,
  /// day, hour or minute. Under an `abbreviation` it ends as `OnCalendarPinnedSearch` says. Source: systemd.time(7),
  /// "Calendar Events".
  /// - Parameters:
  ///   - instant: Itself excluded.
  ///   - zone: Whose wall clock the expression is read by: the one of `zoneName` where that is not `nil`. An expression in
  ///     UTC is read in UTC, whatever is given.
  /// - Returns: `nil` when nothing is named before the year 2200.
  public func next(after instant: CalendarInstant, in zone: Zone) -> CalendarInstant? {
    let zone = zoneName == Zone.utc.name ? .utc : zone
    guard instant.seconds < CalendarBounds.end + 172_800 else { return nil }
    // No reading before 1970 is named; two days are more than any offset.
    let base = max(instant.microseconds, -172_800_000_001)
    if let abbreviation {
      var pinned = OnCalendarPinnedSearch(self, in: zone, isDaylight: abbreviation.isDaylight)
      return pinned.next(after: base).map { CalendarInstant(microseconds: $0) }
    }
    var earliest = base + 1
    while true {
      switch search(from: earliest, in: zone) {
      case .found(let microseconds): return CalendarInstant(microseconds: microseconds)
      case .notBefore(let later): earliest = later
      case .never: return nil
      }
    }
  }

  private enum SearchResult {
    /// Microseconds since 1970-01-01T00:00:00Z.
    case found(Int64)
    /// Go on with the search here, in microseconds since 1970-01-01T00:00:00Z.
    case notBefore(Int64)
    case never
  }

  /// Looks from `earliest` (microseconds) on, through the stretches of one offset that are near.
  private func search(from earliest: Int64, in zone: Zone) -> SearchResult {
    let earliestSecond = earliest.dividedDown(by: 1_000_000)
    // Two days back: a clock change before decides which readings have been shown already.
    var span = zone.span(at: earliestSecond - 172_800)
    var shown = Int64.min
    while true {
      if span.end > earliestSecond {
        let start = span.start > earliestSecond ? span.start * 1_000_000 : earliest
        let reading = max(start + span.offset * 1_000_000, shown)
        guard let found = firstReading(from: reading) else { return .never }
        let second = found.dividedDown(by: 1_000_000)
        if span.end == Int64.max || second < span.end + span.offset {
          return .found(found - span.offset * 1_000_000)
        }
        // Far beyond this stretch: pass over those between.
        if second > span.end + 5 * 86_400 { return .notBefore((second - 3 * 86_400) * 1_000_000) }
      }
      shown = max(shown, (span.end + span.offset) * 1_000_000)
      span = zone.span(at: span.end)
    }
  }

  /// The first reading of a wall clock that this expression names, at least `from`, both in microseconds since
  /// 1970-01-01T00:00:00 of that clock.
  private func firstReading(from: Int64) -> Int64? {
    let day: Int64 = 86_400_000_000
    let start = CivilDate(daysSinceEpoch: Int(from.dividedDown(by: day)))
    guard let date = firstDate(from: start) else { return nil }
    if date == start, let time = firstTime(from: Int(from - Int64(start.daysSinceEpoch) * day)) {
      return Int64(date.daysSinceEpoch) * day + Int64(time)
    }
    guard let next = date == start ? firstDate(from: start.adding(days: 1)) : date, let time = firstTime(from: 0) else {
      return nil
    }
    return Int64(next.daysSinceEpoch) * day + Int64(time)
  }

  private func firstDate(from start: CivilDate) -> CivilDate? {
    let (startYear, startMonth, startDay) = start.components
    for year in max(startYear, 1970)...max(startYear, 2200) where firstYear(from: year) == year {
      let isFirstYear = year == startYear
      for month in (isFirstYear ? startMonth : 1)...12 where monthBits >> UInt64(month) & 1 == 1 {
        let first = CivilDate(daysSinceEpoch: CivilDate.days(year: year, month: month, day: 1))
        let bits = days(in: first, length: CivilDate.daysInMonth(month, of: year))
        let rest = isFirstYear && month == startMonth ? bits & ~0 << UInt64(startDay) : bits
        if rest != 0 { return first.adding(days: rest.trailingZeroBitCount - 1) }
      }
    }
    return nil
  }

  /// The first year named from `year` on; `nil` when there is none up to 2199.
  func firstYear(from year: Int) -> Int? {
    let upper = CalendarField.year.bounds.upperBound
    guard !years.isEmpty else { return year <= upper ? max(year, CalendarField.year.bounds.lowerBound) : nil }
    return years.compactMap { $0.first(from: year, upTo: upper) }.min()
  }

  /// Bits 1...31 of the days that are named in the month of `date`, weekdays left aside.
  func dayBits(in date: CivilDate) -> UInt64 {
    let (year, month, _) = date.components
    return dayBits(length: CivilDate.daysInMonth(month, of: year))
  }

  private func dayBits(length: Int) -> UInt64 {
    guard isFromMonthEnd else { return dayBits & ((1 << UInt64(length + 1)) - 2) }
    return (1...length).reduce(0) { $0 | (dayBits >> UInt64(length + 1 - $1) & 1) << UInt64($1) }
  }

  /// Bits 1...`length` of the days of a month that match, weekdays included; `first` is its first day.
  private func days(in first: CivilDate, length: Int) -> UInt64 {
    var bits = dayBits(length: length)
    guard weekdays != Self.everyWeekday else { return bits }
    let shift = first.weekday.rawValue - 1
    for day in 1...length where weekdays >> UInt64((shift + day - 1) % 7) & 1 == 0 {
      bits &= ~(1 << UInt64(day))
    }
    return bits
  }

  /// The first time of a day that matches, at least `from`, both in microseconds since its 00:00:00.
  private func firstTime(from: Int) -> Int? {
    let second = 1_000_000
    let hour = from / (3600 * second)
    let minute = from / (60 * second) % 60
    if hourBits >> UInt64(hour) & 1 == 1 {
      if minuteBits >> UInt64(minute) & 1 == 1, let found = firstMicrosecond(from: from % (60 * second)) {
        return (hour * 60 + minute) * 60 * second + found
      }
      if let next = Self.firstBit(minuteBits, from: minute + 1, below: 60), let found = firstMicrosecond(from: 0) {
        return (hour * 60 + next) * 60 * second + found
      }
    }
    guard let next = Self.firstBit(hourBits, from: hour + 1, below: 24),
      let minute = Self.firstBit(minuteBits, from: 0, below: 60), let found = firstMicrosecond(from: 0)
    else { return nil }
    return (next * 60 + minute) * 60 * second + found
  }

  /// The first microsecond of a minute that is named, at least `from`; 0...59,999,999.
  func firstMicrosecond(from: Int) -> Int? {
    microseconds.compactMap { $0.first(from: from, upTo: CalendarField.microsecond.bounds.upperBound) }.min()
  }

  /// The first bit that is set, from `from` (0...63) on; `nil` when it is not below `below`.
  static func firstBit(_ bits: UInt64, from: Int, below: Int) -> Int? {
    let found = from + (bits >> UInt64(from)).trailingZeroBitCount
    return found < below ? found : nil
  }
}
