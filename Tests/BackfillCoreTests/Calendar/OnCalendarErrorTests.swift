import BackfillCore
import Testing

@Suite("OnCalendar errors") struct OnCalendarErrorTests {
  struct Refused: Sendable, CustomTestStringConvertible {
    let text: String
    let error: CalendarSyntaxError
    var testDescription: String { text }

    init(_ text: String, _ position: Int, _ message: String, _ hint: String? = nil) {
      self.text = text
      error = CalendarSyntaxError(position: position, message: message, hint: hint)
    }
  }

  static let bounds: [Refused] = [
    Refused("*-13-01", 2, "month: `13` is outside 1-12"), Refused("*-0-1", 2, "month: `0` is outside 1-12"),
    Refused("*-*-32", 4, "day: `32` is outside 1-31"), Refused("*-*-1..32", 4, "day: `1..32` is outside 1-31"),
    Refused("*-*~29", 4, "day: `29` is outside 1-28 (days from the end of the month)"),
    Refused("1969-1-1", 0, "year: `1969` is outside 1970-2199"),
    Refused("9999999999-01-01", 0, "year: `9999999999` is outside 1970-2199"),
    Refused("24:00", 0, "hour: `24` is outside 0-23"), Refused("12:60", 3, "minute: `60` is outside 0-59"),
    Refused("23:59:60", 6, "second: `60` is outside 0-59"),
    Refused("23:59:59.9999999", 6, "second: `59.9999999` is outside 0-59"),
    Refused("*-*-7..1", 4, "day: `7..1` runs backwards"), Refused("*-*~7..1", 4, "day: `7..1` runs backwards"),
    Refused("*:*:9..5", 4, "second: `9..5` runs backwards"),
    Refused("*:*:5..5.5", 4, "second: `5..5.5` is shorter than a second"),
    Refused("*:59/1", 2, "minute: `59/1` never repeats", "leave the step out"),
    Refused("*-*~5/5", 4, "day: `5/5` never repeats", "leave the step out"), Refused("*:0/0", 4, "a step is not 0"),
    Refused("@4102444800999", 1, "`@4102444800999` lies after the year 2199"),
  ]

  static let grammar: [Refused] = [
    Refused("*:*/5", 3, "`*` takes no step", "`0/15` for minutes, `1/2` for days and months"),
    Refused("*,1:00", 1, "`,` where `-` in a date, or `:` in a time is expected"),
    Refused("1,*:00", 2, "`*` where a number is expected"), Refused("1..", 3, "a number is missing"),
    Refused("1..:00", 3, "`:` where a number is expected"), Refused("2026-", 5, "a number is missing"),
    Refused("5", 1, "ends where `:` after the hour is expected"),
    Refused("1-2-3-4", 5, "`-` where a blank after the date is expected"),
    Refused("*-*-1~", 5, "`~` where a blank after the date is expected"),
    Refused("1~2-3", 3, "`-` where the end of the date is expected"),
    Refused("*:*:*:*", 5, "`:` where the end after the second is expected"),
    Refused("12:30:", 6, "a number is missing"), Refused("12:30:1.", 8, "a decimal is missing"),
    Refused("12.5:00", 2, "`.` does not belong here"), Refused("12:00\n", 5, "`\u{FFFD}` does not belong here"),
    Refused("12:00é", 5, "`é` does not belong here"),
    Refused("12:00 ", 5, "a blank where `:` or the end after the minute is expected"),
    Refused(" 12:00", 0, "a blank before the schedule"),
    Refused("-01-01", 0, "`-` where a number is expected"), Refused("+1h", 0, "`+` where a number is expected"),
    Refused("@-5x", 3, "`@` takes whole seconds since 1970-01-01 00:00:00 UTC"),
    Refused("@-5", 1, "`-5` lies before the year 1970"),
    Refused("@+ 5", 2, "`@` takes whole seconds since 1970-01-01 00:00:00 UTC"),
    Refused("@5 12:00", 2, "`@` takes whole seconds since 1970-01-01 00:00:00 UTC"),
    Refused("", 0, "the schedule is empty", "`*-*-* 01:00` is every day at 01:00"),
  ]

  static let words: [Refused] = [
    Refused(
      "Sat..Mon 06:00", 0, "`Sat..Mon` runs backwards", "a week begins on Monday: write `Mon,Sat..Sun`"),
    Refused("Mon,Sun..Tue 6:0", 4, "`Sun..Tue` runs backwards", "a week begins on Monday: write `Mon..Tue,Sun`"),
    Refused("dayly", 0, "`dayly` is not a weekday, a date, a time or a shorthand", "did you mean `daily`?"),
    Refused(
      "Hourl Europe/Berlin", 0, "`Hourl` is not a weekday, a date, a time or a shorthand", "did you mean `hourly`?"),
    Refused("Mond 1:00", 0, "`Mond` is not a weekday", "`Mon` or `Monday`"),
    Refused("Mon/2", 0, "`Mon/2` is not a weekday", "`Mon` or `Monday`"),
    Refused("Mon..", 5, "the last day of a range is missing"),
    Refused("Mon..Tue..Wed", 8, "a weekday is followed by `,` or `..`"),
    Refused("Mon,,Tue 10:00", 4, "a weekday is missing"),
    Refused(
      "Foo *-*-*", 0, "`Foo` is not a weekday, a date, a time or a shorthand",
      "`Mon..Fri 01:00`, `*-*-01 01:00`, `daily`"),
    Refused(
      "daily 12:00", 6, "nothing but a time zone may follow `daily`", "`*-*-* 12:00` is every day at 12:00"),
    Refused("2026-01-01T00:00:00", 10, "`T` does not stand between date and time", "write a blank"),
    Refused(
      "*-*-* 00:00:00 +02:00", 15, "an offset is not a time zone", "a name of tzdata, `Europe/Berlin`, or `UTC`"),
    Refused(
      "*-*-* 12:00 Nowhere", 12, "`Nowhere` is not a time zone", "a name of tzdata, `America/New_York`, or `UTC`"),
    Refused("12:00 EDT", 6, "`EDT` is not a time zone", "a name of tzdata, `America/New_York`, or `UTC`"),
  ]

  static let monthEnds: [Refused] = [
    Refused(
      "*-*~26,1", 4, "day: `26` as number 2 of a list of days from the end of the month is above 25", monthEndHint),
    Refused(
      "*-*~1,2..26", 6, "day: `2..26` as number 2 of a list of days from the end of the month is above 25",
      monthEndHint),
    Refused(
      "*-*~23,2,1", 4, "day: `23` as number 3 of a list of days from the end of the month is above 22", monthEndHint),
    Refused(
      "*-*~1,2,3,4,5,6,7,8", 18, "day: `8` as number 8 of a list of days from the end of the month is above 7",
      monthEndHint),
  ]
  private static let monthEndHint =
    "systemd takes 28 for the lowest and 3 less for each further one: a range or a step counts once"

  @Test(arguments: bounds + grammar + words + monthEnds)
  func `what is wrong is said with its place and what to write instead`(_ refused: Refused) {
    #expect(throws: refused.error) { try OnCalendarExpression.parse(refused.text, isZoneName: SystemZones.exists) }
  }

  @Test func `any text is read or refused at a place inside it`() {
    var random = FixedRandom(seed: 5)
    let alphabet = Array("0123456789*/-,~:.@ MonTuesdayUTC\u{1F600}\n")
    for _ in 0..<30_000 {
      let length = Int.random(in: 0...24, using: &random)
      let text = String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
      do {
        _ = try CalendarExpression.parse(text)
      } catch {
        if !(0...text.count).contains(error.position) || error.message.contains("\n") { Issue.record("`\(text)`") }
      }
    }
  }

  @Test func `a list of thousands of items is refused`() {
    let text = "*:" + Array(repeating: "5", count: 5000).joined(separator: ",")
    #expect(throws: CalendarSyntaxError(position: 485, message: "a list has at most 241 items")) {
      try OnCalendarExpression.parse(text)
    }
  }

  // systemd 252 counts from 0 and compares with 240.
  @Test func `a list of 241 items is read`() throws {
    let text = "*:" + Array(repeating: "5", count: 241).joined(separator: ",")
    #expect(try OnCalendarExpression.parse(text).description == "*-*-* *:05:00")
  }
}
