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

extension LedgerStore {
  /// How long the last attempt of each step took on each date; only those that came to an end of their own.
  public func stepDurations(in window: String) async throws(LedgerFailure) -> [String: [CivilDate: Duration]] {
    try await read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT s.step, s.date, a.duration FROM steps s CROSS JOIN attempts a
              ON a.window = s.window AND a.step = s.step AND a.date = s.date AND a.attempt = s.attempt
            WHERE s.window = ? AND a.duration IS NOT NULL AND a.ending <> 'stopped'
            """),
        arguments: [window])
      var durations: [String: [CivilDate: Duration]] = [:]
      while let row = try rows.next() {
        durations[row[0], default: [:]][try Coding.date(row[1])] = .milliseconds(row[2] as Int64)
      }
      return durations
    }
  }
}
