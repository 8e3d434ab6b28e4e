import BackfillCore
import GRDB

extension LedgerStore {
  /// Events that are not handed over yet, oldest first.
  ///
  /// One that this version cannot read does not hold up the rest: it comes as `ledgerUnavailable` with its own text.
  public func pendingEvents(limit: Int) async throws(LedgerFailure) -> [OutboxEntry] {
    try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT id, at, event FROM outbox ORDER BY id LIMIT ?"), arguments: [limit])
      return rows.map { row in
        let id: Int64 = row[0]
        return OutboxEntry(id: id, at: Instant(milliseconds: row[1]), event: Self.event(id, row[2]))
      }
    }
  }

  public func markHandedOver(through id: Int64) async throws(LedgerFailure) {
    try await write { db in try db.run("DELETE FROM outbox WHERE id <= ?", [id]) }
  }

  private static func event(_ id: Int64, _ text: String) -> JournalEvent {
    do {
      return try Coding.value(JournalEvent.self, from: text)
    } catch {
      return .ledgerUnavailable(reason: "event \(id) of the outbox cannot be read and is passed over: \(text)")
    }
  }

  static func encoded(_ events: [JournalEvent]) throws(LedgerFailure) -> [String] {
    try events.map { event throws(LedgerFailure) in try Coding.text(of: event) }
  }

  static func append(_ events: [String], at: Instant, _ db: Database) throws {
    for event in events {
      try db.run("INSERT INTO outbox (at, event) VALUES (?, ?)", [at.milliseconds, event])
    }
  }
}
