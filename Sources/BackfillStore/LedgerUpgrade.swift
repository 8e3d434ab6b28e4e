import BackfillCore
import Dispatch
import GRDB
import Glibc

/// An older ledger that was brought to this version's tables.
public struct LedgerUpgrade: Sendable, Equatable {
  public let from: Int
  public let to: Int
  /// The ledger as it was before: a file beside it, which nothing ever deletes.
  public let backup: String
}

/// Brings an older ledger to this version's tables, with a copy of the old one beside it.
///
/// The copy is whole, checked and durable before the first change. Dies the daemon in between, the next start finds the ledger as
/// it was, or with some of the changes, each of them whole, and begins again with another copy.
struct Upgrading {
  /// The places at which tests let it die.
  enum Point {
    case copying, copied, changed
  }

  let path: String
  let from: Int
  let migrations: Migrations
  let reached: @Sendable (Point) -> Void

  /// Copies the ledger, which nobody has open, to `backfilld.db.before-N`, N being the version that it is brought to.
  ///
  /// - Returns: The path of the copy.
  /// - Throws: When there is no room, or the copy cannot be made; the ledger and its directory are as they were then.
  func copy() throws -> String {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.qos = .default
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let copied = Result {
      try queue.read { source in
        try checkRoom(for: source)
        let file = try BackupFile(freePath, partialPath: base + ".partial")
        // What an upgrade that died has left: a part of a copy.
        file.remove()
        try file.create()
        do {
          try LedgerStore.copy(source, to: file.partialPath)
          reached(.copying)
          _ = try file.publish()
        } catch {
          file.remove()
          throw error
        }
        return file.path
      }
    }
    let closed = Result { try queue.close() }
    let copy = try copied.get()
    try closed.get()
    reached(.copied)
    return copy
  }

  /// Changes the tables. When the first change fails the copy goes again: it is the ledger once more.
  func change(_ pool: DatabasePool, backup: String) throws -> LedgerUpgrade {
    do {
      try migrations.migrator.migrate(pool)
    } catch {
      // Where even that cannot be read the copy stays; what went wrong first is what a person must hear.
      let applied = Result { try pool.read { db in try migrations.migrator.appliedIdentifiers(db) } }
      if case .success(let known) = applied, known.compactMap(Migration.version).max() == from { unlink(backup) }
      throw error
    }
    reached(.changed)
    return LedgerUpgrade(from: from, to: migrations.version, backup: backup)
  }

  private var base: String { "\(path).before-\(migrations.version)" }

  /// An earlier upgrade from a backup that was put back may have left a copy: it stays.
  private var freePath: String {
    var information = stat()
    var number = 1
    var free = base
    while lstat(free, &information) == 0 {
      number += 1
      free = "\(base).\(number)"
    }
    return free
  }

  /// The copy takes as much room as the ledger, and the log of the change may take as much again.
  private func checkRoom(for source: Database) throws {
    let pages = try Int64.fetchOne(source, sql: "PRAGMA page_count") ?? 0
    let size = try Int64.fetchOne(source, sql: "PRAGMA page_size") ?? 0
    let needed = 2 * pages * size
    let folder = FreeRoom.folder(of: path)
    guard let free = FreeRoom.bytes(beside: path) else {
      throw LedgerFailure("the room in `\(folder)` cannot be seen: \(String(cString: strerror(errno)))")
    }
    guard free < needed else { return }
    throw LedgerOpenFailure.unavailable(
      "the ledger `\(path)` is of version \(from) and has to be brought to version \(migrations.version): that needs "
        + "\(ByteCount.text(needed)) of room in `\(folder)`, for a copy of it and for the change, and "
        + "\(ByteCount.text(free)) are free; it is left as it is")
  }
}
