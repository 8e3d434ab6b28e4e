import BackfillCore
import Testing

@Suite("Cron reference cases") struct CronCasesTests {
  @Test func `the file holds 247 cases`() throws {
    #expect(try CalendarCase.load("cron_public.json").count == 247)
  }

  @Test(arguments: try CalendarCase.load("cron_public.json"))
  func `an expression names exactly the instants of its reference`(_ reference: CalendarCase) throws {
    guard let expected = reference.expected else {
      #expect(throws: CalendarSyntaxError.self) { try CronExpression.parse(reference.expr) }
      return
    }
    let zone = try SystemZones.zone(reference.tz)
    let expression = try CronExpression.parse(reference.expr)
    var instant = try #require(Instant(iso: reference.base))
    var found: [String] = []
    while found.count < reference.n ?? expected.count, let next = expression.next(after: instant, in: zone) {
      found.append(next.description)
      instant = next
    }
    #expect(found == expected)
  }

  @Test(arguments: try CalendarCase.load("cron_public.json").filter { $0.expected != nil })
  func `the canonical text of an expression reads as the same expression`(_ reference: CalendarCase) throws {
    let expression = try CalendarExpression.parse(reference.expr)
    #expect(try CalendarExpression.parse(expression.description) == expression)
  }
}
