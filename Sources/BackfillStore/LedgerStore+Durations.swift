import BackfillCore
import GRDB

extension LedgerStore {
  /// How long the done dates that were worked on last took; a date without attempts (it was done before backfilld) has no
  /// duration.
  public func dateDurations(in window: String, limit: Int) async throws(LedgerFailure) -> [Duration] {
    try await read { db in
      // CROSS JOIN keeps the order of the loops: the few dates first, then their attempts by key.
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT max(a.ended) - min(a.started) FROM (
              SELECT window, date, chunk FROM dates WHERE window = ? AND state = 'done' AND chunk IS NOT NULL
              ORDER BY chunk DESC, date DESC LIMIT ?) d
            CROSS JOIN steps s ON s.window = d.window AND s.date = d.date
            CROSS JOIN attempts a
              ON a.window = s.window AND a.step = s.step AND a.date = s.date AND a.chunk = d.chunk
            WHERE a.ended IS NOT NULL GROUP BY d.date
            """),
        arguments: [window, limit])
      var durations: [Duration] = []
      while let row = try rows.next() { durations.append(.milliseconds(max(0, row[0] as Int64))) }
      return durations
    }
  }
}
