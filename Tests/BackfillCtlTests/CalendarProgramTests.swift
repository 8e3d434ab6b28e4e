import Testing

/// `calendar`, as a person types it.
@Suite(.timeLimit(.minutes(2)))
struct CalendarProgramTests {
  private func calendar(
    _ expression: String, _ options: String..., environment: [String: String] = [:]
  ) async throws -> ProgramEnd {
    try await run(["calendar"] + options + ["--", expression], environment: environment)
  }

  @Test(arguments: [["--", "0 1 * * *"], ["0 1 * * *", "--"], ["--count", "5", "--", "0 1 * * *"]])
  func `two dashes end the options`(arguments: [String]) async throws {
    let end = try await run(["calendar"] + arguments)
    #expect(end.status == 0)
    #expect(end.output.hasPrefix("0 1 * * *  (cron, UTC)\n"))
  }

  @Test func `what follows two dashes is an expression, also where it looks like an option`() async throws {
    let end = try await calendar("--json")
    #expect(end.status == 1)
    #expect(end.errors.hasPrefix("backfillctl: position 0: "))
  }

  @Test(arguments: [["--", "0", "1"], ["--"]])
  func `two dashes do not make an expression of several arguments, or of none`(arguments: [String]) async throws {
    #expect(try await run(["calendar"] + arguments).status == 2)
  }

  @Test(arguments: ["Nowhere", ":Nowhere"])
  func `a zone in TZ that is not there is refused`(name: String) async throws {
    let end = try await calendar("daily", environment: ["TZ": name])
    #expect(end.status == 1)
    #expect(
      end.errors
        == "backfillctl: this machine knows no time zone `Nowhere`, which `TZ` of the environment names; "
        + "write the name of a place, such as `America/New_York`\n")
  }

  @Test(arguments: ["Asia/Tokyo", ":Asia/Tokyo", ":/usr/share/zoneinfo/Asia/Tokyo"])
  func `a zone in TZ is the default one`(name: String) async throws {
    let end = try await calendar(
      "daily JST", "--after", "2026-01-15T10:07:00Z", "--count", "1", environment: ["TZ": name])
    #expect(
      end.output == """
        *-*-* 00:00:00 JST  (oncalendar, Asia/Tokyo)
          2026-01-15 15:00:00 UTC   Fri 2026-01-16 00:00:00 JST

        """)
  }

  @Test(arguments: ["", ":"])
  func `an empty TZ is UTC`(setting: String) async throws {
    let end = try await calendar("daily", "--count", "1", environment: ["TZ": setting])
    #expect(end.output.hasPrefix("*-*-* 00:00:00  (oncalendar, UTC)\n"))
  }

  @Test(arguments: ["/etc/localtime", ":/etc/localtime"])
  func `a TZ that leaves it to the machine is not refused`(setting: String) async throws {
    #expect(try await calendar("daily", "--count", "1", environment: ["TZ": setting]).status == 0)
  }

  @Test func `a wrong zone in TZ does no harm where a zone is given`() async throws {
    let end = try await calendar("daily", "--timezone", "UTC", environment: ["TZ": "Nowhere"])
    #expect(end.status == 0)
  }

  @Test func `fractions of a second are shown`() async throws {
    let end = try await calendar(
      "*:*:41.0005,59", "--timezone", "Asia/Kolkata", "--after", "2026-01-15T10:07:41Z", "--count", "2")
    #expect(
      end.output == """
        *-*-* *:*:41.000500,59  (oncalendar, Asia/Kolkata)
          2026-01-15 10:07:41.0005 UTC   Thu 2026-01-15 15:37:41.0005 IST
          2026-01-15 10:07:59 UTC   Thu 2026-01-15 15:37:59 IST

        """)
  }

  @Test func `JSON has fractions of a second to the microsecond`() async throws {
    let end = try await calendar(
      "*:*:41.0005,59.5", "--timezone", "UTC", "--after", "2026-01-15T10:07:41Z", "--count", "2", "--json")
    #expect(end.output.contains("\"2026-01-15T10:07:41.000500Z\",\n    \"2026-01-15T10:07:59.500Z\"\n"))
  }

  @Test func `a schedule that its short name ends says so`() async throws {
    let end = try await calendar("daily CET", "--timezone", "Europe/Berlin", "--after", "2026-03-27T10:07:00Z")
    #expect(
      end.output == """
        *-*-* 00:00:00 CET  (oncalendar, Europe/Berlin)
          2026-03-27 23:00:00 UTC   Sat 2026-03-28 00:00:00 CET
          2026-03-28 23:00:00 UTC   Sun 2026-03-29 00:00:00 CET
          then never again: `CET` ends it where Europe/Berlin shows another time; leave it out for Europe/Berlin all year

        """)
  }

  @Test func `a zone that is nearly right is told which was meant`() async throws {
    let end = try await calendar("daily Europe/Berln")
    #expect(end.status == 1)
    #expect(
      end.errors == """
        backfillctl: position 6: `Europe/Berln` is not a time zone; did you mean `Europe/Berlin`?
          daily Europe/Berln
                ^

        """)
    let option = try await calendar("daily", "--timezone", "Europe/Berln")
    #expect(
      option.errors
        == "backfillctl: this machine knows no time zone `Europe/Berln`; did you mean `Europe/Berlin`?\n")
    let offset = try await run(["calendar", "0 1 * * *", "--timezone", "GMT+5"])
    #expect(
      offset.errors
        == "backfillctl: this machine knows no time zone `GMT+5`; an offset is no time zone: "
        + "write the name of a place, such as `America/New_York`\n")
  }
}
