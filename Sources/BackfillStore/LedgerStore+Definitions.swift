import BackfillCore
import GRDB

extension LedgerStore {
  public func definitions(in window: String) async throws(LedgerFailure) -> [DefinitionView] {
    try await read { db in try Self.definitions(in: window, db) }
  }

  /// A date whose steps were done with two definitions counts for each of them.
  static func definitions(in window: String, _ db: Database) throws -> [DefinitionView] {
    // CROSS JOIN keeps the order of the loops: steps by their key, for each the one attempt.
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT a.definition, count(DISTINCT a.date), min(a.date), max(a.date)
          FROM (SELECT * FROM steps WHERE window = ? AND state = 'done') s CROSS JOIN attempts a
            ON a.window = s.window AND a.step = s.step AND a.date = s.date AND a.attempt = s.attempt
          GROUP BY a.definition ORDER BY min(a.id)
          """),
      arguments: [window])
    return try rows.map { row in
      DefinitionView(
        definition: row[0], dates: row[1], first: try Coding.date(row[2]), last: try Coding.date(row[3]))
    }
  }
}
