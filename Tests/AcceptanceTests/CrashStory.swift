import BackfillCore
import Foundation

/// What is left when a window is complete after many deaths of its daemon, and what was seen on the way.
struct CrashStory: Sendable {
  /// How often the daemon was killed, by place.
  let kills: [String: Int]
  /// Executions that were claimed when a daemon died.
  let interrupted: Set<CrashRun.Execution>
  /// Executions that an orderly stop cut short.
  let stopped: Set<CrashRun.Execution>
  let held: [CrashRun.Hold]
  /// `DATE STATE VERDICT`
  let dates: [String]
  let attempts: [Attempt]
  /// `KIND`, `open` or `ended`, and the number of dates that were named.
  let activations: [String]
  let integrity: String
  let eventsLeft: String
  /// Words of the steps: what, date, step, run.
  let log: [[String]]
  /// What the sqlite3 tool had to say inside of the steps.
  let problems: String
  /// The lines that the daemons wrote to standard error.
  let journal: [String]
  /// The same without the time.
  let messages: [String]
  /// Processes of a step that are there after the last stop.
  let processes: [String]

  struct Attempt: Sendable {
    let date: String
    let step: String
    let number: String
    let runID: String
    let executions: Int
    let ending: String
    let state: String
    let kind: String
    let report: Report
  }

  init(of run: CrashRun, _ stage: DaemonStage) throws {
    kills = run.kills
    interrupted = run.interrupted
    stopped = run.stopped
    held = run.held
    let ledger = try LedgerCopy(of: stage.ledger)
    dates = try ledger.rows("SELECT date, state, verdict FROM dates ORDER BY date").map { $0.joined(separator: " ") }
    attempts = try ledger.rows(
      """
      SELECT a.date, a.step, a.attempt, a.run_id, a.executions, a.ending, s.state, c.kind, a.report
      FROM attempts a JOIN steps s ON s.date = a.date AND s.step = a.step JOIN activations c ON c.id = a.chunk
      ORDER BY a.date, a.step, a.attempt
      """
    ).map { row in
      Attempt(
        date: row[0], step: row[1], number: row[2], runID: row[3], executions: Int(row[4]) ?? 0, ending: row[5],
        state: row[6], kind: row[7], report: try JSONDecoder().decode(Report.self, from: Data(row[8].utf8)))
    }
    activations = try ledger.rows(
      """
      SELECT kind, iif(ended IS NULL, 'open', 'ended'), coalesce(json_array_length(dates), 'any')
      FROM activations ORDER BY id
      """
    ).map { $0.joined(separator: " ") }
    integrity = try ledger.value("PRAGMA integrity_check")
    eventsLeft = try ledger.value("SELECT count(*) FROM outbox WHERE event IS NOT NULL")
    log = try String(contentsOfFile: stage.work + "/log", encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: " ").map(String.init)
    }
    problems =
      FileManager.default.fileExists(atPath: stage.work + "/problems")
      ? try String(contentsOfFile: stage.work + "/problems", encoding: .utf8) : ""
    journal = stage.errors().split(separator: "\n").map(String.init)
    messages = journal.map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" }
    processes = try DaemonStage.processes(with: "WORK=\(stage.work)")
  }
}
