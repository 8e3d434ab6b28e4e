import BackfillCore
import Testing

@testable import backfillctl

/// Dates that a command left alone.
struct LeftAloneTests {
  private func refused(_ date: String, _ why: String) -> DecisionOutcome.Refused {
    DecisionOutcome.Refused(date: day(date), why: why)
  }

  @Test func `neighbours with the same reason share a line`() {
    let lines = LeftAlone.lines([
      refused("2013-02-01", "is done"), refused("2013-02-04", "is done"), refused("2013-02-05", "is pending"),
      refused("2013-02-06", "is done"),
    ])
    #expect(
      lines == ["2013-02-01..2013-02-04 (2 dates): is done", "2013-02-05: is pending", "2013-02-06: is done"])
  }

  @Test func `control characters of a reason are not printed`() {
    #expect(LeftAlone.lines([refused("2013-02-01", "is held (\u{1B}[31m)")]) == ["2013-02-01: is held (?[31m)"])
  }
}
