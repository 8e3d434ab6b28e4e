/// A wall-clock reading without a zone: a civil date and the second of that day, 0...86,399.
public struct LocalTime: Hashable, Comparable, Sendable {
  public let date: CivilDate
  /// Seconds since 00:00:00 of `date`, 0...86,399.
  public let secondOfDay: Int

  /// Makes the reading; `secondOfDay` is 0...86,399.
  public init(date: CivilDate, secondOfDay: Int) {
    self.date = date
    self.secondOfDay = secondOfDay
  }

  public var hour: Int { secondOfDay / 3600 }
  public var minute: Int { secondOfDay / 60 % 60 }
  public var second: Int { secondOfDay % 60 }

  /// Seconds since 1970-01-01T00:00:00 if this reading were UTC.
  public var secondsAsUTC: Int64 { Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay) }

  /// The reading that `secondsAsUTC` stands for.
  public init(secondsAsUTC seconds: Int64) {
    let days = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
    self.init(date: CivilDate(daysSinceEpoch: Int(days)), secondOfDay: Int(seconds - days * 86_400))
  }

  public static func < (left: LocalTime, right: LocalTime) -> Bool {
    (left.date, left.secondOfDay) < (right.date, right.secondOfDay)
  }
}
