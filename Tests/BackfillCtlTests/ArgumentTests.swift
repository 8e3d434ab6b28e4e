import ArgumentParser
import BackfillControl
import BackfillCore
import Testing

@testable import backfillctl

/// What is typed, and what becomes of it.
struct ArgumentTests {
  @Test func `dates and ranges are read from one list`() throws {
    let ranges = try DateArguments.list("2021-11-01,2021-11-03..2021-11-05")
    #expect(
      ranges == [
        DateRange(from: day("2021-11-01"), to: day("2021-11-01")),
        DateRange(from: day("2021-11-03"), to: day("2021-11-05")),
      ])
  }

  @Test(arguments: [
    "2021-11-01 2021-11-03", "2021-11-01, 2021-11-03", " 2021-11-01 ,\t2021-11-03\n", "2021-11-01   2021-11-03",
  ])
  func `there may be blanks between dates, as well as commas`(text: String) throws {
    #expect(try DateArguments.list(text).map(\.from) == [day("2021-11-01"), day("2021-11-03")])
  }

  @Test(arguments: [
    ("2021-02-29", "`2021-02-29` is a date that does not exist: 2021-02 has 28 days."),
    ("2021-11-01..2021-13-01", "`2021-13-01` is a date that does not exist: months are 01 to 12."),
    ("2021-11-01,,2021-11-02", "`` is not a date (YYYY-MM-DD)."), ("2021-11-01 x", "`x` is not a date (YYYY-MM-DD)."),
    ("", "`` is not a date (YYYY-MM-DD)."),
    ("2021-1-1", "`2021-1-1` is not a date (YYYY-MM-DD)."),
    ("2021-01-01,", "`` is not a date (YYYY-MM-DD)."),
    ("2021-01-02..", "`` is not a date (YYYY-MM-DD)."),
    ("2021-01-02..2021-01-01", "The range 2021-01-02..2021-01-01 ends before it starts."),
  ])
  func `what is no date is said`(text: String, message: String) {
    let error = #expect(throws: ValidationError.self) { try DateArguments.list(text) }
    #expect(error?.message == message)
  }

  @Test(arguments: [
    ("2026-01-15T06:00:00Z", "2026-01-15T06:00:00Z"), ("2026-01-15", "2026-01-15T05:00:00Z"),
    ("2026-01-15 06:00", "2026-01-15T11:00:00Z"), ("2026-01-15 06:00:09", "2026-01-15T11:00:09Z"),
  ])
  func `a start is read in UTC or in the zone`(text: String, expected: String) throws {
    #expect(try StartTime(text).instant(in: eastern) == instant(expected))
  }

  @Test(arguments: ["", "tomorrow", "2026-01-15 24:00", "2026-01-15 6:00", "2026-01-15T06:00:00", "2026-01-15 06:00 x"])
  func `what is no start is said`(text: String) {
    let error = #expect(throws: ValidationError.self) { try StartTime(text) }
    #expect(error?.message == "`\(text)` is neither 2026-01-15T06:00:00Z nor 2026-01-15 nor 2026-01-15 06:00.")
  }

  @Test(arguments: ["2026-02-30", "2026-02-30 06:00", "2026-02-30T06:00:00Z"])
  func `a start on a day that does not exist says so`(text: String) {
    let error = #expect(throws: ValidationError.self) { try StartTime(text) }
    #expect(error?.message == "`2026-02-30` is a date that does not exist: 2026-02 has 28 days.")
  }

  @Test(arguments: [
    (ControlFailure.unreachable("x"), 3), (.protocolError("x"), 1), (.forbidden("x"), 1),
    (.refused(Refusal(.noSuchWindow, "x")), 4),
    (.refused(Refusal(.noSuchDate, "x")), 4), (.refused(Refusal(.noSuchStep, "x")), 4),
    (.refused(Refusal(.refused, "x")), 1),
    (.refused(Refusal(.invalid, "x")), 1), (.refused(Refusal(.unavailable, "x")), 1),
  ])
  func `every failure has its exit status`(failure: ControlFailure, status: Int) {
    #expect(Int(CommandFailure(failure).status.rawValue) == status)
    #expect(CommandFailure(failure).message == "x")
  }
}
