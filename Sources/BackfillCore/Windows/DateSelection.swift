/// What the `dates:` of a window say, before it is worked out into a calendar.
public struct DateSelection: Sendable, Equatable {
  public let from: CivilDate
  public let to: CivilDate
  public let skipFirst: SkipFirst?
  public let except: Set<CivilDate>
  public let weekdays: Set<Weekday>
  /// The dates of `from_file`, with how many entities each should have where the file says so; `nil`: every day.
  public let listed: [CivilDate: ListedDate]?

  public init(
    from: CivilDate, to: CivilDate, skipFirst: SkipFirst? = nil, except: Set<CivilDate> = [],
    weekdays: Set<Weekday> = Set(Weekday.allCases), listed: [CivilDate: ListedDate]? = nil
  ) {
    self.from = from
    self.to = to
    self.skipFirst = skipFirst
    self.except = except
    self.weekdays = weekdays
    self.listed = listed
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
