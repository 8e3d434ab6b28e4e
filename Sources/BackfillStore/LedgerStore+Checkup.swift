import BackfillCore
import GRDB

extension LedgerStore {
  /// Looks whether the ledger is sound, on a connection of its own: nobody who reads or writes waits for it.
  ///
  /// Reads every page; seconds for a large ledger. Who asks while it is looked at gets the same answer: a crowd does not take
  /// the connections of those who read.
  public func checkup() async throws(LedgerFailure) -> LedgerCheckup {
    try await checkups.join {
      do throws(LedgerFailure) { return .success(try await self.look()) } catch { return .failure(error) }
    }.value.get()
  }

  private func look() async throws(LedgerFailure) -> LedgerCheckup {
    try checkFiles()
    // Of the connection that writes: the others write nothing, and GRDB sets them up in another way.
    let written = try await pragmasOfWriter()
    let file = pool.path
    return try await read { db in
      var problems: [String] = []
      do {
        problems = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)").filter { $0 != "ok" }
      } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
        problems = [LedgerFailure.sentence(of: error)]
      }
      let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      let pageSize = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
      return LedgerCheckup(
        file: file, bytes: pages * pageSize,
        version: try Schema.migrations.migrator.appliedIdentifiers(db).compactMap(Migration.version).max() ?? 0,
        problems: problems.map { String($0.prefix(200)) },
        orphans: problems.isEmpty ? try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count : 0, pragmas: written)
    }
  }

  /// The nominal instant of the last activation that the schedule of each window opened.
  public func lastFirings() async throws(LedgerFailure) -> [String: Instant] {
    try await read { db in
      var last: [String: Instant] = [:]
      let rows = try Row.fetchCursor(
        db, sql: "SELECT window, max(nominal) FROM activations WHERE kind = 'scheduled' GROUP BY window")
      while let row = try rows.next() { last[row[0]] = Instant(milliseconds: row[1]) }
      return last
    }
  }

  private func pragmasOfWriter() async throws(LedgerFailure) -> [String: String] {
    let result: Result<[String: String], LedgerFailure> = await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { db in
        let values = Result {
          try ["application_id", "busy_timeout", "foreign_keys", "journal_mode", "synchronous"].map { name in
            (name, try String.fetchOne(db, sql: "PRAGMA \(name)") ?? "")
          }
        }
        continuation.resume(
          returning: values.map { Dictionary(uniqueKeysWithValues: $0) }.mapError { LedgerFailure($0) })
      }
    }
    return try result.get()
  }
}
