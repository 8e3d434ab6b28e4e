import BackfillCore
import Testing

@testable import backfillctl

/// What `status` prints for a person.
struct StatusRenderingTests {
  private let working = window(
    running: [
      RunningDate(date: day("2013-01-20"), since: instant("2013-02-09T06:29:48Z"), steps: ["load", "carriers"]),
      RunningDate(date: day("2013-01-21"), since: instant("2013-02-09T06:30:00Z"), steps: []),
    ],
    chunk: ChunkStatus(
      id: 7, kind: .scheduled, nominal: instant("2013-02-09T06:00:00Z"), quota: 30, started: 12,
      endsAt: instant("2013-02-09T11:00:00Z")))
  private let paused = window(
    state: .paused, reason: sentence, states: [.done: 24, .skipped: 14, .held: 2, .pending: 325])
  private let complete = window(
    "old", state: .complete, states: [.done: 5], verdicts: [.pass: 5], next: nil, uncovered: 3)
  private let rejected = RejectedWindowStatus(
    window: "bad",
    findings: [
      "/etc/backfilld/windows.d/bad.yaml:3:1: unknown key `stepz`; did you mean `steps`?",
      "/etc/backfilld/windows.d/bad.yaml:9:5: `command` is missing",
    ])
  private let narrow = Surroundings(width: 50, now: now) { _ in eastern }

  @Test func `a window at work shows its bar, its dates, its chunk and its next firing`() {
    let lines = StatusRendering.lines(status([working]), held: [:], in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        backfilld 0.1.0  ready, up since 2013-02-01 12:00 UTC

        flights  active  NYC flights, 2013
          ####------------------------------------  24 of 365 done, 14 skipped (10 %)
          verdicts: 22 pass, 1 inconclusive, 1 warn; 1 running, 326 pending
          running 2013-01-20: load, carriers, 12s
          running 2013-01-21: waits to start its next step, 0s
          chunk 7 of 2013-02-09 01:00 EST: 12 of 30 dates started, no date starts after
          2013-02-09 06:00 EST
          next firing 2013-02-10 01:00 EST (in 23h 30m)
        """#)
  }

  @Test func `dates that wait for their input are no dates to decide about, and say what they wait for`() {
    let reason = "`requires` of `load` failed: command not found: /no/such/prog"
    let waiting = ["2013-02-08", "2013-02-09"].map { date($0, .held, reason: reason, awaitsInput: true) }
    let lines = StatusRendering.lines(
      status([window(states: [.done: 24, .held: 2, .pending: 339])]), held: ["flights": waiting], in: plain)
    #expect(
      lines.dropFirst(4).joined(separator: "\n") == #"""
          verdicts: 22 pass, 1 inconclusive, 1 warn; 2 held, 339 pending
          2013-02-08 and 1 more date wait for their input: `requires` of `load` failed:
          command not found: /no/such/prog
          next firing 2013-02-10 01:00 EST (in 23h 30m)
        """#)
  }

  @Test func `a window paused at an anomaly says why and what to type`() {
    let lines = StatusRendering.lines(
      status([paused]), held: ["flights": [anomalous("2013-02-08"), anomalous("2013-02-09")]], in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        backfilld 0.1.0  ready, up since 2013-02-01 12:00 UTC

        flights  paused  NYC flights, 2013
          ####------------------------------------  24 of 365 done, 14 skipped (10 %)
          verdicts: 22 pass, 1 inconclusive, 1 warn; 2 held, 325 pending
          next firing 2013-02-10 01:00 EST, does nothing while paused
          paused since 2013-02-09 01:12 EST by backfilld:
            2013-02-08 cancellations: 472 of 930 failed (50.8 %, 95 % CI 47.5-54.0),
            expected 0-12 %. A healthy date at 12 % looks this far off less than 1 time
            in 1,000,000 -> anomaly (anomaly needs 1 in 14,600).
          next:  backfillctl show flights 2013-02-08   # and 1 more held date
                 backfillctl accept flights 2013-02-08 --reason "..."
                 backfillctl retry flights 2013-02-08   # run what failed again
                 backfillctl skip flights 2013-02-08 --reason "..."
                 backfillctl resume flights   # after that
        """#)
  }

  @Test func `a window paused by a person has only resume to offer`() {
    let lines = StatusRendering.lines(
      status([window(state: .paused, reason: "lunch", by: "anna")]), held: [:], in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        backfilld 0.1.0  ready, up since 2013-02-01 12:00 UTC

        flights  paused  NYC flights, 2013
          ####------------------------------------  24 of 365 done, 14 skipped (10 %)
          verdicts: 22 pass, 1 inconclusive, 1 warn; 1 running, 326 pending
          next firing 2013-02-10 01:00 EST, does nothing while paused
          paused since 2013-02-09 01:12 EST by anna:
            lunch
          next:  backfillctl resume flights
        """#)
  }

  @Test func `a window paused by a drift alarm offers the date that the alarm names`() {
    let drifted = window(
      state: .paused, reason: "2013-02-08 load: a drift",
      alarms: [
        OpenAlarm(step: "load", stream: "A", date: day("2013-02-07")),
        OpenAlarm(step: "load", stream: "A", date: day("2013-02-08")),
        OpenAlarm(step: "routes", stream: "B", date: day("2013-02-08")),
      ])
    let lines = StatusRendering.lines(status([drifted]), held: ["flights": [anomalous("2013-02-07")]], in: plain)
    #expect(
      lines.suffix(6).joined(separator: "\n") == #"""
          next:  backfillctl show flights 2013-02-07
                 backfillctl accept flights 2013-02-07 --reason "..."
                 backfillctl retry flights 2013-02-07   # run what failed again
                 backfillctl skip flights 2013-02-07 --reason "..."
                 backfillctl accept flights 2013-02-08 --reason "..."   # drift alarm
                 backfillctl resume flights   # after that
        """#)
  }

  @Test func `a complete window has no next firing, and dates it no longer covers are counted`() {
    let lines = StatusRendering.lines(status([complete]), held: [:], in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        backfilld 0.1.0  ready, up since 2013-02-01 12:00 UTC

        old  complete  NYC flights, 2013
          ########################################  5 of 5 done (100 %)
          verdicts: 5 pass; 3 dates no longer covered
        """#)
  }

  @Test(arguments: [
    (CalendarState.running, "no calendar yet: its command is running"),
    (.missing, "no calendar yet: its command has not printed one"), (.known, "no dates yet"),
  ])
  func `a window without dates is not done`(calendar: CalendarState, sentence: String) {
    let empty = window(states: [:], verdicts: [:], calendar: calendar)
    let lines = StatusRendering.lines(status([empty]), held: [:], in: plain)
    #expect(
      lines.suffix(3).joined(separator: "\n") == """
        flights  active  NYC flights, 2013
          \(sentence)
          next firing 2013-02-10 01:00 EST (in 23h 30m)
        """)
    #expect(StatusRendering.changes(status([empty])) == ["flights active: \(sentence)"])
  }

  @Test func `dates that wait for another one are counted, and one that was left out is offered`() {
    func wait(_ dates: Int, _ date: String, _ state: DateState) -> WaitView {
      WaitView(dates: dates, for: LookbackStall.Cause(date: day(date), step: "load", state: state, awaitsInput: false))
    }
    let stuck = window(
      states: [.done: 3, .skipped: 1, .pending: 13], verdicts: [:],
      waiting: [wait(1, "2013-02-03", .held), wait(12, "2013-02-05", .skipped)])
    let lines = StatusRendering.lines(status([stuck]), held: [:], in: plain)
    #expect(
      lines.suffix(5).joined(separator: "\n") == #"""
          13 pending
          1 date waits for 2013-02-03, which is held
          12 dates wait for 2013-02-05, which is skipped
          next firing 2013-02-10 01:00 EST (in 23h 30m)
          next:  backfillctl retry flights 2013-02-05   # 12 dates wait for it
        """#)
    #expect(
      StatusRendering.changes(status([stuck])) == [
        "flights active: 3 of 17 done, 1 date waits for 2013-02-03, which is held, "
          + "12 dates wait for 2013-02-05, which is skipped"
      ])
  }

  @Test func `a new definition that waits for dates in flight is told`() {
    let lines = StatusRendering.lines(status([window(upcoming: true)]), held: [:], in: plain)
    #expect(lines.contains("  a new definition takes effect when nothing of the window is in flight"))
  }

  @Test func `a missed night is told with what makes up for it`() {
    let night = MissedNight(firing: instant("2013-02-09T06:00:00Z"), reason: "its time was over")
    let lines = StatusRendering.lines(status([window(missed: night)]), held: [:], in: plain)
    #expect(
      lines.suffix(3).joined(separator: "\n") == #"""
          next firing 2013-02-10 01:00 EST (in 23h 30m)
          missed its firing of 2013-02-09 01:00 EST: its time was over
          next:  backfillctl resume flights --now   # do not wait for the next firing
        """#)
  }

  @Test func `a window without a schedule says how to start dates`() {
    let lines = StatusRendering.lines(status([window(next: nil)]), held: [:], in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        backfilld 0.1.0  ready, up since 2013-02-01 12:00 UTC

        flights  active  NYC flights, 2013
          ####------------------------------------  24 of 365 done, 14 skipped (10 %)
          verdicts: 22 pass, 1 inconclusive, 1 warn; 1 running, 326 pending
          no firing ahead: `backfillctl run` starts dates
        """#)
  }

  @Test func `a file with errors is shown with each of them`() {
    let lines = StatusRendering.lines(status([], rejected: [rejected]), held: [:], in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        backfilld 0.1.0  ready, up since 2013-02-01 12:00 UTC

        bad  disabled by errors in its file
          /etc/backfilld/windows.d/bad.yaml:3:1: unknown key `stepz`; did you mean
          `steps`?
          /etc/backfilld/windows.d/bad.yaml:9:5: `command` is missing
        """#)
  }

  @Test func `a daemon that cannot write says so first`() {
    let lines = StatusRendering.lines(
      status([], state: .degraded, reason: "the ledger is read-only: /var/lib/backfilld"), held: [:], in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        backfilld 0.1.0  degraded, up since 2013-02-01 12:00 UTC
          the ledger is read-only: /var/lib/backfilld
        """#)
  }

  @Test func `a narrow terminal gets narrow lines`() {
    let lines = StatusRendering.lines(status([paused]), held: ["flights": [anomalous("2013-02-08")]], in: narrow)
    #expect(
      lines.joined(separator: "\n") == #"""
        backfilld 0.1.0  ready, up since 2013-02-01 12:00 UTC

        flights  paused  NYC flights, 2013
          #------------  24 of 365 done, 14 skipped (10 %)
          verdicts: 22 pass, 1 inconclusive, 1 warn; 2
          held, 325 pending
          next firing 2013-02-10 01:00 EST, does nothing
          while paused
          paused since 2013-02-09 01:12 EST by backfilld:
            2013-02-08 cancellations: 472 of 930 failed
            (50.8 %, 95 % CI 47.5-54.0), expected 0-12 %.
            A healthy date at 12 % looks this far off less
            than 1 time in 1,000,000 -> anomaly (anomaly
            needs 1 in 14,600).
          next:  backfillctl show flights 2013-02-08
                 backfillctl accept flights 2013-02-08 --reason "..."
                 backfillctl retry flights 2013-02-08
                 backfillctl skip flights 2013-02-08 --reason "..."
                 backfillctl resume flights   # after that
        """#)
  }

  @Test func `without a terminal each window is one line`() {
    let lines = StatusRendering.changes(status([working, paused, complete]))
    #expect(
      lines.joined(separator: "\n") == #"""
        flights active: 24 of 365 done, 2013-01-20 load, carriers, 2013-01-21 waits to start its next step
        flights paused: 24 of 365 done, 2 held, paused: 2013-02-08 cancellations: 472 of 930 failed (50.8 %, 95 % CI 47.5-54.0), expected 0-12 %. A healthy date at 12 % looks this far off less than 1 time in 1,000,000 -> anomaly (anomaly needs 1 in 14,600).
        old complete: 5 of 5 done
        """#)
  }

  @Test func `no line is wider than the terminal`() {
    for width in [60, 80] {
      let surroundings = Surroundings(width: width, now: now) { _ in eastern }
      let lines = StatusRendering.lines(status([working, paused, complete]), held: [:], in: surroundings)
      #expect(lines.filter { $0.count > width } == [])
    }
  }

  @Test func `colours add nothing but colours`() {
    let coloured = Surroundings(style: Style(hasColour: true, isUnicode: false), now: now) { _ in eastern }
    let plain = Surroundings(now: now) { _ in eastern }
    let all = status([working, paused, complete], rejected: [rejected])
    let text = StatusRendering.lines(all, held: [:], in: coloured).joined(separator: "\n")
    #expect(text.contains("\u{1B}[31mpaused\u{1B}[0m"))
    let bare = text.replacing(#/\u{1B}\[[0-9]+m/#, with: "")
    #expect(bare == StatusRendering.lines(all, held: [:], in: plain).joined(separator: "\n"))
  }
}
