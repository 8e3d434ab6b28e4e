/// What the `dates:` of a window say, before it is worked out into a calendar.
public struct DateSelection: Sendable, Equatable {
  public let from: CivilDate
  /// Inclusive. Before `from` where the window follows the calendar and it is not said yet which day today is.
  public private(set) var to: CivilDate
  /// The last date is so many days before today, at least 0 (`yesterday`: 1): the window follows the calendar of its zone.
  /// `nil`: it is `to` for good.
  public let daysBeforeToday: Int?
  /// The program that prints the dates, and its arguments; `nil`: none.
  public let command: [String]?
  public let skipFirst: SkipFirst?
  public let except: Set<CivilDate>
  public let weekdays: Set<Weekday>
  /// The dates of `from_file`, or of the last good run of `command`, with how many entities each should have where that is
  /// said; `nil`: every day.
  public private(set) var listed: [CivilDate: ListedDate]?

  public init(
    from: CivilDate, to: CivilDate, skipFirst: SkipFirst? = nil, except: Set<CivilDate> = [],
    weekdays: Set<Weekday> = Set(Weekday.allCases), listed: [CivilDate: ListedDate]? = nil,
    daysBeforeToday: Int? = nil, command: [String]? = nil
  ) {
    self.from = from
    self.to = to
    self.skipFirst = skipFirst
    self.except = except
    self.weekdays = weekdays
    self.listed = listed
    self.daysBeforeToday = daysBeforeToday
    self.command = command
  }

  /// The selection on the day `today`, with the dates that its command printed.
  public func asOf(_ today: CivilDate, printed: CommandCalendar? = nil) -> DateSelection {
    var selection = self
    if let daysBeforeToday { selection.to = today.adding(days: -daysBeforeToday) }
    if command != nil { selection.listed = printed?.dates ?? [:] }
    return selection
  }
}

/// One line of a calendar file.
public struct ListedDate: Sendable, Equatable {
  /// How many entities the date should have, from outside the steps; `nil` when the line is a bare date.
  public let count: Int?

  public init(count: Int? = nil) {
    self.count = count
  }
}

/// How much of the start of a window is recorded as skipped (a bootstrap).
public enum SkipFirst: Sendable, Equatable {
  /// Days since `from`, whether or not the calendar has them (`14d`).
  case days(Int)
  /// Dates of the calendar (`14`).
  case dates(Int)
}
