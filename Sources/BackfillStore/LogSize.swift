import GRDB

/// The write-ahead log: how large it gets before it is overwritten from its start, and that it is so large from the beginning.
///
/// Syncing a page that is appended to a file takes about half as long again as syncing one that is overwritten.
enum LogSize {
  /// In pages of 4 KiB. A larger log would stop the writer for its checkpoint less often, which costs less than its growth.
  static let pages = 1000
  /// What a log that grew larger, behind a long read, is cut to; in bytes.
  static let limit = 16 << 20

  private static let bytes = Int64(pages * 4096)
  /// With less room on the disk the log grows with its commits.
  private static let roomToSpare = 16 * bytes

  /// Writes a log of full size with nothing in it: the pages of a transaction that does not fit into the memory it may take, and
  /// that is rolled back.
  static func grow(_ path: String, _ db: Database) throws {
    guard FileIdentity(path: path + "-wal").map({ $0.size < bytes }) ?? true else { return }
    guard let room = FreeRoom.bytes(beside: path), room >= roomToSpare else { return }
    let cache = try Int.fetchOne(db, sql: "PRAGMA cache_size") ?? 0
    do {
      try db.execute(sql: "PRAGMA cache_size = 10; BEGIN IMMEDIATE")
      try db.execute(sql: "CREATE TABLE filling (bytes BLOB); INSERT INTO filling VALUES (zeroblob(\(bytes)))")
    } catch {
      // Whoever has something to write meets the same, and tells of it.
    }
    if db.isInsideTransaction { try db.execute(sql: "ROLLBACK") }
    try db.execute(sql: "PRAGMA cache_size = \(cache)")
  }
}
