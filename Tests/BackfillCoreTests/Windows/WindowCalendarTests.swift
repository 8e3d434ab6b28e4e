import BackfillCore
import BackfillTestKit
import Testing

@Suite struct WindowCalendarTests {
  private func dates(_ selection: DateSelection) -> [String] {
    WindowCalendar(selection).dates.map { "\($0.date)\($0.isBootstrap ? " bootstrap" : "")" }
  }

  @Test func `both ends belong to the calendar`() {
    #expect(
      dates(DateSelection(from: day("2013-01-30"), to: day("2013-02-01")))
        == ["2013-01-30", "2013-01-31", "2013-02-01"])
  }

  @Test func `excepted dates are left out`() {
    let selection = DateSelection(
      from: day("2013-01-30"), to: day("2013-02-01"), except: [day("2013-01-31")])
    #expect(dates(selection) == ["2013-01-30", "2013-02-01"])
  }

  @Test func `only the named weekdays are kept`() {
    let selection = DateSelection(
      from: day("2013-02-01"), to: day("2013-02-07"), weekdays: [.saturday, .sunday])
    #expect(dates(selection) == ["2013-02-02", "2013-02-03"])
  }

  @Test func `a listed calendar keeps its counts and nothing outside from and to`() {
    let selection = DateSelection(
      from: day("2013-02-01"), to: day("2013-02-07"),
      listed: [
        day("2013-02-05"): ListedDate(count: 16), day("2013-02-02"): ListedDate(), day("2013-03-01"): ListedDate(),
      ])
    let calendar = WindowCalendar(selection)
    #expect(calendar.dates.map(\.date) == [day("2013-02-02"), day("2013-02-05")])
    #expect(calendar.dates.map(\.count) == [nil, 16])
  }

  @Test func `skip_first in days counts days of the calendar year`() {
    let selection = DateSelection(
      from: day("2013-02-01"), to: day("2013-02-04"), skipFirst: .days(2), except: [day("2013-02-01")])
    #expect(dates(selection) == ["2013-02-02 bootstrap", "2013-02-03", "2013-02-04"])
  }

  @Test func `skip_first in dates counts dates that the calendar has`() {
    let selection = DateSelection(
      from: day("2013-02-01"), to: day("2013-02-04"), skipFirst: .dates(2), except: [day("2013-02-01")])
    #expect(dates(selection) == ["2013-02-02 bootstrap", "2013-02-03 bootstrap", "2013-02-04"])
  }

  @Test func `the dates before a date leave the bootstrap out`() {
    let calendar = WindowCalendar(
      DateSelection(from: day("2013-02-01"), to: day("2013-02-09"), skipFirst: .dates(3)))
    #expect(calendar.workDates(before: day("2013-02-06"), last: 4) == [day("2013-02-04"), day("2013-02-05")])
  }

  @Test func `the dates that ranges name come in order and once, whatever the order and overlap of the ranges`() {
    let calendar = WindowCalendar(
      DateSelection(from: day("2013-02-01"), to: day("2013-02-28"), except: [day("2013-02-03")]))
    let ranges = [("02-20", "02-21"), ("02-02", "02-04"), ("02-01", "02-02"), ("02-20", "02-20"), ("02-27", "03-09")]
      .map { DateRange(from: day("2013-\($0)"), to: day("2013-\($1)")) }
    #expect(
      calendar.dates(named: ranges)
        == ["02-01", "02-02", "02-04", "02-20", "02-21", "02-27", "02-28"].map { day("2013-\($0)") })
    #expect(calendar.dates(named: []) == [])
  }

  @Test func `a range that spans another names the dates after the other's end too`() {
    let calendar = WindowCalendar(DateSelection(from: day("2013-02-01"), to: day("2013-02-05")))
    let ranges = [("02-01", "02-05"), ("02-02", "02-03")]
      .map { DateRange(from: day("2013-\($0)"), to: day("2013-\($1)")) }
    #expect(calendar.dates(named: ranges).count == 5)
  }

  /// As many ranges as fit into a body, each over the whole of a long window: 1,500 times 100,000 dates.
  @Test(.timeLimit(.minutes(1))) func `many ranges over a long window take one pass`() {
    let first = day("1801-01-01")
    let last = first.adding(days: 99_999)
    let calendar = WindowCalendar(DateSelection(from: first, to: last))
    let ranges = Array(repeating: DateRange(from: first, to: last), count: 1_500)
    #expect(calendar.dates(named: ranges).count == 100_000)
  }
}
