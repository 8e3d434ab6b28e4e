import BackfillCore
import GRDB

// Each of these returns why the date did not change, or `nil` when it did.
extension LedgerStore {
  /// Takes the anomalies of a held date as they are: the steps below may run. `accepted` is told the steps.
  static func accept(
    _ date: CivilDate, _ reason: String, _ decision: Decision, _ db: Database, accepted: (String) -> Void
  ) throws -> String? {
    let key = date.description
    let state = try state(ofDate: key, in: decision.window, db)
    // Pending with an anomaly: the daemon died between the step's end and the date's.
    guard state == .held || state == .pending else { return "is \(state.rawValue)" }
    let steps = try steps(ofDate: key, in: decision.window, db)
    let anomalies = steps.filter(\.isOpenAnomaly)
    if state == .pending, anomalies.isEmpty { return "is pending" }
    if let failed = steps.first(where: { $0.state == .failed }) {
      return "`\(failed.name)` failed; retry or skip it: there is nothing to accept"
    }
    guard !anomalies.isEmpty else {
      return "no step of it has an anomaly; retry or skip it: there is nothing to accept"
    }
    try set(.pending, reason: "accepted: \(reason)", verdict: .keep, ofDate: key, in: decision.window, db)
    for step in anomalies {
      try db.run(
        "UPDATE steps SET accepted = 1 WHERE window = ? AND date = ? AND step = ?", [decision.window, key, step.name])
      accepted(step.name)
      try record("accept", decision, date: date, step: step.name, db)
      try append(
        .dateAccepted(window: decision.window, date: date, step: step.name, reason: reason, by: decision.by),
        decision, db)
    }
    return nil
  }

  /// Starts a new round of attempts for what failed or was an anomaly.
  static func retry(_ date: CivilDate, _ decision: Decision, _ db: Database) throws -> String? {
    let key = date.description
    let state = try state(ofDate: key, in: decision.window, db)
    let isOpen =
      try state == .pending
      && steps(ofDate: key, in: decision.window, db).contains { $0.isOpenAnomaly || $0.state == .failed }
    guard state == .held || state == .skipped || isOpen else { return "is \(state.rawValue)" }
    try set(.pending, reason: nil, verdict: .set(nil), ofDate: key, in: decision.window, db)
    try db.run("UPDATE steps SET interruptions = 0 WHERE window = ? AND date = ?", [decision.window, key])
    try db.run(
      """
      UPDATE steps SET state = 'pending', round_start = attempt, verdict = NULL
      WHERE window = ? AND date = ? AND (state = 'failed' OR (state = 'done' AND verdict = 'anomaly' AND NOT accepted))
      """,
      [decision.window, key])
    try record("retry", decision, date: date, db)
    try withdrawDrift(of: key, in: decision.window, db)
    try append(
      .dateRetried(window: decision.window, date: date, reason: decision.reason, by: decision.by), decision, db)
    return nil
  }

  /// Leaves a date out.
  static func skip(_ date: CivilDate, _ reason: String, _ decision: Decision, _ db: Database) throws -> String? {
    let key = date.description
    let state = try state(ofDate: key, in: decision.window, db)
    guard state == .pending || state == .held else { return "is \(state.rawValue)" }
    if let step = try runningStep(ofDate: key, in: decision.window, db) { return "`\(step)` is running" }
    try set(.skipped, reason: reason, verdict: .keep, ofDate: key, in: decision.window, db)
    try record("skip", decision, date: date, db)
    try append(
      .dateSkipped(window: decision.window, date: date, reason: reason, by: decision.by), decision, db)
    return nil
  }

  /// Records a date of the bootstrap as skipped, unless the ledger knows something of it.
  static func skipUnknown(_ date: CivilDate, _ reason: String, _ window: String, _ db: Database) throws -> String? {
    try db.run(
      "INSERT INTO dates (window, date, state, reason) VALUES (?, ?, 'skipped', ?) ON CONFLICT DO NOTHING",
      [window, date.description, reason])
    if db.changesCount == 1 { return nil }
    return "is \(try state(ofDate: date.description, in: window, db).rawValue)"
  }

  /// Forgets that dates of `work` were skipped for `reason`, where the ledger knows nothing else of them; returns those.
  static func free(
    _ work: DateRange, skippedFor reason: String, in window: String, _ db: Database
  ) throws -> [CivilDate] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          DELETE FROM dates WHERE window = ? AND date BETWEEN ? AND ? AND state = 'skipped' AND reason = ?
            AND NOT EXISTS (SELECT 1 FROM steps s WHERE s.window = dates.window AND s.date = dates.date)
          RETURNING date
          """),
      arguments: [window, work.from.description, work.to.description, reason])
    return try rows.map { try Coding.date($0[0]) }.sorted()
  }

  /// Records a date and its steps as done, without an attempt, unless the ledger knows something of it.
  static func importDone(
    _ date: CivilDate, _ steps: [String], _ decision: Decision, _ db: Database
  ) throws -> String? {
    let key = date.description
    try db.run(
      "INSERT INTO dates (window, date, state, reason) VALUES (?, ?, 'done', ?) ON CONFLICT DO NOTHING",
      [decision.window, key, DateState.importedReason])
    guard db.changesCount == 1 else { return "is \(try state(ofDate: key, in: decision.window, db).rawValue)" }
    for step in steps {
      try db.run(
        "INSERT INTO steps (window, date, step, state, attempt) VALUES (?, ?, ?, 'done', 0)",
        [decision.window, key, step])
    }
    try record("import", decision, date: date, db)
    return nil
  }

  private struct StepLine {
    let name: String
    let state: StepState
    let isOpenAnomaly: Bool
  }

  private static func steps(ofDate date: String, in window: String, _ db: Database) throws -> [StepLine] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT step, state, state = 'done' AND verdict IS 'anomaly' AND NOT accepted
          FROM steps WHERE window = ? AND date = ? ORDER BY step
          """),
      arguments: [window, date])
    return try rows.map { row in
      StepLine(name: row[0], state: try Coding.word(StepState.self, row[1]), isOpenAnomaly: row[2])
    }
  }
}
