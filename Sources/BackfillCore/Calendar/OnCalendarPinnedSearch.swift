/// The next firing of an expression that ends with a short name of its zone's time (`daily EST`): systemd then pins the flag of
/// daylight saving time for every reading of the clock that it looks at on its way.
///
/// The schedule ends at the first reading on the way where the flag does not hold, so that `daily EST` ends when the clocks
/// are changed, and `yearly EST` goes on: it never looks at a day of the summer. For the same answers the readings are looked
/// at in systemd's order, field by field. Where the readings of a second pass have all been named in the first, systemd lets go
/// of the flag, and names one reading more. Source: `find_next` of systemd 252, mktime(3) of glibc.
struct OnCalendarPinnedSearch {
  private let expression: OnCalendarExpression
  private let zone: Zone
  private var isDaylight: Bool
  private var isPinned = true

  /// systemd gives up after as many readings.
  private static let mostReadings = 1000
  private static let second: Int64 = 1_000_000
  private static let minute: Int64 = 60 * second
  private static let hour: Int64 = 60 * minute
  private static let day: Int64 = 24 * hour

  /// A search by the wall clock of `zone`, all of whose readings are of its daylight saving time or none.
  init(_ expression: OnCalendarExpression, in zone: Zone, isDaylight: Bool) {
    self.expression = expression
    self.zone = zone
    self.isDaylight = isDaylight
  }

  /// The first instant after `instant`; both in microseconds since 1970-01-01T00:00:00Z.
  mutating func next(after instant: Int64) -> Int64? {
    let start = shown(at: instant + 1)
    var reading = start
    for _ in 0..<Self.mostReadings {
      switch look(at: reading) {
      case .ends: return nil
      case .goOn(let later): reading = later
      case .startAnew(let later):
        guard let shown = normalized(later) else { return nil }
        reading = shown
      case .found(let found) where found < start:
        guard let instant = self.instant(of: found + Self.hour) else { return nil }
        isPinned = false
        isDaylight = zone.isDaylight(at: instant)
        reading = shown(at: instant)
      case .found(let found):
        // Asked inside a second pass, systemd names a reading of the first: nothing that is still to come.
        return self.instant(of: found).flatMap { $0 > instant ? $0 : nil }
      }
    }
    return nil
  }

  /// Readings in microseconds since 1970-01-01T00:00:00 of the wall clock.
  private enum Look {
    case found(Int64)
    /// The clock shows this instead.
    case goOn(Int64)
    /// Nothing is named up to here.
    case startAnew(Int64)
    case ends
  }

  private mutating func look(at start: Int64) -> Look {
    let date = CivilDate(daysSinceEpoch: Int(start.dividedDown(by: Self.day)))
    guard let year = expression.firstYear(from: date.year) else { return .ends }
    let reading = year > date.year ? Self.midnight(year, 1, 1) : start
    return normalized(reading) == reading ? lookAtMonth(reading) : .ends
  }

  private mutating func lookAtMonth(_ start: Int64) -> Look {
    let (year, month, _) = CivilDate(daysSinceEpoch: Int(start.dividedDown(by: Self.day))).components
    let nextYear = Self.midnight(year + 1, 1, 1)
    guard let found = OnCalendarExpression.firstBit(expression.monthBits, from: month, below: 13) else {
      return .startAnew(nextYear)
    }
    let reading = found > month ? Self.midnight(year, found, 1) : start
    return detour(at: reading, to: nextYear) ?? lookAtDay(reading)
  }

  private mutating func lookAtDay(_ start: Int64) -> Look {
    let date = CivilDate(daysSinceEpoch: Int(start.dividedDown(by: Self.day)))
    let (year, month, day) = date.components
    let nextMonth = month == 12 ? Self.midnight(year + 1, 1, 1) : Self.midnight(year, month + 1, 1)
    guard let found = OnCalendarExpression.firstBit(expression.dayBits(in: date), from: day, below: 32) else {
      return .startAnew(nextMonth)
    }
    let chosen = date.adding(days: found - day)
    let midnight = Int64(chosen.daysSinceEpoch) * Self.day
    let reading = max(midnight, start)
    if let detour = detour(at: reading, to: nextMonth) { return detour }
    guard expression.weekdays >> UInt64(chosen.weekday.rawValue - 1) & 1 == 1 else {
      return .startAnew(midnight + Self.day)
    }
    return lookAtHour(reading, since: midnight)
  }

  private mutating func lookAtHour(_ start: Int64, since midnight: Int64) -> Look {
    let hour = Int((start - midnight) / Self.hour)
    guard let found = OnCalendarExpression.firstBit(expression.hourBits, from: hour, below: 24) else {
      return .startAnew(midnight + Self.day)
    }
    let beginning = midnight + Int64(found) * Self.hour
    let reading = max(beginning, start)
    return detour(at: reading, to: midnight + Self.day) ?? lookAtMinute(reading, since: beginning)
  }

  private mutating func lookAtMinute(_ start: Int64, since hour: Int64) -> Look {
    let minute = Int((start - hour) / Self.minute)
    guard let found = OnCalendarExpression.firstBit(expression.minuteBits, from: minute, below: 60) else {
      return .startAnew(hour + Self.hour)
    }
    let beginning = hour + Int64(found) * Self.minute
    let reading = max(beginning, start)
    if let detour = detour(at: reading, to: hour + Self.hour) { return detour }
    guard let found = expression.firstMicrosecond(from: Int(reading - beginning)) else {
      return .startAnew(beginning + Self.minute)
    }
    return detour(at: beginning + Int64(found), to: beginning + Self.minute) ?? .found(beginning + Int64(found))
  }

  /// Where to go on when the flag does not hold at `reading`: at what the clock shows instead, where that is later, else at
  /// `elsewhere`; `nil` when it holds. A later reading begins with the unit below the one that differs.
  private mutating func detour(at reading: Int64, to elsewhere: Int64) -> Look? {
    let flag = isDaylight
    guard let shown = normalized(reading) else { return .startAnew(elsewhere) }
    if shown == reading { return nil }
    guard shown > reading else {
      isDaylight = flag
      return .startAnew(elsewhere)
    }
    let unit = [Self.day, Self.hour, Self.minute].first {
      shown.dividedDown(by: $0) != reading.dividedDown(by: $0)
    }
    return .goOn(shown.dividedDown(by: unit ?? Self.second) * (unit ?? Self.second))
  }

  /// What the clock shows at the instant that `reading` names under the flag: itself where the flag holds. A flag that is not
  /// pinned follows the clock.
  private mutating func normalized(_ reading: Int64) -> Int64? {
    guard let instant = instant(of: reading) else { return nil }
    if !isPinned { isDaylight = zone.isDaylight(at: instant) }
    return shown(at: instant)
  }

  private func shown(at instant: Int64) -> Int64 {
    instant + Int64(zone.offset(at: Instant(seconds: instant.dividedDown(by: Self.second)))) * Self.second
  }

  /// The first instant at which the clock shows `reading` while the flag holds; without one, what the offset of the nearest
  /// time with that flag makes of it; `nil` where there is none within seven years.
  private func instant(of reading: Int64) -> Int64? {
    let seconds = reading.dividedDown(by: Self.second)
    let shown = zone.instants(of: LocalTime(secondsAsUTC: seconds)).first {
      zone.span(at: $0.seconds).type.isDaylight == isDaylight
    }
    if let shown { return reading + (shown.seconds - seconds) * Self.second }
    return nearestOffset(to: seconds).map { reading - $0 * Self.second }
  }

  /// In seconds, east positive.
  private func nearestOffset(to seconds: Int64) -> Int64? {
    // As far as mktime probes: in strides of 601,200 seconds, up to one more than half of 457,243,209 seconds.
    let reach: Int64 = 381 * 601_200
    var before = zone.span(at: seconds)
    var after = before
    while true {
      if before.type.isDaylight == isDaylight { return before.offset }
      if after.type.isDaylight == isDaylight { return after.offset }
      let canGoBack = before.start > seconds - reach
      let canGoOn = after.end < seconds + reach
      guard canGoBack || canGoOn else { return nil }
      if canGoBack { before = zone.span(at: before.start - 1) }
      if canGoOn { after = zone.span(at: after.end) }
    }
  }

  private static func midnight(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    Int64(CivilDate.days(year: year, month: month, day: day)) * Self.day
  }
}

extension Zone {
  /// Whether the zone's data call the time at `instant` (microseconds) daylight saving time.
  fileprivate func isDaylight(at instant: Int64) -> Bool {
    span(at: instant.dividedDown(by: 1_000_000)).type.isDaylight
  }
}
