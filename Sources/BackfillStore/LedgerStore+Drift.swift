import BackfillCore
import GRDB

extension LedgerStore {
  /// Reads the rates of the dates after `after` up to `through` from the last verdict of each step that is done.
  public func driftFacts(
    in window: String, after: CivilDate?, through: CivilDate
  ) async throws(LedgerFailure) -> DriftFacts {
    try await read { db in
      let range: StatementArguments = [window, after?.description ?? "", through.description]
      return DriftFacts(
        dates: try Self.driftDates(range, db), restarts: try Self.driftRestarts(window, db),
        told: try Self.toldCrossings(window, db), revision: try Self.revision(of: window, db))
    }
  }

  /// Writes down alarms, their events and the pause in one transaction; nothing when the facts are out of date.
  public func commit(_ report: DriftReport) async throws(LedgerFailure) -> DriftOutcome {
    let window = report.window
    let events = try Self.encoded(
      report.alarms.map { alarm in
        .driftJudged(
          window: window, step: alarm.crossing.stream.step, date: alarm.crossing.date, verdict: alarm.crossing.word,
          sentence: alarm.sentence)
      })
    return try await write { db in
      guard try Self.revision(of: window, db) == report.revision else { return .overtaken }
      for alarm in report.alarms { try Self.write(alarm, of: window, at: report.at, db) }
      try Self.append(events, at: report.at, db)
      guard let reason = report.pauseReason, let date = report.alarms.map(\.crossing.date).max() else { return .told }
      if try Self.pause(window, for: reason, date: date, at: report.at, db) { return .paused(reason) }
      try Self.haltHandActivations(of: window, db)
      return .halted
    }
  }

  /// Decisions by which steps run again or are judged again: what they settle, may be told again.
  private static let withdrawals = "('rerun', 'stale', 'retry', 'validate')"

  private static func write(_ alarm: DriftAlarm, of window: String, at: Instant, _ db: Database) throws {
    let crossing = alarm.crossing
    let key: [(any StatementBinding)?] = [
      window, crossing.stream.step, crossing.stream.name, crossing.date.description, crossing.word.rawValue,
    ]
    try db.run(
      """
      UPDATE drift_alarms SET evidence = ?6, at = ?7, settled = NULL
      WHERE window = ?1 AND step = ?2 AND stream = ?3 AND date = ?4 AND word = ?5
        AND EXISTS (SELECT 1 FROM decisions WHERE id = settled AND action IN \(withdrawals))
      """,
      key + [alarm.evidence, at.milliseconds])
    if db.changesCount == 1 { return }
    try db.run(
      "INSERT INTO drift_alarms (window, step, stream, date, word, evidence, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      key + [alarm.evidence, at.milliseconds])
  }

  /// Starts the streams of all open anomalies anew after the last date that was folded, for the reason of `decision`, which is
  /// kept as `id`. What they said before is settled.
  static func settleDrift(_ decision: Decision, by id: Int64, _ db: Database) throws -> [DriftRestart] {
    let open = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT step, stream, max(date) FROM drift_alarms
          WHERE window = ? AND settled IS NULL AND word = 'anomaly' GROUP BY step, stream
          """),
      arguments: [decision.window])
    return try open.map { row in
      // The alarm may be of a date that the engine had not taken in when the person decided.
      let last: String = max(row[2], decision.foldedThrough?.description ?? "")
      return try restart(DriftStream(step: row[0], name: row[1]), after: last, decision, by: id, db)
    }
  }

  /// Starts the streams anew whose open anomalies name `date`, after it; what was accepted is kept as a decision of the step.
  static func acceptDrift(of date: CivilDate, _ decision: Decision, _ db: Database) throws -> [DriftRestart] {
    let key = date.description
    let open = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT step, stream FROM drift_alarms
          WHERE window = ? AND date = ? AND settled IS NULL AND word = 'anomaly' ORDER BY step, stream
          """),
      arguments: [decision.window, key])
    return try open.map { row in
      let step: String = row[0]
      let id = try acceptance(of: step, date, decision, db)
      return try restart(DriftStream(step: step, name: row[1]), after: key, decision, by: id, db)
    }
  }

  /// Withdraws the alarms that name `date` and whose step runs again by the decision that was recorded last.
  ///
  /// They are raised anew if the new facts say so.
  static func withdrawDrift(of date: String, in window: String, _ db: Database) throws {
    try db.run(
      """
      UPDATE drift_alarms SET settled = ?1 WHERE window = ?2 AND date = ?3 AND settled IS NULL
        AND step IN (SELECT step FROM steps WHERE window = ?2 AND date = ?3 AND state <> 'done')
      """,
      [db.lastInsertedRowID, window, date])
  }

  /// Withdraws the alarms of `step` that name `date`, because `decision`, which is kept already, judged it again.
  static func withdrawDrift(
    of step: String, _ date: String, by decision: Int64, in window: String, _ db: Database
  ) throws {
    try db.run(
      "UPDATE drift_alarms SET settled = ? WHERE window = ? AND step = ? AND date = ? AND settled IS NULL",
      [decision, window, step, date])
  }

  /// The decision that accepts what `step` says about `date`; one that accepts its own anomaly is there already.
  private static func acceptance(
    of step: String, _ date: CivilDate, _ decision: Decision, _ db: Database
  ) throws -> Int64 {
    let known = try db.firstRow(
      """
      SELECT id FROM decisions
      WHERE window = ? AND date = ? AND step = ? AND action = 'accept' AND at = ? AND who = ? AND reason IS ?
      """,
      [
        decision.window, date.description, step, decision.at.milliseconds, decision.by, decision.reason,
      ])
    if let known { return known[0] }
    try record("accept", decision, date: date, step: step, db)
    return db.lastInsertedRowID
  }

  private static func restart(
    _ stream: DriftStream, after last: String, _ decision: Decision, by id: Int64, _ db: Database
  ) throws -> DriftRestart {
    try db.run(
      """
      INSERT INTO drift_restarts (window, step, stream, date, decision) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """,
      [decision.window, stream.step, stream.name, last, id])
    try db.run(
      """
      UPDATE drift_alarms SET settled = ?
      WHERE window = ? AND step = ? AND stream = ? AND date <= ? AND settled IS NULL
      """,
      [id, decision.window, stream.step, stream.name, last])
    let date = try Coding.date(last)
    try record("restart drift", decision, date: date, step: stream.step, db)
    try append(
      .driftSettled(
        window: decision.window, step: stream.step, stream: stream.name, date: date, reason: decision.reason,
        by: decision.by), decision, db)
    return DriftRestart(stream: stream, after: date)
  }

  /// The anomalies that nobody has settled, by window.
  static func openAlarms(_ db: Database) throws -> [String: [OpenAlarm]] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT window, step, stream, date FROM drift_alarms
        WHERE settled IS NULL AND word = 'anomaly' ORDER BY window, date, step, stream
        """)
    var alarms: [String: [OpenAlarm]] = [:]
    while let row = try rows.next() {
      alarms[row[0], default: []].append(OpenAlarm(step: row[1], stream: row[2], date: try Coding.date(row[3])))
    }
    return alarms
  }

  /// Counts up with every decision about the window.
  private static func revision(of window: String, _ db: Database) throws -> Int64 {
    try db.firstRow("SELECT coalesce(max(id), 0) FROM decisions WHERE window = ?", [window])?[0] ?? 0
  }

  // MARK: Rows

  /// Arguments: the window, and the dates between which, the first excluded.
  private static func driftDates(_ range: StatementArguments, _ db: Database) throws -> [CivilDate: DriftDate] {
    var facts: [String: [DriftStream: DriftFact]] = [:]
    let verdicts = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT s.date, s.step, s.accepted, a.verdict
          FROM steps s CROSS JOIN attempts a
            ON a.window = s.window AND a.step = s.step AND a.date = s.date AND a.attempt = s.attempt
          WHERE s.window = ? AND s.date > ? AND s.date <= ? AND s.state = 'done' AND a.verdict IS NOT NULL
          """),
      arguments: range)
    while let row = try verdicts.next() {
      do {
        let verdict = try Coding.value(StepVerdict.self, from: row[3])
        facts[row[0], default: [:]].merge(verdict.driftFacts(of: row[1], isAccepted: row[2])) { $1 }
      } catch {
        // `show` says what cannot be read; here it is a step without facts, and the other dates are watched all the same.
        guard error.kind == .unreadable else { throw error }
      }
    }
    let rows = try Row.fetchCursor(
      db.cachedStatement(sql: "SELECT date, state FROM dates WHERE window = ? AND date > ? AND date <= ?"),
      arguments: range)
    var dates: [CivilDate: DriftDate] = [:]
    while let row = try rows.next() {
      let date: String = row[0]
      dates[try Coding.date(date)] = DriftDate(
        state: try Coding.word(DateState.self, row[1]), facts: facts[date] ?? [:])
    }
    return dates
  }

  private static func driftRestarts(_ window: String, _ db: Database) throws -> [DriftStream: [CivilDate]] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT step, stream, date FROM drift_restarts WHERE window = ? ORDER BY date"),
      arguments: [window])
    return try rows.reduce(into: [:]) { restarts, row in
      restarts[DriftStream(step: row[0], name: row[1]), default: []].append(try Coding.date(row[2]))
    }
  }

  /// Without those that were withdrawn because their step runs again or was judged again.
  private static func toldCrossings(_ window: String, _ db: Database) throws -> Set<DriftCrossing> {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT step, stream, date, word FROM drift_alarms a
          WHERE window = ? AND NOT EXISTS (
            SELECT 1 FROM decisions d WHERE d.id = a.settled AND d.action IN \(withdrawals))
          """),
      arguments: [window])
    return Set(
      try rows.map { row in
        DriftCrossing(
          stream: DriftStream(step: row[0], name: row[1]), date: try Coding.date(row[2]),
          word: try Coding.word(Verdict.self, row[3]))
      })
  }
}
