import BackfillCore
import Testing

@testable import backfillctl

/// What `show WINDOW` prints for a person.
struct DatesRenderingTests {
  private let dates =
    [
      date("2013-01-01", .skipped, reason: "skip_first"),
      date("2013-01-02", .done, verdict: .pass, attempts: 5),
      date("2013-01-03", .done, verdict: .warn, attempts: 12, byHand: true),
      date("2013-01-04", .pending),
      date("2013-01-05", .running, attempts: 1),
    ] + (10...20).map { date("2013-01-\($0)", .pending) } + [
      date("2013-01-21", .pending, reason: "stale", attempts: 5),
      date("2013-01-22", .done, verdict: .inconclusive, attempts: 1, covered: false),
    ]
  private let held = anomalous("2013-02-08")

  @Test func `each date has a line, untouched dates in a row share one`() {
    let lines = DatesRendering.lines(view(dates), in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights  active since 2013-02-09 01:12 EST by backfilld

        date        state    verdict       attempts  reason
        2013-01-01  skipped                          skip_first
        2013-01-02  done     pass                 5
        2013-01-03  done     warn                12  by hand
        2013-01-04  pending
        2013-01-05  running                       1
        2013-01-10..2013-01-20  pending, 11 dates
        2013-01-21  pending                       5  stale
        2013-01-22  done     inconclusive         1  no longer covered
        """#)
  }

  @Test func `a paused window says why above its dates and what to type below`() {
    let lines = DatesRendering.lines(view([held], state: .paused, reason: sentence), in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights  paused since 2013-02-09 01:12 EST by backfilld
          2013-02-08 cancellations: 472 of 930 failed (50.8 %, 95 % CI 47.5-54.0),
          expected 0-12 %. A healthy date at 12 % looks this far off less than 1 time in
          1,000,000 -> anomaly (anomaly needs 1 in 14,600).

        date        state  verdict  attempts  reason
        2013-02-08  held   anomaly         3  2013-02-08 cancellations: 472 of 930 fa...

        next:  backfillctl show flights 2013-02-08
               backfillctl accept flights 2013-02-08 --reason "..."
               backfillctl retry flights 2013-02-08   # run what failed again
               backfillctl skip flights 2013-02-08 --reason "..."
               backfillctl resume flights   # after that
        """#)
  }

  @Test func `a date that waits for its input is told from one that waits for a person`() {
    let waiting = date(
      "2013-02-07", .held, reason: "`requires` of `load` failed: `ls` exited with 2", awaitsInput: true, attempts: 1)
    let lines = DatesRendering.lines(view([waiting]), in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights  active since 2013-02-09 01:12 EST by backfilld

        date        state         verdict  attempts  reason
        2013-02-07  held (input)                  1  `requires` of `load` failed: `ls...
        """#)
  }

  @Test func `evidence of a drift has a line for each rate, cut to the width`() {
    func drift(_ stream: String, _ evidence: Double, _ verdict: Verdict) -> DriftView {
      DriftView(
        step: "features", stream: stream, evidence: 1, anomalyEvidence: evidence, anomalyAt: 40, verdict: verdict,
        dates: 9, since: day("2013-01-02"), n: 100, k: 40, low: 0.25, high: 0.3)
    }
    let lines = DatesRendering.lines(
      view([], drift: [drift("FAILED", 2.34, .pass), drift("INSUFFICIENT_DATA+MISSING_DEPENDENCY", 97.4, .anomaly)]),
      in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights  active since 2013-02-09 01:12 EST by backfilld
          drift 2.3 to 1 since 2013-01-02, anomaly at 40 to 1: features FAILED
          drift 97 to 1 since 2013-01-02, anomaly at 40 to 1: features INSUFFICIENT_D...

        No dates.
        """#)
  }

  @Test func `the last changes are listed below the dates`() {
    let changes = [
      ChangeRecord(
        action: "skip", step: nil, reason: "a strike of the controllers at all three airports", by: "anna",
        at: instant("2013-02-09T06:20:00Z"), from: day("2013-02-08"), to: day("2013-02-20"), dates: 13),
      ChangeRecord(
        action: "accept", step: "routes", reason: nil, by: "bob", at: instant("2013-02-09T06:21:00Z"),
        from: day("2013-02-08"), to: day("2013-02-08"), dates: 1),
      ChangeRecord(
        action: "pause", step: nil, reason: "lunch", by: "bob", at: instant("2013-02-09T06:22:00Z"), from: nil,
        to: nil, dates: 0),
      ChangeRecord(
        action: "missed", step: nil, reason: "its time was over", by: "backfilld",
        at: instant("2013-02-09T06:23:00Z"), from: nil, to: nil, dates: 0, firing: instant("2013-02-09T06:00:00Z")),
    ]
    let lines = DatesRendering.lines(view([dates[3]], changes: changes), in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights  active since 2013-02-09 01:12 EST by backfilld

        date        state    verdict  attempts  reason
        2013-01-04  pending

        changes
          2013-02-09 01:20 EST skip 2013-02-08..2013-02-20 (13 dates) by anna: a
              strike of the controllers at all three airports
          2013-02-09 01:21 EST accept routes 2013-02-08 by bob
          2013-02-09 01:22 EST pause by bob: lunch
          2013-02-09 01:23 EST missed 2013-02-09 01:00 EST by backfilld: its time was
              over
        """#)
  }

  @Test func `a window without dates says so`() {
    let lines = DatesRendering.lines(view([]), in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights  active since 2013-02-09 01:12 EST by backfilld

        No dates.
        """#)
  }
}
