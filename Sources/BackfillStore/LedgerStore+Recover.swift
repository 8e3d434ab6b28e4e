import BackfillCore
import GRDB

extension LedgerStore {
  /// So many interruptions of one step in a row hold its date.
  static let tolerableInterruptions = 3

  /// Makes every claimed step pending again, unfinished, with one interruption more; holds its date at the third in a row.
  ///
  /// Activations stay open: they go on with what is left of them, those by hand also with the dates that were cut short.
  public func recover(at: Instant, maxHeld: [String: Int] = [:]) async throws(LedgerFailure) -> [RecoveredStep] {
    try await write { db in
      let recovered = try Self.claimed(db).map { try Self.recover($0, at: at, maxHeld: maxHeld, db) }
      try Self.giveBack(db)
      // What is left running has no step that runs: the daemon died between two steps.
      try db.run(
        """
        UPDATE dates SET state = 'pending', reason = (
          SELECT ? FROM steps s
          WHERE s.window = dates.window AND s.date = dates.date AND s.state = 'stale' LIMIT 1)
        WHERE state = 'running'
        """,
        [DateState.staleReason])
      return recovered
    }
  }

  private static func recover(
    _ attempt: AttemptIdentity, at: Instant, maxHeld: [String: Int], _ db: Database
  ) throws -> RecoveredStep {
    let date = attempt.date.description
    let row = try db.firstRow(
      """
      UPDATE steps SET state = 'pending', unfinished = 1, interruptions = interruptions + 1
      WHERE window = ? AND date = ? AND step = ? RETURNING interruptions
      """,
      [attempt.window, date, attempt.step])
    let interruptions: Int = row?[0] ?? 0
    try db.run(
      "UPDATE attempts SET ended = ?, ending = 'interrupted' WHERE window = ? AND step = ? AND date = ? AND attempt = ?",
      [at.milliseconds, attempt.window, attempt.step, date, attempt.attempt])
    var events: [JournalEvent] = [.stepInterrupted(attempt, inARow: interruptions)]
    let isDateHeld = interruptions >= tolerableInterruptions
    var isNewlyHeld = false
    if isDateHeld {
      let reason = "`\(attempt.step)` was interrupted \(interruptions) times in a row"
      try db.run(
        "UPDATE dates SET state = 'held', reason = ? WHERE window = ? AND date = ? AND state IN ('running', 'pending')",
        [reason, attempt.window, date])
      isNewlyHeld = db.changesCount == 1
      if isNewlyHeld {
        events.append(
          .dateHeld(window: attempt.window, date: attempt.date, chunk: attempt.chunk, reason: reason))
      }
    }
    try append(try encoded(events), at: at, db)
    if isNewlyHeld, let limit = maxHeld[attempt.window] {
      try pauseWhenManyAreHeld(attempt.window, limit: limit, date: attempt.date, at: at, db)
    }
    return RecoveredStep(attempt: attempt, interruptions: interruptions, isDateHeld: isDateHeld)
  }

  /// An activation by hand starts each of its dates once; those that a death or a stop cut short count as not started.
  /// The others start a date again by themselves, without counting it twice. A date that came to its end, and whose results
  /// became stale since, was not cut short: it waits for whom its rerun left it to.
  private static func giveBack(_ db: Database) throws {
    try db.run(
      """
      DELETE FROM activation_dates WHERE (activation, date) IN (
        SELECT started.activation, started.date
        FROM activations a JOIN activation_dates started ON started.activation = a.id
          JOIN dates d ON d.window = a.window AND d.date = started.date
        WHERE a.ended IS NULL AND a.kind = 'hand' AND d.state IN ('pending', 'running')
          AND NOT EXISTS (
            SELECT 1 FROM steps s
            WHERE s.window = a.window AND s.date = started.date AND s.step = a.step AND s.state = 'done')
          AND (
            d.state = 'running'
            OR EXISTS (SELECT 1 FROM steps s WHERE s.window = a.window AND s.date = started.date AND s.unfinished)
            OR NOT EXISTS (
              SELECT 1 FROM decisions r
              WHERE r.window = a.window AND r.date = started.date AND r.action IN ('rerun', 'stale') AND r.at > a.opened)))
      """)
  }

  /// The steps that are claimed, by window, date and name.
  static func claimed(_ db: Database) throws -> [AttemptIdentity] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT s.window, s.date, s.step, s.attempt, s.run_id, a.chunk
        FROM steps s CROSS JOIN attempts a
          ON a.window = s.window AND a.step = s.step AND a.date = s.date AND a.attempt = s.attempt
        WHERE s.state = 'running' ORDER BY s.window, s.date, s.step
        """)
    return try rows.map { row in
      AttemptIdentity(
        window: row[0], date: try Coding.date(row[1]), step: row[2], attempt: row[3], runID: row[4], chunk: row[5])
    }
  }
}
