import BackfillCore
import Testing

struct JournalEventMessageTests {
  static let messages: [String] = [
    "backfilld 0.1.0 started with 3 windows",
    "backfilld stops: no new steps start, running ones are given time to end",
    "what can be read of the settings and pipelines is in force, 1 error: backfilld.yaml:1:1: unknown key `max`",
    "flights is off until its file is corrected, 1 error: flights.yaml:3:1: unknown key `stepz`; did you mean `steps`?",
    "the configuration was read again (ann): 1 added, 2 changed, 9 unchanged, 0 removed, 1 broken",
    "the configuration was not read again (SIGHUP): database or disk is full; next: backfillctl reload",
    "what was in force stays in force, 1 error: backfilld.yaml:1:1: unknown key `max`",
    "flights keeps its old definition until its file is corrected, "
      + "1 error: flights.yaml:3:1: unknown key `stepz`; did you mean `steps`?",
    "the ledger cannot be written, no new date starts until it can: database or disk is full",
    "the ledger can be written again, work goes on",
    "the ledger was brought from version 1 to version 2; as it was before it is kept in "
      + "/var/lib/backfilld/backfilld.db.before-2",
    "no step can be started, no new date starts until one can: too many open files",
    "steps can be started again, work goes on",
    "stopped 1 run whose processes an earlier backfilld left behind",
    "flights chunk 7 opened by its schedule, firing of 2013-02-08T06:00:00Z, at most 30 dates, "
      + "no date starts after 2013-02-08T07:00:00Z",
    "flights missed its firing of 2013-02-08T06:00:00Z: its stop_by has passed; next: backfillctl status flights",
    "flights chunk 7 passed its preflight",
    "flights chunk 7 starts no date: `preflight` failed: `df` exited with 1",
    "flights chunk 7 ended after 4 dates: the chunk is done",
    "flights paused at 2013-02-08: cancellations is an anomaly; next: backfillctl show flights 2013-02-08",
    "flights resumed by ann",
    "flights is complete: every date is done or skipped",
    "flights 2013-02-08 routes: 20 of 400 failed X since 2013-02-02; next: backfillctl show flights",
    "flights routes: the drift test of X starts anew after 2013-02-08, settled by ann: the blizzard",
    "flights is no longer configured: it starts nothing more, its ledger is kept",
    "flights has another definition now, 19 dates were done with an earlier one; next: backfillctl show flights",
    "flights 2013-02-08 done (pass)",
    "flights 2013-02-08 held: routes failed 3 times; next: backfillctl show flights 2013-02-08",
    "flights 2013-02-08 held for its input: `requires` of `routes` failed: `ls` exited with 2; "
      + "the next chunk looks again",
    "flights 2013-02-08 skipped by ann: a holiday",
    "flights 2013-02-08 routes accepted by ann: the blizzard",
    "flights 2013-02-08 is tried again, asked for by ann: the disk is back",
    "flights 2013-02-08 load to run again, asked for by ann, 3 steps on 2 dates became stale: new delays",
    "flights 2013-02-08 and 2013-02-09 recorded as done before backfilld by ann",
    "flights 2013-02-08 judged again by ann: pass -> anomaly; next: backfillctl show flights 2013-02-08",
    "flights 2013-02-08 routes started, attempt 2",
    "flights 2013-02-08 routes: 3 of 210 failed, expected 0-5 % -> pass",
    "flights 2013-02-08 routes failed, attempt 2: exit status 3; tried again in 30s",
    "flights 2013-02-08 routes was not run, its input is missing: `requires` of `routes` failed: `ls` exited with 2",
    "flights 2013-02-08 routes was interrupted, backfilld or the machine died; attempt 2 is executed again",
    "flights 2013-02-08 routes was stopped, attempt 2 is executed again later",
    "flights 2013-02-08 routes wrote too much: 995000 lines of its output (6690 KiB) are not in the journal",
  ]

  @Test(arguments: zip(EventSample.oneOfEachKind, messages))
  func `an event of each kind has its sentence`(event: JournalEvent, message: String) {
    #expect(event.message == message)
  }

  @Test func `the samples hold every kind once`() {
    #expect(EventSample.oneOfEachKind.map(\.kind) == JournalEvent.Kind.allCases)
    #expect(Self.messages.count == JournalEvent.Kind.allCases.count)
  }

  static let variants: [(event: JournalEvent, message: String)] = [
    (.daemonStarted(version: "0.1.0", windows: 1), "backfilld 0.1.0 started with 1 window"),
    (
      .windowRejected(
        window: "flights", findings: ["a:1:1: one", "a:2:1: two", "a:3:1: three", "a:4:1: x", "a:5:1: y"]),
      "flights is off until its file is corrected, 5 errors: a:1:1: one; a:2:1: two; a:3:1: three; and 2 more"
    ),
    (.leftoversStopped(runs: 2), "stopped 2 runs whose processes an earlier backfilld left behind"),
    (
      .activationOpened(EventSample.activation(.scheduled)),
      "flights chunk 7 opened by its schedule, firing of 2013-02-08T06:00:00Z"
    ),
    (
      .activationOpened(EventSample.activation(.forced, quota: 1, by: "ann")),
      "flights chunk 7 opened by ann, outside the schedule, at most 1 date"
    ),
    (
      .activationOpened(EventSample.activation(.hand, dates: [EventSample.date], step: "routes", by: "ann")),
      "flights chunk 7 opened by ann by hand, 2013-02-08, step routes"
    ),
    (
      .activationOpened(
        EventSample.activation(.hand, dates: [EventSample.date, EventSample.date.adding(days: 1)], by: "ann")),
      "flights chunk 7 opened by ann by hand, 2013-02-08 and 2013-02-09"
    ),
    (
      .activationOpened(
        EventSample.activation(.hand, dates: (0..<5).map { EventSample.date.adding(days: $0) }, by: "ann")),
      "flights chunk 7 opened by ann by hand, 5 dates from 2013-02-08 to 2013-02-12"
    ),
    (.activationEnded(window: "flights", chunk: 8, dates: 1, reason: "."), "flights chunk 8 ended after 1 date"),
    (
      .windowPaused(window: "flights", date: nil, reason: "3 dates are held.", by: "backfilld"),
      "flights paused: 3 dates are held; next: backfillctl status flights"
    ),
    (
      .windowPaused(window: "flights", date: nil, reason: "the warehouse moves", by: "ann"),
      "flights paused by ann: the warehouse moves; next: backfillctl resume flights"
    ),
    (.windowResumed(window: "flights", by: "ann", reason: "moved"), "flights resumed by ann: moved"),
    (.dateDone(window: "flights", date: EventSample.date, chunk: 7, verdict: .warn), "flights 2013-02-08 done (warn)"),
    (
      .dateRetried(window: "flights", date: EventSample.date, reason: nil, by: "ann"),
      "flights 2013-02-08 is tried again, asked for by ann"
    ),
    (
      .stepJudged(EventSample.attempt, verdict: EventSample.verdict(.pass, ""), duration: .milliseconds(850)),
      "flights 2013-02-08 routes pass after 850ms"
    ),
    (
      .stepFailed(EventSample.attempt, reason: "exit status 3", retryIn: .zero),
      "flights 2013-02-08 routes failed, attempt 2: exit status 3; tried again now"
    ),
    (
      .stepFailed(EventSample.attempt, reason: "exit status 3", retryIn: nil),
      "flights 2013-02-08 routes failed, attempt 2: exit status 3; next: backfillctl show flights 2013-02-08"
    ),
    (
      .stepInterrupted(EventSample.attempt, inARow: 3),
      "flights 2013-02-08 routes was interrupted, backfilld or the machine died, 3 times in a row; "
        + "next: backfillctl show flights 2013-02-08"
    ),
    (
      .dateSkipped(window: "flights", date: EventSample.date, reason: " two\nlines\u{1B}[31m. ", by: "ann"),
      "flights 2013-02-08 skipped by ann: two lines [31m"
    ),
  ]

  @Test(arguments: variants)
  func `a variant has its own sentence`(event: JournalEvent, message: String) {
    #expect(event.message == message)
  }
}
