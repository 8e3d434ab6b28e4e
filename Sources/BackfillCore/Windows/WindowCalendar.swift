/// The dates a window covers, after exclusions, in calendar order.
public struct WindowCalendar: Sendable, Equatable {
  public let dates: [CalendarDate]
  /// How many of them are to be computed: the calendar without the bootstrap.
  public let workDateCount: Int
  private let positions: [CivilDate: Int]

  /// Works out `selection`: every day (or every listed day) from `from` to `to`, less weekdays and exceptions.
  ///
  /// The dates of `skip_first` stay in the calendar with `isBootstrap` set: they are recorded as skipped, not forgotten.
  public init(_ selection: DateSelection) {
    var kept: [(date: CivilDate, count: Int?)] = []
    if let listed = selection.listed {
      for (date, entry) in listed where date >= selection.from && date <= selection.to {
        kept.append((date, entry.count))
      }
      kept.sort { $0.date < $1.date }
    } else if selection.from <= selection.to {
      for day in selection.from.daysSinceEpoch...selection.to.daysSinceEpoch {
        kept.append((CivilDate(daysSinceEpoch: day), nil))
      }
    }
    kept.removeAll { selection.except.contains($0.date) || !selection.weekdays.contains($0.date.weekday) }
    dates = kept.enumerated().map { index, entry in
      CalendarDate(
        date: entry.date, count: entry.count,
        isBootstrap: Self.isBootstrap(entry.date, at: index, in: selection))
    }
    workDateCount = dates.count { !$0.isBootstrap }
    positions = Dictionary(uniqueKeysWithValues: dates.enumerated().map { ($1.date, $0) })
  }

  /// The dates that are to be computed: the calendar without the bootstrap.
  public var workDates: [CalendarDate] { dates.filter { !$0.isBootstrap } }

  /// The entry of `date`, or `nil` when the window does not cover it.
  public subscript(date: CivilDate) -> CalendarDate? {
    positions[date].map { dates[$0] }
  }

  /// The place of `date` among `dates`, or `nil` when the window does not cover it.
  public func position(of date: CivilDate) -> Int? { positions[date] }

  /// The last `count` dates to be computed before `date`, nearest last.
  public func workDates(before date: CivilDate, last count: Int) -> [CivilDate] {
    var end = positions[date] ?? dates.firstIndex { $0.date >= date } ?? dates.count
    var found: [CivilDate] = []
    while end > 0, found.count < count {
      end -= 1
      if !dates[end].isBootstrap { found.append(dates[end].date) }
    }
    return found.reversed()
  }

  /// The dates that one of `ranges` names, in order, each once.
  ///
  /// One pass over the calendar however many ranges there are: the scheduler's loop asks this with what a request brought.
  public func dates(named ranges: [DateRange]) -> [CivilDate] {
    var rest = ranges.sorted { $0.from < $1.from }[...]
    var end: CivilDate?
    return dates.lazy.map(\.date).filter { date in
      while let next = rest.first, next.from <= date {
        end = max(end ?? next.to, next.to)
        rest.removeFirst()
      }
      return end.map { date <= $0 } ?? false
    }
  }

  private static func isBootstrap(_ date: CivilDate, at index: Int, in selection: DateSelection) -> Bool {
    switch selection.skipFirst {
    case nil: false
    case .days(let days): date < selection.from.adding(days: days)
    case .dates(let count): index < count
    }
  }
}

/// One date of a window's calendar.
public struct CalendarDate: Sendable, Equatable {
  public let date: CivilDate
  /// How many entities the date should have, from outside the steps; `nil` where nobody said.
  public let count: Int?
  /// Recorded as skipped because of `skip_first`.
  public let isBootstrap: Bool
}
