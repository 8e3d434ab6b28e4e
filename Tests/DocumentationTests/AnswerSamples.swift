import BackfillCore
import Foundation

/// One answer of each sort with everything in it, to see which keys there are.
enum AnswerSamples {
  /// Every key of the answers, but not those of maps whose keys are the user's.
  static func keys() throws -> Set<String> {
    let encoder = JSONEncoder()
    var found: Set<String> = []
    let samples: [any Encodable] = [
      status, view, change, plan, failures, validation, rerun, imported, reload, BackupView(file: "", bytes: 0), doctor,
      DoctorFinding(.daemon, .ok, ""),
    ]
    for data in try samples.map({ try encoder.encode($0) }) {
      collect(try JSONSerialization.jsonObject(with: data), into: &found)
    }
    return found
  }

  private static func collect(_ value: Any, into found: inout Set<String>) {
    if let items = value as? [Any] { for item in items { collect(item, into: &found) } }
    guard let object = value as? [String: Any] else { return }
    for (key, inner) in object {
      found.insert(key)
      collect(inner, into: &found)
    }
  }

  private static let date = CivilDate(daysSinceEpoch: 15_744)
  private static let instant = Instant(seconds: 1_360_303_200)

  private static var doctor: DoctorView {
    DoctorView(
      version: "1", daemon: DaemonFacts(),
      ledger: LedgerCheckup(file: "", bytes: 0, version: 1, problems: [], orphans: 0, pragmas: [:]), reason: nil,
      windows: [
        WindowFirings(window: "flights", state: .active, zone: "UTC", isScheduled: true, last: nil, next: nil)
      ])
  }

  private static var status: DaemonStatus {
    DaemonStatus(
      version: "1", state: .ready, reason: nil, since: instant,
      windows: [
        WindowStatus(
          window: "flights", description: "", state: .active, reason: nil, since: instant, by: "ann", zone: "UTC",
          dates: DateCounts(total: 1, states: [:], verdicts: [:]),
          running: [RunningDate(date: date, since: instant, steps: ["load"])],
          chunk: ChunkStatus(id: 1, kind: .hand, nominal: instant, quota: nil, started: 1, endsAt: nil), next: nil,
          uncovered: 0)
      ],
      rejected: [RejectedWindowStatus(window: "nba", findings: [])])
  }

  private static var view: WindowView {
    WindowView(
      window: "flights", state: .active, reason: nil, since: instant, by: "ann", zone: "UTC",
      dates: [
        DateView(
          date: date, state: .done, reason: nil, verdict: .pass, attempts: 1, byHand: false, covered: true,
          steps: [
            StepView(
              step: "load", state: .done, verdict: .pass, sentence: nil, accepted: false, attempts: 1, report: report)
          ],
          history: [attempt])
      ],
      drift: [
        DriftView(
          step: "load", stream: "A", evidence: 12, anomalyEvidence: 20, anomalyAt: 40, verdict: .warn, dates: 4,
          since: date, n: 10, k: 4, low: 0, high: 0.1)
      ],
      alarms: [OpenAlarm(step: "load", stream: "A", date: date)],
      waiting: [
        WaitView(dates: 1, for: LookbackStall.Cause(date: date, step: "a", state: .held, awaitsInput: false))
      ],
      missed: MissedNight(firing: instant, reason: ""),
      decisions: [
        DecisionRecord(action: "accept", date: date, step: nil, reason: nil, by: "ann", at: instant)
      ],
      changes: [
        ChangeRecord(action: "accept", step: nil, reason: nil, by: "ann", at: instant, from: nil, to: nil, dates: 0)
      ])
  }

  private static var attempt: AttemptRecord {
    AttemptRecord(
      step: "load", attempt: 1, runID: "a", chunk: 1, executions: 1, started: instant, ended: nil,
      durationMilliseconds: nil, ending: nil, usage: ResourceUsage(), report: report,
      verdict: StepVerdict(
        word: .pass,
        findings: [
          Finding(
            reason: .ratePass, word: .pass, sentence: "", subject: "A",
            rate: RateEvidence(
              n: 1, k: 0, low: 0, high: 1, rho: 0, pHigh: 1, pLow: 1, p: 1, alphaWarn: 0.01, alphaAnomaly: 0.001,
              windowDates: 1, streams: 1))
        ], sentence: ""),
      outputTail: nil, definitionHash: "d")
  }

  private static var report: Report {
    Report(attempted: 1, records: 1, failures: [:], metrics: [:], message: "")
  }

  private static var reload: ReloadAnswer {
    ReloadAnswer(windows: [.init(window: "flights", change: .broken, findings: [])])
  }

  private static var rerun: RerunAnswer {
    RerunAnswer(
      message: "", rerun: Rerun(step: nil, dates: [RerunDate(date: date, again: [], stale: [], isPending: true)]),
      refused: [])
  }

  private static var imported: ImportAnswer {
    ImportAnswer(
      message: "", imported: [date], known: [DecisionOutcome.Refused(date: date, why: "")], uncovered: [date])
  }

  private static var failures: FailuresView {
    FailuresView(
      window: "flights", by: .category,
      rows: [
        FailureRow(
          group: "A", step: "load", kind: .never, dates: 1, n: 1, failed: 1, rate: nil, expected: 0, never: 1,
          unknown: 0, streams: [StreamRate(stream: "A", n: 1, failed: 1, rate: nil, low: nil, high: nil)])
      ])
  }

  private static var validation: ValidationView {
    ValidationView(
      window: "flights", judged: 1, busy: [], counts: [VerdictCount(was: .pass, verdict: .warn, steps: 1)],
      changes: [
        VerdictChange(
          date: date, step: "load", was: .pass, verdict: .warn, sentence: "", state: .done, becomes: .done)
      ], figures: 0, applied: false, message: nil, refused: [])
  }

  private static var plan: PlanView {
    PlanView(
      window: "flights", state: .active, reason: nil, zone: "UTC", schedule: nil, dateMilliseconds: nil, samples: 0,
      finish: nil, finishUnknown: nil, counts: [:], unplanned: 0, nightCount: 1,
      locks: [PlanLock(lock: "warehouse", windows: [])],
      nights: [
        PlannedNight(
          night: 1, kind: .scheduled, chunk: nil, firing: instant, quota: nil, endsAt: nil, dates: 1, first: date,
          last: date, finish: nil)
      ],
      dates: [
        PlanDate(
          date: date, state: nil, why: .pending, reason: nil, night: 1,
          bands: [PlanBand(step: "load", stream: "A", low: nil, high: nil)])
      ])
  }

  private static var change: ChangeAnswer {
    ChangeAnswer(message: "", changed: [date], refused: [DecisionOutcome.Refused(date: date, why: "")])
  }
}
