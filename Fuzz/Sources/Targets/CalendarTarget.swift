import BackfillCore

/// A schedule of either dialect: read, printed, read again, and asked for its next firings.
enum CalendarTarget {
  private static let zoneNames = Set(Zones.all.map(\.name))

  static func cron(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    do throws(CalendarSyntaxError) {
      _ = try CalendarExpression.parse(text, isZoneName: zoneNames.contains)
      try follow(.cron(try CronExpression.parse(text)), seed: input)
    } catch {
      examine(error, text)
    }
  }

  static func onCalendar(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    do throws(CalendarSyntaxError) {
      _ = try OnCalendarExpression.parse(text, isZoneName: { _ in true })
      let expression = try OnCalendarExpression.parse(text, isZoneName: zoneNames.contains)
      try follow(.onCalendar(expression), seed: input)
    } catch {
      examine(error, text)
    }
  }

  private static func examine(_ error: CalendarSyntaxError, _ text: String) {
    check((0...text.count).contains(error.position), "an error at \(error.position) of \(text.count) characters")
    check(error.message.isOneLine, "not one line: \(error.message)")
  }

  private static func follow(_ expression: CalendarExpression, seed: [UInt8]) throws(CalendarSyntaxError) {
    let printed = expression.description
    let again = try CalendarExpression.parse(printed, isZoneName: zoneNames.contains)
    check(again == expression, "`\(printed)` reads as another expression")
    check(again.description == printed, "`\(printed)` is printed as `\(again.description)`")
    // The same input always asks for the same instants: FNV-1a.
    let hash = seed.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    for (index, zone) in Zones.all.enumerated() {
      // From 1960 to 2210: before the first and after the last instant that is ever named.
      var instant = Instant(milliseconds: -315_619_200_000 + Int64((hash >> UInt64(index)) % 7_889_184_000_000))
      for _ in 0..<4 {
        guard let next = expression.next(after: instant, in: zone) else { break }
        check(next > instant, "`\(printed)` after \(instant) in \(zone.name) is \(next)")
        check(next < latest, "`\(printed)` after \(instant) in \(zone.name) is \(next)")
        instant = next
      }
    }
  }

  /// Two days after 2200-01-01T00:00:00Z: every zone has begun the year that is named no more.
  private static let latest = Instant(seconds: 7_258_118_400 + 172_800)
}
