import BackfillCore
import Testing

@testable import backfillctl

/// What `reload` prints for a person, and what `status` and `show` say after one.
struct ReloadRenderingTests {
  @Test func `every window has its line, a broken one its findings`() {
    let answer = ReloadAnswer(
      windows: [
        .init(window: "flights", change: .changed, note: "takes effect when 2013-02-08, in flight, has ended"),
        .init(
          window: "hotels", change: .broken, note: "old definition in force",
          findings: ["/etc/backfilld/windows.d/hotels.yaml:3:1: unknown key `stepz`; did you mean `steps`?"]),
        .init(window: "new", change: .added),
        .init(window: "old", change: .removed, note: "starts nothing more; its ledger is kept"),
        .init(window: "same", change: .unchanged),
      ], settings: ["max_processes 4 -> 8"])
    #expect(
      ReloadRendering.lines(answer, in: plain).joined(separator: "\n") == """
        flights  changed  takes effect when 2013-02-08, in flight, has ended
        hotels   broken  old definition in force
          /etc/backfilld/windows.d/hotels.yaml:3:1: unknown key `stepz`; did you mean
          `steps`?
        new      added
        old      removed  starts nothing more; its ledger is kept
        same     unchanged
        backfilld.yaml: max_processes 4 -> 8
        """)
  }

  @Test func `what is wrong besides the windows comes last`() {
    let answer = ReloadAnswer(windows: [], findings: ["/etc/backfilld/backfilld.yaml:1:1: unknown key `max`"])
    #expect(
      ReloadRendering.lines(answer, in: plain) == [
        "What was in force stays in force:", "  /etc/backfilld/backfilld.yaml:1:1: unknown key `max`",
      ])
    #expect(ReloadRendering.lines(ReloadAnswer(windows: []), in: plain) == ["No windows."])
  }

  @Test func `what is wrong in a pipeline is said once, whoever uses it`() {
    let shared = "pipelines.d/nba.yaml:1:9: step `load` has no `command`"
    let own = "windows.d/b.yaml:2:1: unknown key `ordr`; did you mean `order`?"
    let answer = ReloadAnswer(
      windows: [
        .init(window: "a", change: .broken, note: "old definition in force", findings: [shared]),
        .init(window: "b", change: .broken, note: "off until its file is corrected", findings: [own, shared]),
      ], findings: [shared])
    #expect(
      ReloadRendering.lines(answer, in: plain) == [
        "a  broken  old definition in force; its pipeline has errors, see below",
        "b  broken  off until its file is corrected; its pipeline has errors, see below", "  \(own)",
        "What was in force stays in force:", "  \(shared)",
      ])
  }

  @Test func `status shows the errors of a file below the window that goes on`() {
    let status = status(
      [window(states: [.pending: 3], verdicts: [:], next: nil)],
      rejected: [RejectedWindowStatus(window: "flights", findings: ["flights.yaml:3:1: no"], inForce: true)])
    #expect(
      Array(StatusRendering.lines(status, held: [:], in: plain).suffix(2)) == [
        "  errors in its file, old definition in force:", "    flights.yaml:3:1: no",
      ])
  }

  @Test func `show of a window that is no longer configured offers nothing that would be refused`() {
    let view = WindowView(
      window: "flights", state: .paused, reason: "lunch", since: now, by: "anna", zone: "UTC",
      dates: [anomalous("2013-02-08")], configured: false)
    #expect(
      DatesRendering.lines(view, in: plain) == [
        "flights  no longer configured: this is what its ledger keeps", "",
        "date        state  verdict  attempts  reason",
        "2013-02-08  held   anomaly         3  2013-02-08 cancellations: 472 of 930 fa...",
      ])
    let lines = DateRendering.lines(view, anomalous("2013-02-08"), in: plain)
    #expect(lines.contains("  The window is no longer configured: this is what its ledger keeps."))
    #expect(!lines.contains { $0.contains("backfillctl") || $0.contains("paused") })
  }

  @Test func `status lists a window that is no longer configured`() {
    let status = DaemonStatus(
      version: "0.1.0", state: .ready, reason: nil, since: now, windows: [], rejected: [],
      unconfigured: [
        FormerWindowStatus(window: "old", dates: DateCounts(total: 25, states: [.done: 24, .held: 1], verdicts: [:])),
        FormerWindowStatus(window: "unused", dates: DateCounts(total: 0, states: [:], verdicts: [:])),
      ])
    #expect(
      Array(StatusRendering.lines(status, held: [:], in: plain).dropFirst(2)) == [
        "old  no longer configured", "  25 dates in the ledger: 24 done, 1 held",
        "", "unused  no longer configured", "  0 dates in the ledger",
      ])
  }

  static let definitions: [(views: [DefinitionView], sentence: String?)] = [
    ([], nil),
    ([DefinitionView(definition: "now", dates: 3, first: day("2013-01-01"), last: day("2013-01-03"))], nil),
    (
      [
        DefinitionView(definition: "a", dates: 9, first: day("2013-01-01"), last: day("2013-01-09")),
        DefinitionView(definition: "b", dates: 10, first: day("2013-01-10"), last: day("2013-01-19")),
        DefinitionView(definition: "now", dates: 3, first: day("2013-01-20"), last: day("2013-01-22")),
      ], "3 definitions; dates before 2013-01-20 were done with another one"
    ),
    (
      [DefinitionView(definition: "a", dates: 9, first: day("2013-01-01"), last: day("2013-01-09"))],
      "2 definitions; dates from 2013-01-01 to 2013-01-09 were done with another one"
    ),
    (
      [
        DefinitionView(definition: "a", dates: 1, first: day("2013-01-05"), last: day("2013-01-05")),
        DefinitionView(definition: "now", dates: 9, first: day("2013-01-01"), last: day("2013-01-10")),
      ], "2 definitions; 2013-01-05 was done with another one"
    ),
  ]

  @Test(arguments: definitions)
  func `show says which dates were done with another definition`(views: [DefinitionView], sentence: String?) {
    let view = WindowView(
      window: "flights", state: .active, reason: nil, since: now, by: "backfilld", zone: "UTC", dates: [],
      definition: "now", definitions: views)
    #expect(DefinitionRendering.sentence(view) == sentence)
  }

  @Test func `show of a date says that it was run with another definition`() {
    let view = WindowView(
      window: "flights", state: .active, reason: nil, since: now, by: "backfilld", zone: "UTC", dates: [heldDate],
      definition: "now")
    #expect(
      DefinitionRendering.sentence(view, heldDate)
        == "The definition of the window has changed since: the date was run with another one.")
    let same = WindowView(
      window: "flights", state: .active, reason: nil, since: now, by: "backfilld", zone: "UTC", dates: [heldDate],
      definition: "abc")
    #expect(DefinitionRendering.sentence(same, heldDate) == nil)
  }
}
