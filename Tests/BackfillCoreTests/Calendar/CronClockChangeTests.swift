import BackfillCore
import Testing

@Suite("Cron and changes of the clock") struct CronClockChangeTests {
  /// The firings of `text` in `zone` within a day after `base`.
  private func fires(_ text: String, _ zone: String, after base: String, hours: Int64 = 24) throws -> [String] {
    let expression = try CronExpression.parse(text)
    let zone = try SystemZones.zone(zone)
    let base = try #require(Instant(iso: base))
    var found: [String] = []
    var instant = base
    while let next = expression.next(after: instant, in: zone), next.seconds <= base.seconds + hours * 3600 {
      found.append(next.description)
      instant = next
    }
    return found
  }

  @Test func `a fixed job inside a gap fires once, when the gap ends`() throws {
    let found = try fires("30 2 * * *", "America/New_York", after: "2026-03-08T00:00:00Z")
    #expect(found == ["2026-03-08T07:00:00Z"])
  }

  @Test func `several readings inside a gap fire as one`() throws {
    let found = try fires("0,10,20,30 2,3 * * *", "America/New_York", after: "2026-03-08T06:00:00Z", hours: 2)
    #expect(
      found == ["2026-03-08T07:00:00Z", "2026-03-08T07:10:00Z", "2026-03-08T07:20:00Z", "2026-03-08T07:30:00Z"])
  }

  @Test func `a wildcard job does not fire inside a gap`() throws {
    #expect(try fires("*/30 2 * * *", "America/New_York", after: "2026-03-08T00:00:00Z").isEmpty)
  }

  @Test func `a fixed job fires in the first pass of an overlap only`() throws {
    let found = try fires("30 1 * * *", "America/New_York", after: "2026-11-01T04:00:00Z")
    #expect(found == ["2026-11-01T05:30:00Z"])
  }

  @Test func `a fixed job asked for inside the second pass waits for the next day`() throws {
    let found = try fires("30 1 * * *", "America/New_York", after: "2026-11-01T06:10:00Z", hours: 49)
    #expect(found == ["2026-11-02T06:30:00Z", "2026-11-03T06:30:00Z"])
  }

  @Test func `a wildcard job fires in both passes of an overlap`() throws {
    let found = try fires("*/30 1 * * *", "America/New_York", after: "2026-11-01T04:00:00Z", hours: 4)
    #expect(
      found == ["2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z"])
  }

  @Test func `hourly fires every hour of the night the clock goes back`() throws {
    #expect(try fires("@hourly", "Europe/Berlin", after: "2025-10-25T22:00:00Z", hours: 5).count == 5)
  }

  @Test func `daily fires when the day begins at one o'clock`() throws {
    let found = try fires("@daily", "Africa/Cairo", after: "2024-04-25T12:00:00Z")
    #expect(found == ["2024-04-25T22:00:00Z"])
  }

  @Test func `a day that a zone leaves out is a correction and nothing is caught up`() throws {
    let found = try fires("0 12 * * *", "Pacific/Apia", after: "2011-12-29T00:00:00Z", hours: 72)
    #expect(found == ["2011-12-29T22:00:00Z", "2011-12-30T22:00:00Z", "2011-12-31T22:00:00Z"])
  }

  @Test func `a day that a zone has twice is a correction and fires twice`() throws {
    let found = try fires("0 12 4 * *", "Pacific/Apia", after: "1892-07-03T00:00:00Z", hours: 72)
    #expect(found == ["1892-07-03T23:26:56Z", "1892-07-04T23:26:56Z"])
  }

  @Test func `a gap that a running scheduler has passed does not fire again`() throws {
    let found = try fires("30 2 * * *", "America/New_York", after: "2026-03-08T07:00:00Z")
    #expect(found == ["2026-03-09T06:30:00Z"])
  }
}
