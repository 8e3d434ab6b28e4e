import BackfillCore
import Testing

@Suite("Zones") struct ZoneTests {
  @Test func `UTC has no offset and its name`() throws {
    let instant = Instant(seconds: 1_700_000_000)
    #expect(Zone.utc.offset(at: instant) == 0)
    #expect(Zone.utc.abbreviation(at: instant) == "UTC")
  }

  @Test(arguments: [
    ("America/New_York", "2026-01-01T00:00:00Z", -18_000, "EST"),
    ("America/New_York", "2026-07-01T00:00:00Z", -14_400, "EDT"),
    ("America/New_York", "1800-01-01T00:00:00Z", -17_762, "LMT"),
    ("America/New_York", "2150-07-01T00:00:00Z", -14_400, "EDT"),
    ("Europe/Dublin", "2150-01-01T00:00:00Z", 0, "GMT"), ("Europe/Dublin", "2150-07-01T00:00:00Z", 3600, "IST"),
    ("Asia/Kathmandu", "2026-01-01T00:00:00Z", 20_700, "+0545"),
    ("America/Nuuk", "2150-07-01T00:00:00Z", -3600, "-01"),
    ("Australia/Lord_Howe", "2150-01-01T00:00:00Z", 39_600, "+11"),
  ])
  func `an instant has its offset and abbreviation`(
    _ name: String, _ instant: String, _ offset: Int, _ abbreviation: String
  ) throws {
    let zone = try SystemZones.zone(name)
    let instant = try #require(Instant(iso: instant))
    #expect(zone.offset(at: instant) == offset)
    #expect(zone.abbreviation(at: instant) == abbreviation)
  }

  @Test func `the local time of an instant is cut to whole seconds`() throws {
    let instant = try #require(Instant(iso: "2026-01-01T04:59:59.999Z"))
    let local = try SystemZones.zone("America/New_York").localTime(at: instant)
    #expect(local.date.description == "2025-12-31")
    #expect(local.secondOfDay == 86_399)
  }

  @Test func `the offset changes at the second of the transition`() throws {
    let zone = try SystemZones.zone("America/New_York")
    let change = try #require(Instant(iso: "2150-03-08T07:00:00Z"))
    #expect(zone.offset(at: Instant(seconds: change.seconds - 1)) == -18_000)
    #expect(zone.offset(at: change) == -14_400)
  }

  @Test func `a reading that comes once has one instant`() throws {
    let found = try SystemZones.zone("America/New_York").instants(of: reading("2026-03-08", 12))
    #expect(found.map(\.description) == ["2026-03-08T16:00:00Z"])
  }

  @Test func `a reading that repeats has two instants, the first pass first`() throws {
    let found = try SystemZones.zone("America/New_York").instants(of: reading("2026-11-01", 1))
    #expect(found.map(\.description) == ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"])
  }

  @Test func `a reading in a gap has no instant and the gap has an end`() throws {
    let zone = try SystemZones.zone("America/New_York")
    #expect(try zone.instants(of: reading("2026-03-08", 2)).isEmpty)
    #expect(try zone.gapEnd(of: reading("2026-03-08", 2)) == Instant(iso: "2026-03-08T07:00:00Z"))
  }

  @Test func `a reading outside a gap has no end of a gap`() throws {
    #expect(try SystemZones.zone("America/New_York").gapEnd(of: reading("2026-03-08", 3)) == nil)
  }

  @Test func `a day that a zone left out is a gap of a day`() throws {
    let zone = try SystemZones.zone("Pacific/Apia")
    #expect(try zone.gapEnd(of: reading("2011-12-30", 12)) == Instant(iso: "2011-12-30T10:00:00Z"))
  }

  @Test func `a reading that must name one instant takes the first pass`() throws {
    let zone = try SystemZones.zone("America/New_York")
    #expect(try zone.instant(ofFirst: reading("2026-11-01", 1)) == Instant(iso: "2026-11-01T05:00:00Z"))
  }

  @Test func `a reading that must name one instant takes the end of the gap`() throws {
    let zone = try SystemZones.zone("America/New_York")
    #expect(try zone.instant(ofFirst: reading("2026-03-08", 2)) == Instant(iso: "2026-03-08T07:00:00Z"))
  }

  @Test func `every hour of two years in every zone comes back from its reading`() throws {
    try #require(SystemZones.names.count > 300)
    for name in SystemZones.names {
      let zone = try SystemZones.zone(name)
      for seconds in stride(from: Int64(1_735_689_600), to: 1_735_689_600 + 2 * 366 * 86_400, by: 25_200) {
        let instant = Instant(seconds: seconds)
        let found = zone.instants(of: zone.localTime(at: instant))
        if !found.contains(instant) { Issue.record("\(name) at \(instant)") }
      }
    }
  }

  private func reading(_ date: String, _ hour: Int) throws -> LocalTime {
    LocalTime(date: try #require(CivilDate(iso: date)), secondOfDay: hour * 3600)
  }
}
