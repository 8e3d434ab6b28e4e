import BackfillCore
import Testing

@Suite struct FiringTests {
  private func firing(_ when: String, stopBy: String? = nil) throws -> Firing {
    let parts = (stopBy ?? "0:0").split(separator: ":").compactMap { Int($0) }
    let schedule = Schedule(
      when: try CalendarExpression.parse(when), stopBy: stopBy == nil ? nil : parts[0] * 3600 + parts[1] * 60)
    return Firing(schedule, in: try SystemZones.zone("America/New_York"))
  }

  @Test(arguments: [
    // An ordinary night, and one that goes over midnight.
    ("2026-01-15T06:00:00Z", "06:00", "2026-01-15T11:00:00Z"),
    ("2026-01-16T04:00:00Z", "06:00", "2026-01-16T11:00:00Z"),
    ("2026-01-15T06:00:00Z", "01:00", "2026-01-16T06:00:00Z"),
    // 2026-03-08: 02:00 to 03:00 is left out.
    ("2026-03-08T06:00:00Z", "06:00", "2026-03-08T10:00:00Z"),
    ("2026-03-08T06:00:00Z", "02:30", "2026-03-08T07:00:00Z"),
    ("2026-03-08T07:00:00Z", "02:30", "2026-03-09T06:30:00Z"),
    // 2026-11-01: 01:00 to 02:00 comes twice.
    ("2026-11-01T05:30:00Z", "06:00", "2026-11-01T11:00:00Z"),
    ("2026-11-01T05:30:00Z", "01:45", "2026-11-01T05:45:00Z"),
    ("2026-11-01T06:30:00Z", "01:45", "2026-11-01T06:45:00Z"),
  ])
  func `stop_by is the first such time after the firing`(_ nominal: String, _ stopBy: String, _ end: String) throws {
    let nominal = try #require(Instant(iso: nominal))
    #expect(try firing("0 1 * * *", stopBy: stopBy).end(of: nominal)?.description == end)
  }

  @Test func `without stop_by the next firing is the end`() throws {
    let nominal = try #require(Instant(iso: "2026-03-07T07:30:00Z"))
    #expect(try firing("30 2 * * *").end(of: nominal)?.description == "2026-03-08T07:00:00Z")
  }

  @Test func `after a year of sleep the last firing of a schedule of minutes is due`() throws {
    let slept = try #require(Instant(iso: "2025-03-01T00:00:30Z"))
    let now = try #require(Instant(iso: "2026-03-08T07:00:30Z"))
    #expect(try firing("* * * * *").due(since: slept, at: now)?.description == "2026-03-08T07:00:00Z")
    #expect(try firing("0 0 29 2 *").due(since: slept, at: now) == nil)
    #expect(try firing("* * * * *").due(since: now, at: now) == nil)
  }
}
