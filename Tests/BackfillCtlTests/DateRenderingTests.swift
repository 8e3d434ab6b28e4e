import BackfillCore
import Testing

@testable import backfillctl

/// What `show WINDOW DATE` prints for a person.
struct DateRenderingTests {
  private let untouched = date(
    "2013-02-10", .pending,
    steps: ["load", "carriers"].map {
      StepView(step: $0, state: .pending, verdict: nil, sentence: nil, accepted: false, attempts: 0, report: nil)
    })
  private let reported = date(
    "2013-02-10", .done, verdict: .anomaly, attempts: 1, byHand: true,
    steps: [
      StepView(
        step: "features", state: .done, verdict: .anomaly, sentence: "metric usage_rate is 1.2, expected at most 1",
        accepted: true, attempts: 1,
        report: Report(attempted: 1, records: 1, metrics: ["usage_rate": 1.2], message: "one game"))
    ])

  @Test func `a held date shows steps, sentences, attempts, output, decisions and what to type`() {
    let lines = DateRendering.lines(heldView, heldDate, in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights 2013-02-08 Fri  held  anomaly
          anomaly at cancellations
          The window is paused since 2013-02-09 01:12 EST by backfilld.

        step           state    verdict  attempts  report
        load           done     pass            2  930 attempted, 930 records
        cancellations  done     anomaly         1  930 attempted, 458 records, CANCEL...
        routes         failed                   1
        summary        blocked

        cancellations
          2013-02-08 cancellations: 472 of 930 failed (50.8 %, 95 % CI 47.5-54.0),
          expected 0-12 %. A healthy date at 12 % looks this far off less than 1 time in
          1,000,000 -> anomaly (anomaly needs 1 in 14,600).
          report: 930 attempted, 458 records, CANCELLED 472, NO_ARRIVAL 3

        routes
          exit status 3

        attempts, times in America/New_York
        step             started                 took    cpu  memory  end
        load 1           2013-02-09 01:10:03     1.2s  350ms  38 MiB  killed by SIGKI...
        load 2           2013-02-09 01:10:03    850ms  350ms  38 MiB  exit status 0
        routes 1         2013-02-09 01:10:03    1m 1s  350ms  38 MiB  exit status 3
        cancellations 1  2013-02-09 01:10:03  19m 57s                 runs

        output of load 1 (killed by SIGKILL (run 2 times)):
          | half?[31m way
          | red

        output of routes 1 (exit status 3):
          | no such table: carriers

        decisions
          2013-02-09 01:20 EST retry load by anna: the disk was full

        next:  backfillctl retry flights 2013-02-08   # run what failed again
               backfillctl skip flights 2013-02-08 --reason "..."
               backfillctl resume flights
        """#)
  }

  @Test func `how long an interrupted attempt took is not known`() {
    let cut = AttemptRecord(
      step: "load", attempt: 1, runID: "1f", chunk: 7, executions: 3, started: instant("2013-02-09T06:10:03Z"),
      ended: instant("2013-02-09T06:10:09Z"), durationMilliseconds: nil, ending: "interrupted", usage: nil, report: nil,
      verdict: nil, outputTail: nil, definitionHash: "abc")
    let pending = date("2013-02-10", .pending, history: [cut])
    let lines = AttemptRendering.lines(pending, zone: eastern, plain)
    #expect(lines.last == "load 1  2013-02-09 01:10:03     -               interrupted (run 3 times)")
  }

  @Test func `an untouched date shows its steps only`() {
    let lines = DateRendering.lines(view([untouched]), untouched, in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights 2013-02-10 Sun  pending

        step      state    verdict  attempts  report
        load      pending
        carriers  pending
        """#)
  }

  @Test func `a date that waits for its input needs nobody, and says what one may do`() {
    let missing = "`requires` of `load` failed: `ls` exited with 2"
    let waiting = date(
      "2013-02-10", .held, reason: missing, awaitsInput: true, attempts: 1,
      steps: [
        StepView(
          step: "load", state: .pending, verdict: nil, sentence: missing, accepted: false, attempts: 1, report: nil)
      ])
    let lines = DateRendering.lines(view([waiting]), waiting, in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights 2013-02-10 Sun  held for input
          `requires` of `load` failed: `ls` exited with 2

        step  state    verdict  attempts  report
        load  pending                  1

        load
          `requires` of `load` failed: `ls` exited with 2

        next:  backfillctl retry flights 2013-02-10   # do not wait for the next chunk
               backfillctl skip flights 2013-02-10 --reason "..."
        """#)
  }

  @Test(arguments: [false, true])
  func `a held date that is no longer covered can only be skipped`(awaitsInput: Bool) {
    let left = date("2013-02-10", .held, awaitsInput: awaitsInput, covered: false, steps: anomalous("2013-02-10").steps)
    let skip = #"backfillctl skip flights 2013-02-10 --reason "...""#
    #expect(
      DateRendering.lines(view([left]), left, in: plain).filter { $0.contains("backfillctl") } == ["next:  \(skip)"])
    #expect(
      NextCommands.lines(window: "flights", state: .active, held: [left]) == [
        "backfillctl show flights 2013-02-10", skip + "   # never mind this date",
      ])
  }

  @Test func `a done date that a drift alarm names says so, and how to accept that`() {
    let done = date("2013-02-10", .done, verdict: .pass)
    let alarms = [
      OpenAlarm(step: "load", stream: "LATE+LOST", date: day("2013-02-10")),
      OpenAlarm(step: "load", stream: "OTHER", date: day("2013-02-11")),
    ]
    let lines = DateRendering.lines(view([done], state: .paused, reason: "drift", alarms: alarms), done, in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights 2013-02-10 Sun  done  pass
          A drift alarm of `load` names this date: LATE+LOST.
          The window is paused since 2013-02-09 01:12 EST by backfilld.

        step  state  verdict  attempts  report

        next:  backfillctl accept flights 2013-02-10 --reason "..."   # drift alarm
               backfillctl resume flights
        """#)
  }

  @Test func `a report beyond counts shows metrics and its message`() {
    let lines = DateRendering.lines(view([reported]), reported, in: plain)
    #expect(
      lines.joined(separator: "\n") == #"""
        flights 2013-02-10 Sun  done  anomaly  by hand

        step      state  verdict            attempts  report
        features  done   anomaly, accepted         1  1 attempted, 1 record, usage_ra...

        features
          metric usage_rate is 1.2, expected at most 1
          report: 1 attempted, 1 record, usage_rate 1.2, "one game"
        """#)
  }
}
