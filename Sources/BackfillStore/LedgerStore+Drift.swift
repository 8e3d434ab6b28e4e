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
      for alarm in report.alarms {
        let crossing = alarm.crossing
        try db.run(
          "INSERT INTO drift_alarms (window, step, stream, date, word, evidence, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
          [
            window, crossing.stream.step, crossing.stream.name, crossing.date.description, crossing.word.rawValue,
            alarm.evidence, report.at.milliseconds,
          ])
      }
      try Self.append(events, at: report.at, db)
      guard let reason = report.pauseReason, let date = report.alarms.map(\.crossing.date).max() else { return .told }
      if try Self.pause(window, for: reason, date: date, at: report.at, db) { return .paused(reason) }
      try Self.haltHandActivations(of: window, db)
      return .halted
    }
  }

  /// Starts the streams of the open anomalies anew after the last date that was folded, for the reason of `decision`,
  /// which is kept as `id`. What they said before is settled.
  static func restartDrift(_ decision: Decision, by id: Int64, _ db: Database) throws {
    let open = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT step, stream, max(date) FROM drift_alarms
          WHERE window = ? AND settled IS NULL AND word = 'anomaly' GROUP BY step, stream
          """),
      arguments: [decision.window])
    for row in open {
      let step: String = row[0]
      let stream: String = row[1]
      // The alarm may be of a date that the engine had not taken in when the person decided.
      let last: String = max(row[2], decision.foldedThrough?.description ?? "")
      try db.run(
        """
        INSERT INTO drift_restarts (window, step, stream, date, decision) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        [decision.window, step, stream, last, id])
      try db.run(
        "UPDATE drift_alarms SET settled = ? WHERE window = ? AND step = ? AND stream = ? AND settled IS NULL",
        [id, decision.window, step, stream])
      try record("restart drift", decision, date: try Coding.date(last), step: step, db)
    }
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

  private static func toldCrossings(_ window: String, _ db: Database) throws -> Set<DriftCrossing> {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT step, stream, date, word FROM drift_alarms WHERE window = ?"),
      arguments: [window])
    return Set(
      try rows.map { row in
        DriftCrossing(
          stream: DriftStream(step: row[0], name: row[1]), date: try Coding.date(row[2]),
          word: try Coding.word(Verdict.self, row[3]))
      })
  }
}
