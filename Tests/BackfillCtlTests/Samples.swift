import BackfillCore
import Testing

@testable import backfillctl

/// A zone that is five hours behind UTC all year, so that the tests need no file of this machine.
let eastern = zone(name: "America/New_York", abbreviation: "EST", offset: -18_000)

/// 2013-02-09 06:30:00 UTC.
let now = instant("2013-02-09T06:30:00Z")

let plain = Surroundings(now: now) { $0 == eastern.name ? eastern : .utc }

func instant(_ text: String) -> Instant {
  guard let instant = Instant(iso: text) else { preconditionFailure("\(text) is not an instant") }
  return instant
}

func day(_ text: String) -> CivilDate {
  guard let date = CivilDate(iso: text) else { preconditionFailure("\(text) is not a date") }
  return date
}

/// A TZif file of version 1 with one offset. Source: RFC 9636, section 3.
private func zone(name: String, abbreviation: String, offset: Int32) -> Zone {
  var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
  let counts: [UInt32] = [0, 0, 0, 0, 1, UInt32(abbreviation.utf8.count + 1)]
  for count in counts { bytes += withUnsafeBytes(of: count.bigEndian, Array.init) }
  bytes += withUnsafeBytes(of: offset.bigEndian, Array.init) + [0, 0] + Array(abbreviation.utf8) + [0]
  do {
    return try Zone(name: name, tzif: bytes)
  } catch {
    preconditionFailure("\(error)")
  }
}

/// The sentence of the blizzard.
let sentence = """
  2013-02-08 cancellations: 472 of 930 failed (50.8 %, 95 % CI 47.5-54.0), expected 0-12 %. A healthy date at 12 % \
  looks this far off less than 1 time in 1,000,000 -> anomaly (anomaly needs 1 in 14,600).
  """

func window(
  _ name: String = "flights", state: WindowState = .active, reason: String? = nil, by: String = "backfilld",
  states: [DateState: Int] = [.done: 24, .skipped: 14, .running: 1, .pending: 326],
  verdicts: [Verdict: Int] = [.pass: 22, .inconclusive: 1, .warn: 1], running: [RunningDate] = [],
  chunk: ChunkStatus? = nil, next: Instant? = instant("2013-02-10T06:00:00Z"), uncovered: Int = 0,
  alarms: [OpenAlarm] = [], calendar: CalendarState = .known,
  waiting: [WaitView] = [], missed: MissedNight? = nil,
  upcoming: Bool = false
) -> WindowStatus {
  WindowStatus(
    window: name, description: "NYC flights, 2013", state: state, reason: reason,
    since: instant("2013-02-09T06:12:07Z"), by: by, zone: "America/New_York",
    dates: DateCounts(total: states.values.reduce(0, +), states: states, verdicts: verdicts), running: running,
    chunk: chunk, next: next, uncovered: uncovered, alarms: alarms, calendar: calendar,
    waiting: waiting, missed: missed, upcoming: upcoming)
}

func status(
  _ windows: [WindowStatus], state: DaemonStatus.State = .ready, reason: String? = nil,
  rejected: [RejectedWindowStatus] = []
) -> DaemonStatus {
  DaemonStatus(
    version: "0.1.0", state: state, reason: reason, since: instant("2013-02-01T12:00:00Z"), windows: windows,
    rejected: rejected)
}

func date(
  _ date: String, _ state: DateState, verdict: Verdict? = nil, reason: String? = nil, awaitsInput: Bool = false,
  attempts: Int = 0,
  byHand: Bool = false, covered: Bool = true, steps: [StepView] = [], history: [AttemptRecord]? = nil
) -> DateView {
  DateView(
    date: day(date), state: state, reason: reason, awaitsInput: awaitsInput, verdict: verdict, attempts: attempts,
    byHand: byHand,
    covered: covered, steps: steps, history: history)
}

func view(
  _ dates: [DateView], state: WindowState = .active, reason: String? = nil, drift: [DriftView] = [],
  alarms: [OpenAlarm] = [], decisions: [DecisionRecord]? = nil, changes: [ChangeRecord]? = nil
) -> WindowView {
  WindowView(
    window: "flights", state: state, reason: reason, since: instant("2013-02-09T06:12:07Z"), by: "backfilld",
    zone: "America/New_York", dates: dates, drift: drift, alarms: alarms, decisions: decisions, changes: changes)
}

/// A date that is held for an anomaly, and nothing else.
func anomalous(_ text: String) -> DateView {
  date(
    text, .held, verdict: .anomaly, reason: sentence, attempts: 3,
    steps: [
      StepView(
        step: "cancellations", state: .done, verdict: .anomaly, sentence: sentence, accepted: false, attempts: 1,
        report: nil)
    ])
}

/// The held date with everything `show` can say about it.
let heldDate = date(
  "2013-02-08", .held, verdict: .anomaly, reason: "anomaly at cancellations", attempts: 4,
  steps: [
    StepView(
      step: "load", state: .done, verdict: .pass, sentence: nil, accepted: false, attempts: 2,
      report: Report(attempted: 930, records: 930)),
    StepView(
      step: "cancellations", state: .done, verdict: .anomaly, sentence: sentence, accepted: false, attempts: 1,
      report: Report(attempted: 930, records: 458, failures: ["CANCELLED": 472, "NO_ARRIVAL": 3])),
    StepView(
      step: "routes", state: .failed, verdict: nil, sentence: "exit status 3", accepted: false, attempts: 1,
      report: nil),
    StepView(
      step: "summary", state: .blocked, verdict: nil, sentence: nil, accepted: false, attempts: 0, report: nil),
  ],
  history: [
    attempt(
      "load", 1, ending: "killed by SIGKILL", milliseconds: 1234, executions: 2, output: "half\u{1B}[31m way\nred\n"),
    attempt("load", 2, ending: "exit status 0", milliseconds: 850),
    attempt("routes", 1, ending: "exit status 3", milliseconds: 61_000, output: "no such table: carriers\n"),
    attempt("cancellations", 1, ending: nil, milliseconds: nil),
  ])

/// A rerun of one date, with what becomes stale by it.
let rerunSample = Rerun(
  step: "load",
  dates: [RerunDate(date: day("2013-02-08"), again: ["load"], stale: ["routes", "summary"], isPending: true)]
    + ["2013-02-09", "2013-02-10", "2013-02-11"].map {
      RerunDate(date: day($0), again: [], stale: ["features"], isPending: true)
    } + [RerunDate(date: day("2013-02-12"), again: [], stale: ["features"], isPending: false)])

let heldView = view(
  [heldDate], state: .paused, reason: sentence,
  decisions: [
    DecisionRecord(
      action: "retry", date: day("2013-02-08"), step: "load", reason: "the disk was full", by: "anna",
      at: instant("2013-02-09T06:20:00Z"))
  ])

func attempt(
  _ step: String, _ number: Int, ending: String?, milliseconds: Int64?, executions: Int = 1, output: String? = nil
) -> AttemptRecord {
  let usage =
    ending == nil
    ? nil : ResourceUsage(userCPU: .milliseconds(310), systemCPU: .milliseconds(40), peakMemoryKiB: 38_912)
  return AttemptRecord(
    step: step, attempt: number, runID: "r\(number)", chunk: 7, executions: executions,
    started: instant("2013-02-09T06:10:03Z"), ended: ending == nil ? nil : instant("2013-02-09T06:10:05Z"),
    durationMilliseconds: milliseconds, ending: ending, usage: usage, report: nil, verdict: nil, outputTail: output,
    definitionHash: "abc")
}
