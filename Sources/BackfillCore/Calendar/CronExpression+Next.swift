extension CronExpression {
  /// A change of the clock by more than this many seconds is a correction: nothing is caught up, nothing is left out.
  static let largestClockChange: Int64 = 3 * 3600

  /// Returns the first instant after `instant` that this expression names in `zone`.
  ///
  /// A wildcard job (minute or hour starts with `*`) fires whenever the wall clock shows a minute it names. A fixed job fires
  /// once for each: readings that repeat fire in the first pass, readings in a gap fire together when the gap ends.
  /// The answer is that of a scheduler that was already running at `instant`. Source: cron(8) of cronie, "Daylight Saving
  /// Time and other time changes".
  /// - Parameters:
  ///   - instant: Itself excluded.
  ///   - zone: Whose wall clock the expression is read by.
  /// - Returns: A whole second, or `nil` when nothing is named before the year 2200.
  public func next(after instant: Instant, in zone: Zone) -> Instant? {
    let earliest = instant.seconds + 1
    // Two days back: a clock change before `instant` decides which readings have been shown already.
    var span = zone.span(at: isWildcard ? earliest : earliest - 172_800)
    var shown = Int64.min
    while true {
      if span.end > earliest {
        let start = max(span.start, earliest) + span.offset
        let end = span.end == Int64.max ? CalendarBounds.end : min(span.end + span.offset, CalendarBounds.end)
        if let local = firstReading(from: max(start, shown), before: end) {
          return Instant(seconds: local - span.offset)
        }
        if end == CalendarBounds.end { return nil }
      }
      let following = zone.span(at: span.end)
      let change = following.offset - span.offset
      if !isWildcard {
        shown = max(shown, span.end + span.offset)
        let gapEnd = following.start + following.offset
        if change > 0, change <= Self.largestClockChange, following.start >= earliest,
          firstReading(from: shown, before: gapEnd) != nil
        {
          return Instant(seconds: following.start)
        }
        if change < -Self.largestClockChange { shown = Int64.min }
      }
      span = following
    }
  }

  /// The first reading of a wall clock in `from..<before` that this expression names, all as seconds since 1970-01-01T00:00:00
  /// of that clock.
  private func firstReading(from: Int64, before: Int64) -> Int64? {
    guard from < before else { return nil }
    // Readings have whole minutes.
    let start = LocalTime(secondsAsUTC: from + 59)
    if matches(start.date), let second = firstSecond(from: start.secondOfDay / 60 * 60) {
      let found = start.date.startAsUTC + second
      return found < before ? found : nil
    }
    guard let date = firstDate(after: start.date, before: before), let second = firstSecond(from: 0) else { return nil }
    let found = date.startAsUTC + second
    return found < before ? found : nil
  }

  /// The first second of a day, at least `second` (a whole minute), whose hour and minute match.
  private func firstSecond(from second: Int) -> Int64? {
    let hour = second / 3600
    if hours.contains(hour), let minute = minutes.first(from: second / 60 % 60) {
      return Int64(hour * 3600 + minute * 60)
    }
    guard let hour = hours.first(from: hour + 1), let minute = minutes.first(from: 0) else { return nil }
    return Int64(hour * 3600 + minute * 60)
  }

  /// The first date after `date` that matches and begins before `before`; months that do not match are stepped over.
  private func firstDate(after date: CivilDate, before: Int64) -> CivilDate? {
    var candidate = date.adding(days: 1)
    while candidate.startAsUTC < before {
      let (year, month, day) = candidate.components
      let length = CivilDate.daysInMonth(month, of: year)
      if months.contains(month) {
        var weekday = candidate.weekday.rawValue % 7
        for number in day...length {
          if matchesDay(number, sundayBased: weekday) { return candidate.adding(days: number - day) }
          weekday = weekday == 6 ? 0 : weekday + 1
        }
      }
      candidate = candidate.adding(days: length - day + 1)
    }
    return nil
  }
}

/// How far schedules are searched.
enum CalendarBounds {
  /// 2200-01-01T00:00:00 of any wall clock, in seconds since 1970-01-01T00:00:00 of that clock; itself excluded.
  static let end = Int64(CivilDate.days(year: 2200, month: 1, day: 1)) * 86_400
}

extension CivilDate {
  /// Seconds since 1970-01-01T00:00:00 at which this date begins, if it were read in UTC.
  var startAsUTC: Int64 { Int64(daysSinceEpoch) * 86_400 }
}
