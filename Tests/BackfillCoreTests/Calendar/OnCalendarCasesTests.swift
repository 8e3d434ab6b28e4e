import BackfillCore
import Testing

@Suite("OnCalendar reference cases") struct OnCalendarCasesTests {
  @Test func `the file holds 185 cases`() throws {
    #expect(try CalendarCase.load("oncalendar_public.json").count == 185)
  }

  @Test(arguments: try CalendarCase.load("oncalendar_public.json"))
  func `an expression names exactly the instants of its reference`(_ reference: CalendarCase) throws {
    guard let expected = reference.expected else {
      #expect(throws: CalendarSyntaxError.self) {
        try OnCalendarExpression.parse(reference.expr, isZoneName: SystemZones.exists)
      }
      return
    }
    let expression = try OnCalendarExpression.parse(reference.expr, isZoneName: SystemZones.exists)
    let zone = try SystemZones.zone(expression.zoneName ?? reference.tz)
    var instant = CalendarInstant(try #require(Instant(iso: reference.base)))
    var found: [String] = []
    while found.count < reference.n ?? expected.count, let next = expression.next(after: instant, in: zone) {
      found.append(Instant(seconds: next.seconds).description)
      instant = next
    }
    #expect(found == expected)
  }

  @Test(arguments: try CalendarCase.load("oncalendar_public.json").filter { $0.normalized != nil })
  func `the canonical text is the normalized form of systemd`(_ reference: CalendarCase) throws {
    let expression = try OnCalendarExpression.parse(reference.expr, isZoneName: SystemZones.exists)
    #expect(expression.description == reference.normalized)
    #expect(try OnCalendarExpression.parse(expression.description) == expression)
  }
}
