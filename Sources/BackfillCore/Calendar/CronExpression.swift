/// A cron expression of five fields, as cronie 1.7.2 reads it.
///
/// Two expressions are equal when they name the same times by the same rules, however they were written: `1,2,3` and
/// `1-3` are equal, `*` and `0-59` are not (the star decides what a change of the clock does). Source: crontab(5), cron(8)
/// and `entry.c` of cronie.
public struct CronExpression: Sendable, Equatable {
  /// 0...59.
  let minutes: CronField
  /// 0...23.
  let hours: CronField
  /// 1...31.
  let daysOfMonth: CronField
  /// 1...12.
  let months: CronField
  /// 0...6, Sunday is 0.
  let daysOfWeek: CronField

  /// Whether the expression is a *wildcard job*: its minute or its hour starts with a star.
  ///
  /// A wildcard job follows the wall clock through a change (none in a gap, both passes of an overlap); a fixed job fires
  /// once for every reading it names.
  var isWildcard: Bool { minutes.startsWithStar || hours.startsWithStar }

  /// Whether this expression fires on `date`.
  ///
  /// Day of month and day of week must both match when either starts with a star, else one of them is enough.
  func matches(_ date: CivilDate) -> Bool {
    let (_, month, day) = date.components
    return months.contains(month) && matchesDay(day, sundayBased: date.weekday.rawValue % 7)
  }

  /// As `matches(_:)`, for a month that is known to match; `day` is 1...31, `weekday` 0...6 from Sunday.
  func matchesDay(_ day: Int, sundayBased weekday: Int) -> Bool {
    let isDay = daysOfMonth.contains(day)
    let isWeekday = daysOfWeek.contains(weekday)
    return daysOfMonth.startsWithStar || daysOfWeek.startsWithStar ? isDay && isWeekday : isDay || isWeekday
  }
}

/// The values of one field of a cron expression.
struct CronField: Sendable, Equatable {
  /// Bit `n` stands for the value `n`, 0...59.
  let values: UInt64
  /// Whether the text of the field starts with `*`; `*/2` counts.
  let startsWithStar: Bool

  func contains(_ value: Int) -> Bool {
    values >> UInt64(value) & 1 == 1
  }

  /// The smallest value that is at least `value`; `nil` when there is none. `value` is 0...63.
  func first(from value: Int) -> Int? {
    let rest = values >> UInt64(value)
    return rest == 0 ? nil : value + rest.trailingZeroBitCount
  }
}
