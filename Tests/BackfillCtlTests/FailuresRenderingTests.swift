import BackfillCore
import Testing

@testable import backfillctl

@Suite struct FailuresRenderingTests {
  private let stream = StreamRate(stream: "CANCELLED", n: 930, failed: 28, rate: 0.0301, low: 0, high: 0.03)

  private func row(
    _ group: String, kind: FailureKind? = nil, failed: Int = 28, never: Int = 0, unknown: Int = 0,
    streams: [StreamRate] = [], n: Int = 930
  ) -> FailureRow {
    FailureRow(
      group: group, step: "cancellations", kind: kind, dates: 3, n: n, failed: failed,
      rate: n > 0 ? Double(failed) / Double(n) : nil, expected: failed, never: never, unknown: unknown,
      streams: streams)
  }

  @Test func `categories say what they are, and have their band`() {
    let view = FailuresView(
      window: "flights", by: .category,
      rows: [
        row("CANCELLED", kind: .expected, streams: [stream]),
        row(
          "LATE", kind: .expected, failed: 9,
          streams: [StreamRate(stream: "LATE+LOST", n: 930, failed: 9, rate: 0, low: 0, high: 1)]),
        row("BROKEN", kind: .never, failed: 0), row("NEW", kind: .unknown, failed: 1, n: 0),
      ])
    #expect(
      FailuresRendering.lines(view, in: plain) == [
        "flights", "",
        "step             n  failed    rate  band             dates  category",
        "cancellations  930      28  3.01 %  0-3 %  expected      3  CANCELLED",
        "cancellations  930       9  0.97 %  (sum)  expected      3  LATE",
        "cancellations  930       0     0 %         never         3  BROKEN",
        "cancellations    0       1       -         unknown       3  NEW",
      ])
  }

  @Test func `weeks have the rates of their streams against the bands, and what must not be`() {
    let view = FailuresView(
      window: "flights", by: .week, rows: [row("2013-02-04", never: 2, unknown: 1, streams: [stream])])
    #expect(
      FailuresRendering.lines(view, in: plain) == [
        "flights", "",
        "week of     step             n  failed    rate  against its band",
        "2013-02-04  cancellations  930      28  3.01 %  CANCELLED 3.01 % (0-3 %); 2 n...",
      ])
  }

  @Test func `steps have no column of their own twice`() {
    let view = FailuresView(window: "flights", by: .step, rows: [row("cancellations", streams: [stream])])
    #expect(
      FailuresRendering.lines(view, in: plain).last
        == "cancellations  930      28  3.01 %  CANCELLED 3.01 % (0-3 %)")
  }

  @Test func `a window without reports, or without failures in them, says so`() {
    #expect(
      FailuresRendering.lines(FailuresView(window: "w", by: .date, rows: []), in: plain)
        == ["w  no step that is done has a report"])
    #expect(
      FailuresRendering.lines(FailuresView(window: "w", by: .category, rows: []), in: plain)
        == ["w  no step that is done reported a failure"])
  }

  @Test func `a validation tells each change with its sentence, and that nothing was written`() {
    let view = ValidationView(
      window: "flights", judged: 40, busy: [day("2013-02-12")],
      counts: [VerdictCount(was: .pass, verdict: .anomaly, steps: 1)],
      changes: [
        VerdictChange(
          date: day("2013-02-08"), step: "load", was: .pass, verdict: .anomaly,
          sentence: "2013-02-08 load: 0 records, expected at least 1 -> anomaly.", state: .done, becomes: .held)
      ], figures: 3, applied: false, message: nil, refused: [])
    #expect(
      ValidationRendering.lines(view, in: plain) == [
        "2013-02-08 load  pass -> anomaly, done -> held",
        "  2013-02-08 load: 0 records, expected at least 1 -> anomaly.", "",
        "40 reports of flights judged again: 1 pass -> anomaly", "1 date left out: being worked on",
        "3 verdicts keep their words, with other bands, odds or limits", "nothing was written; --apply writes it",
      ])
  }

  @Test func `on a narrow terminal the category stays`() {
    let view = FailuresView(
      window: "flights", by: .category, rows: [row("CANCELLED", kind: .expected, streams: [stream])])
    let narrow = Surroundings(width: 60, now: plain.now)
    #expect(
      FailuresRendering.lines(view, in: narrow).dropFirst(2) == [
        "step             n  failed    rate            category",
        "cancellations  930      28  3.01 %  expected  CANCELLED",
      ])
  }
}
