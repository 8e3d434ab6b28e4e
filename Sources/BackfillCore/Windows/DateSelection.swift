/// What the `dates:` of a window say, before it is worked out into a calendar.
public struct DateSelection: Sendable, Equatable {
  public let from: CivilDate
  /// Inclusive. Before `from` where the window follows the calendar and it is not said yet which day today is.
  public let to: CivilDate
  /// The last date is so many days before today, at least 0 (`yesterday`: 1): the window follows the calendar of its zone.
  /// `nil`: it is `to` for good.
  public let daysBeforeToday: Int?
  public let skipFirst: SkipFirst?
  public let except: Set<CivilDate>
  public let weekdays: Set<Weekday>
  /// The dates of `from_file`, with how many entities each should have where the file says so; `nil`: every day.
  public let listed: [CivilDate: ListedDate]?

  public init(
    from: CivilDate, to: CivilDate, skipFirst: SkipFirst? = nil, except: Set<CivilDate> = [],
    weekdays: Set<Weekday> = Set(Weekday.allCases), listed: [CivilDate: ListedDate]? = nil,
    daysBeforeToday: Int? = nil
  ) {
    self.from = from
    self.to = to
    self.skipFirst = skipFirst
    self.except = except
    self.weekdays = weekdays
    self.listed = listed
    self.daysBeforeToday = daysBeforeToday
  }

  /// The selection on the day `today`.
  public func asOf(_ today: CivilDate) -> DateSelection {
    guard let daysBeforeToday else { return self }
    return DateSelection(
      from: from, to: today.adding(days: -daysBeforeToday), skipFirst: skipFirst, except: except, weekdays: weekdays,
      listed: listed, daysBeforeToday: daysBeforeToday)
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
