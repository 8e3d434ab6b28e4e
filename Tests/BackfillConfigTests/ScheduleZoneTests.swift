import BackfillConfig
import BackfillCore
import Testing

/// A schedule that ends with a short name of its zone's time, as systemd reads it.
@Suite struct `A short name of a zone in a schedule` {
  private func found(_ when: String, timezone: String? = "America/New_York", now: String? = nil) throws -> [String] {
    let zone = timezone.map { ", timezone: \($0)" } ?? ""
    return try findings(
      goodDates + "schedule: {when: \"\(when)\"\(zone)}\n" + goodSteps,
      machine: FakeMachine(now: now.flatMap(Instant.init(iso:))))
  }

  @Test(arguments: [("daily EDT", "2026-07-15T10:07:00Z"), ("daily est", "2026-01-15T10:07:00Z"), ("daily EST", nil)])
  func `is read in the zone of the schedule`(_ when: String, _ now: String?) throws {
    #expect(try found(when, now: now) == [])
    let read = try window(goodDates + "schedule: {when: \(when), timezone: America/New_York}\n" + goodSteps)
    #expect(read?.zone.name == "America/New_York")
    #expect(read?.schedule?.when.abbreviation?.isDaylight == when.hasSuffix("EDT"))
  }

  // The clocks went forward on 8 March: what fired until then may still have a firing to catch up.
  @Test(arguments: ["2026-03-20T12:00:00Z", "2026-11-02T12:00:00Z"])
  func `that holds now or did lately is none to complain about`(_ now: String) throws {
    #expect(try found("daily EST", now: now) == [])
  }

  @Test func `that does not hold is refused, with what to write instead`() throws {
    #expect(
      try found("daily EST", now: "2026-07-15T10:07:00Z") == [
        "a:2:18: `schedule.when` `daily EST`: never fires: at the times it names America/New_York does not show `EST`; "
          + "leave `EST` out: the schedule is read in America/New_York"
      ])
  }

  @Test func `of another zone is no zone`() throws {
    #expect(
      try found("daily EDT", timezone: nil) == [
        "a:2:18: unknown time zone `EDT`; write the name of a place, such as `America/New_York`"
      ])
  }

  @Test func `cron has none, and is told where a zone belongs`() throws {
    #expect(
      try found("0 1 * * * America/New_York", timezone: nil) == [
        "a:2:29: `schedule.when` `0 1 * * * America/New_York`: 6 fields where cron has 5: minute, hour, day of month, "
          + "month, day of week; the zone stands beside the schedule: `timezone: America/New_York` in a file, "
          + "`--timezone America/New_York` on a command line"
      ])
  }
}
