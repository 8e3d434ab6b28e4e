import BackfillCore
import GRDB

extension LedgerStore {
  public func dateDurations(in window: String, limit: Int) async throws(LedgerFailure) -> [Duration] {
    try await read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT took FROM dates WHERE window = ? AND state = 'done' AND took IS NOT NULL
            ORDER BY chunk DESC, date DESC LIMIT ?
            """),
        arguments: [window, limit])
      var durations: [Duration] = []
      while let row = try rows.next() { durations.append(.milliseconds(row[0] as Int64)) }
      return durations.reversed()
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
            WHERE s.window = ? AND a.duration IS NOT NULL
              AND a.ending <> 'stopped' AND a.ending <> 'input missing'
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
