import BackfillCore
import Testing

/// Expressions that end with a short name of the default zone's time. Every answer is that of systemd 252.
@Suite("OnCalendar and the short names of a zone") struct OnCalendarAbbreviationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let expression: String
    let zone: String
    let base: String
    let named: [String]
    /// Whether it ends with the last of `named`.
    let isAll: Bool
    var testDescription: String { "\(expression) in \(zone) after \(base)" }

    init(_ expression: String, _ zone: String, _ base: String, _ named: [String], isAll: Bool = false) {
      self.expression = expression
      self.zone = zone
      self.base = base
      self.named = named
      self.isAll = isAll
    }
  }

  static let cases: [Case] = [
    Case("daily JST", "Asia/Tokyo", "2026-01-15T10:07:00Z", ["2026-01-15T15:00:00Z", "2026-01-16T15:00:00Z"]),
    Case("daily +0545", "Asia/Kathmandu", "2026-01-15T10:07:00Z", ["2026-01-15T18:15:00Z"]),
    Case("daily -03", "America/Sao_Paulo", "2026-01-15T10:07:00Z", ["2026-01-16T03:00:00Z"]),
    Case("daily mst", "America/Phoenix", "2026-01-15T10:07:00Z", ["2026-01-16T07:00:00Z"]),
    Case("daily EDT", "America/New_York", "2026-07-15T10:07:00Z", ["2026-07-16T04:00:00Z"]),
    Case("daily EST", "America/New_York", "2026-07-15T10:07:00Z", [], isAll: true),
    Case("12:00 GMT", "Europe/London", "2026-07-15T10:07:00Z", [], isAll: true),
    Case(
      "daily CET", "Europe/Berlin", "2026-03-27T10:07:00Z", ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z"],
      isAll: true),
    // A name of the past: the zone never shows it again.
    Case("daily JDT", "Asia/Tokyo", "2026-01-15T10:07:00Z", [], isAll: true),
    // The summer is never looked at.
    Case(
      "yearly EST", "America/New_York", "2026-01-15T10:07:00Z", ["2027-01-01T05:00:00Z", "2028-01-01T05:00:00Z"]),
    Case(
      "*-12-25 EST", "America/New_York", "2026-01-15T10:07:00Z", ["2026-12-25T05:00:00Z", "2027-12-25T05:00:00Z"]),
    Case("*-7-1 EST", "America/New_York", "2026-01-15T10:07:00Z", [], isAll: true),
    Case(
      "monthly AEDT", "Australia/Sydney", "2026-02-10T00:00:00Z", ["2026-02-28T13:00:00Z", "2026-03-31T13:00:00Z"],
      isAll: true),
    Case(
      "12:00 GMT", "Europe/Dublin", "2026-03-27T10:07:00Z", ["2026-03-27T12:00:00Z", "2026-03-28T12:00:00Z"],
      isAll: true),
    // One more after the change where the second pass has nothing left.
    Case(
      "1:30 EDT", "America/New_York", "2026-10-31T12:00:00Z", ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
      isAll: true),
    // America/Chihuahua has no daylight saving time since 2022, and its MDT had the offset that CST has now.
    Case("*-3/3-5 2:30 MDT", "America/Chihuahua", "2026-09-20T02:03:08Z", ["2026-12-05T08:30:00Z"]),
    Case("@5 CET", "Europe/Berlin", "1970-01-01T00:00:00Z", ["1970-01-01T00:00:05Z"], isAll: true),
    Case("*:*:41.0005 JST", "Asia/Tokyo", "2026-01-15T10:07:41Z", ["2026-01-15T10:07:41.000500Z"]),
  ]

  @Test(arguments: cases) func `the schedule goes on while its flag holds where systemd looks`(_ it: Case) throws {
    let zone = try SystemZones.zone(it.zone)
    let expression = try CalendarExpression.parse(it.expression, abbreviations: zone.abbreviations)
    var instant = CalendarInstant(try #require(Instant(iso: it.base)))
    var found: [String] = []
    while found.count < it.named.count + (it.isAll ? 1 : 0), let next = expression.next(after: instant, in: zone) {
      found.append(next.description)
      instant = next
    }
    #expect(found == it.named)
  }

  @Test(arguments: [
    ("America/New_York", ["EST", "EDT"], [false, true]), ("Asia/Tokyo", ["JST", "JDT"], [false, true]),
    ("Asia/Kathmandu", ["+0545"], [false]), ("UTC", ["UTC"], [false]),
    ("Europe/London", ["GMT", "BST"], [false, true]),
    ("Australia/Lord_Howe", ["+1030", "+11"], [false, true]), ("Africa/Casablanca", ["+01", "+00"], [false, true]),
    ("Europe/Moscow", ["MSK", "MSD"], [false, true]),
  ])
  func `a zone has the names that tzname has`(_ name: String, _ names: [String], _ isDaylight: [Bool]) throws {
    let abbreviations = try SystemZones.zone(name).abbreviations
    #expect(abbreviations.map(\.name) == names)
    #expect(abbreviations.map(\.isDaylight) == isDaylight)
  }

  @Test func `a short name wins over the zone of tzdata that is called the same`() throws {
    let abbreviations = try SystemZones.zone("America/New_York").abbreviations
    let pinned = try CalendarExpression.parse("daily est", isZoneName: SystemZones.exists, abbreviations: abbreviations)
    #expect(pinned.zoneName == nil)
    #expect(pinned.abbreviation?.name == "EST")
    #expect(pinned.description == "*-*-* 00:00:00 EST")
    let again = try CalendarExpression.parse(pinned.description, abbreviations: abbreviations)
    #expect(again == pinned)
    let other = try CalendarExpression.parse("daily EST", isZoneName: SystemZones.exists)
    #expect(other.zoneName == "EST")
    #expect(other != pinned)
  }

  @Test(arguments: ["EDT", " EDT", "12:00 EDT EDT", "12:00EDT"])
  func `a short name alone, twice or without a blank is no schedule`(_ text: String) throws {
    let abbreviations = try SystemZones.zone("America/New_York").abbreviations
    #expect(throws: CalendarSyntaxError.self) {
      try CalendarExpression.parse(text, isZoneName: SystemZones.exists, abbreviations: abbreviations)
    }
  }

  @Test func `UTC is UTC in a zone whose own time is called so`() throws {
    let expression = try CalendarExpression.parse("daily utc", abbreviations: Zone.utc.abbreviations)
    #expect(expression.zoneName == "UTC")
    #expect(expression.abbreviation == nil)
  }
}
