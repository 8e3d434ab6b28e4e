import BackfillCore
import Testing

/// Days without a zone, and the texts they are written as.
struct CivilDateTests {
  @Test(arguments: [
    (1, 1, 1, "0001-01-01"), (987, 6, 5, "0987-06-05"), (1969, 12, 31, "1969-12-31"), (2024, 2, 29, "2024-02-29"),
    (9999, 12, 31, "9999-12-31"),
  ])
  func `a date is written in ten characters, and read back`(_ year: Int, _ month: Int, _ day: Int, _ text: String)
    throws
  {
    let date = try #require(CivilDate(year: year, month: month, day: day))
    #expect(date.description == text)
    #expect(CivilDate(iso: text) == date)
  }

  @Test func `every day of a leap cycle comes back from its text`() {
    let first = -719_162  // 0001-01-01
    for day in stride(from: first, through: first + 146_097, by: 1) {
      let date = CivilDate(daysSinceEpoch: day)
      guard CivilDate(iso: date.description) == date else {
        Issue.record("day \(day) is written as \(date)")
        return
      }
    }
  }

  @Test func `what is beyond the year 9999 is still told apart`() {
    let last = CivilDate(iso: "9999-12-31")?.daysSinceEpoch ?? 0
    #expect(CivilDate(daysSinceEpoch: last + 1).description == "10000-01-01")
  }
}
