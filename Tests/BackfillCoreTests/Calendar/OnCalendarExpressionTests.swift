import BackfillCore
import Testing

@Suite("OnCalendar expressions") struct OnCalendarExpressionTests {
  @Test(arguments: [
    ("*:*:0/1,5", "*-*-* *:*:*"), ("*:*:0/1,5.5", "*-*-* *:*:00/1,05.500000"),
    ("12:00:00.1234567", "*-*-* 12:00:00.123457"),
    ("*-*-5..6/3", "*-*-05 00:00:00"), ("*:0..5/90", "*-*-* *:00:00"), ("70..30-1-1", "1970..2030-01-01 00:00:00"),
    ("*-*~*", "*-*-* 00:00:00"), ("Mon-Wed,Fri", "Mon..Wed,Fri *-*-* 00:00:00"), ("Mon..Sun 1:0", "*-*-* 01:00:00"),
    ("3,1,1:0", "*-*-* 01,03:00:00"), ("@5", "1970-01-01 00:00:05 UTC"),
    ("@ 5", "1970-01-01 00:00:05 UTC"), ("@+5", "1970-01-01 00:00:05 UTC"), ("@\t+5", "1970-01-01 00:00:05 UTC"),
    ("@-0", "1970-01-01 00:00:00 UTC"), ("Mon @ 5", "Mon 1970-01-01 00:00:05 UTC"), ("*-*~25,1", "*-*~01,25 00:00:00"),
    ("*-*~1,1,1,25", "*-*~01,25 00:00:00"), ("*-*~1,2,3,4,5,6,7", "*-*~01,02,03,04,05,06,07 00:00:00"),
    ("*-*~1..28", "*-*~01..28 00:00:00"), ("Mon @5", "Mon 1970-01-01 00:00:05 UTC"),
    ("12:00 utc", "*-*-* 12:00:00 UTC"), ("*-*~5/2,1..3", "*-*~01..03,05/2 00:00:00"),
    ("*:*:0.5..10", "*-*-* *:*:00.500000..09.500000"),
  ])
  func `an expression has one canonical text`(_ text: String, _ canonical: String) throws {
    #expect(try CalendarExpression.parse(text).description == canonical)
  }

  @Test func `three thousand generated expressions read the same after printing`() throws {
    var random = FixedRandom(seed: 6)
    var read = 0
    for _ in 0..<3000 {
      let text = OnCalendarGenerator.expression(&random, mayBeOpen: true)
      let expression: OnCalendarExpression
      do {
        expression = try OnCalendarExpression.parse(text)
      } catch {
        continue
      }
      read += 1
      let again = try OnCalendarExpression.parse(expression.description)
      if again != expression || again.description != expression.description { Issue.record("`\(text)`") }
    }
    #expect(read > 2000)
  }

  @Test(arguments: [
    ("12:00", nil), ("12:00 UTC", "UTC"), ("12:00 Europe/Berlin", "Europe/Berlin"), ("daily utc", "UTC"), ("@5", "UTC"),
    ("12:00 EST", "EST"), ("0 1 * * *", nil),
  ])
  func `an expression says which zone it names`(_ text: String, _ name: String?) throws {
    #expect(try CalendarExpression.parse(text, isZoneName: SystemZones.exists).zoneName == name)
  }

  @Test func `a word that could be a zone is taken as one until its file is asked for`() throws {
    #expect(try CalendarExpression.parse("12:00 Mars/Base").zoneName == "Mars/Base")
  }

  @Test func `an expression in UTC is read in UTC whatever zone is given`() throws {
    let zone = try SystemZones.zone("Asia/Tokyo")
    let base = try #require(Instant(iso: "2026-01-01T00:00:00Z"))
    let next = try CalendarExpression.parse("12:00 UTC").next(after: base, in: zone)
    #expect(next == Instant(iso: "2026-01-01T12:00:00Z"))
  }

  @Test func `for a clock of milliseconds fractions of a second are rounded up`() throws {
    let base = try #require(Instant(iso: "2026-01-01T00:00:00Z"))
    let next = try CalendarExpression.parse("*:*:30.1239").next(after: base, in: .utc)
    #expect(next == Instant(iso: "2026-01-01T00:00:30.124Z"))
  }

  @Test func `fractions of a second are named to the microsecond`() throws {
    let expression = try CalendarExpression.parse("*:*:41.0005,3.5")
    var instant = CalendarInstant(try #require(Instant(iso: "2026-01-01T00:00:03.500Z")))
    var found: [String] = []
    for _ in 0..<4 {
      instant = try #require(expression.next(after: instant, in: .utc))
      found.append(instant.description)
    }
    #expect(
      found == [
        "2026-01-01T00:00:41.000500Z", "2026-01-01T00:01:03.500Z", "2026-01-01T00:01:41.000500Z",
        "2026-01-01T00:02:03.500Z",
      ])
  }

  @Test func `a firing less than a millisecond after the second it is asked from is not lost`() throws {
    let expression = try CalendarExpression.parse("*:*:41.0005")
    let base = try #require(Instant(iso: "2026-01-01T10:07:41Z"))
    let next = try #require(expression.next(after: base, in: .utc))
    #expect(next == Instant(iso: "2026-01-01T10:07:41.001Z"))
    #expect(expression.next(after: next, in: .utc) == Instant(iso: "2026-01-01T10:08:41.001Z"))
  }

  @Test(arguments: [
    (-1, "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z"),
    (1500, "1970-01-01T00:00:00.001500Z", "1970-01-01T00:00:00.002Z"),
    (2_000_000, "1970-01-01T00:00:02Z", "1970-01-01T00:00:02Z"),
    (-1_000, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
  ])
  func `an instant is written to the microsecond and rounded up to a millisecond`(
    _ microseconds: Int64, _ text: String, _ roundedUp: String
  ) {
    let instant = CalendarInstant(microseconds: microseconds)
    #expect(instant.description == text)
    #expect(instant.roundedUp.description == roundedUp)
  }

  @Test func `steps below a millisecond fire once a millisecond`() throws {
    let expression = try CalendarExpression.parse("*:*:0/0.0001")
    let base = try #require(Instant(iso: "2026-01-01T00:00:00.005Z"))
    #expect(expression.next(after: base, in: .utc) == Instant(iso: "2026-01-01T00:00:00.006Z"))
  }

  @Test(arguments: ["*-02-30", "2025-01-01", "@0", "Sun 2026-06-01"])
  func `a schedule that is over or never comes names nothing`(_ text: String) throws {
    let base = try #require(Instant(iso: "2026-01-01T00:00:00Z"))
    #expect(try CalendarExpression.parse(text).next(after: base, in: .utc) == nil)
  }

  @Test func `a date more than a century away is found`() throws {
    let base = try #require(Instant(iso: "2026-01-01T00:00:00Z"))
    let next = try CalendarExpression.parse("2199-12-31 23:59:59").next(
      after: base, in: SystemZones.zone("America/New_York"))
    #expect(next == Instant(iso: "2200-01-01T04:59:59Z"))
  }

  @Test(arguments: [Int64.min / 1000, -1_000_000, 7_258_000_000, 8_000_000_000, Int64.max / 1000])
  func `a base out of all proportion is answered`(_ seconds: Int64) throws {
    let next = try CalendarExpression.parse("daily").next(after: Instant(seconds: seconds), in: .utc)
    let expected =
      seconds < 0 ? Instant(seconds: 0) : seconds < 7_258_100_000 ? Instant(iso: "2199-12-31T00:00:00Z") : nil
    #expect(next == expected)
  }

  @Test func `a second pass has no firing, whatever its part that is asked from`() throws {
    let zone = try SystemZones.zone("America/New_York")
    let expression = try CalendarExpression.parse("*:0/30")
    let end = Instant(iso: "2026-11-01T07:00:00Z")
    for base in ["2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:10:00Z", "2026-11-01T06:59:59Z"] {
      #expect(expression.next(after: try #require(Instant(iso: base)), in: zone) == end)
    }
  }

  @Test func `readings right after a gap of two hours are not lost`() throws {
    let zone = try SystemZones.zone("Antarctica/Troll")
    let base = try #require(Instant(iso: "2026-03-29T00:30:00Z"))
    let next = try CalendarExpression.parse("2,3:15").next(after: base, in: zone)
    #expect(next == Instant(iso: "2026-03-29T01:15:00Z"))
  }

  @Test func `a repetition begins again with its field`() throws {
    let base = try #require(Instant(iso: "2025-12-31T12:00:00Z"))
    let next = try CalendarExpression.parse("*-*-06/8").next(after: base, in: .utc)
    #expect(next == Instant(iso: "2026-01-06T00:00:00Z"))
  }
}

@Suite("The dialect of an expression") struct CalendarDialectTests {
  @Test(arguments: ["0 1 * * *", "@daily", "  0 1 * * *  "])
  func `five fields and nicknames are cron`(_ text: String) throws {
    guard case .cron = try CalendarExpression.parse(text) else {
      Issue.record("not cron")
      return
    }
  }

  @Test(arguments: ["daily", "@5", "Mon..Fri 01:00", "*-*-* 01:00:00 UTC", "Wed, *-*-* 1:00 UTC"])
  func `everything else is OnCalendar`(_ text: String) throws {
    guard case .onCalendar = try CalendarExpression.parse(text) else {
      Issue.record("not OnCalendar")
      return
    }
  }

  @Test(arguments: [("0 1 * *", 7, 4), ("*/5 * *", 7, 3), ("0 1", 3, 2)])
  func `cron with too few fields is told so`(_ text: String, _ position: Int, _ count: Int) {
    let message = "\(count) fields where cron has 5: minute, hour, day of month, month, day of week"
    #expect(throws: CalendarSyntaxError(position: position, message: message)) { try CalendarExpression.parse(text) }
  }
}
