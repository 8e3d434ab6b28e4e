import BackfillCore
import Dispatch
import GRDB
import Glibc

/// What lies at the place of a database, found out without changing a byte of it.
enum Inspection: Equatable {
  /// Nothing, or an empty file, or a database whose creation was interrupted before its tables were there.
  case nothing
  /// A ledger that this version can open, if need be after an upgrade.
  case ledger(version: Int)

  /// Looks at the file at `path`; refuses what is not a sound ledger of the version that `migrations` make, or an older one.
  init(path: String, migrations: Migrations) throws(LedgerOpenFailure) {
    guard try Self.hasHeader(path) else {
      self = .nothing
      return
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      configuration.qos = .default
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      let found = Result { try queue.read { db in try Self.look(db, path, migrations) } }
      try queue.close()
      self = try found.get()
    } catch {
      throw LedgerOpenFailure(error, path: path)
    }
  }

  /// Whether the file begins as an SQLite database does; false when it is absent or empty.
  private static func hasHeader(_ path: String) throws(LedgerOpenFailure) -> Bool {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return false }
      throw .unavailable("the ledger `\(path)` cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { Glibc.close(descriptor) }
    var start = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &start, start.count, 0)
    guard count >= 0 else {
      throw .unavailable("the ledger `\(path)` cannot be read: \(String(cString: strerror(errno)))")
    }
    if count == 0 { return false }
    guard start == Array("SQLite format 3\0".utf8) else {
      throw .foreign(path: path, what: "it is not an SQLite database")
    }
    return true
  }

  private static func look(_ db: Database, _ path: String, _ migrations: Migrations) throws -> Inspection {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    if application == 0, try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 { return .nothing }
    guard application == Schema.applicationID else {
      throw LedgerOpenFailure.foreign(path: path, what: "it is the database of another program")
    }
    let applied = try migrations.migrator.appliedIdentifiers(db)
    let version = applied.compactMap(Migration.version).max() ?? 0
    if let unknown = applied.subtracting(migrations.all.map(\.identifier)).sorted().first {
      throw LedgerOpenFailure.newer(
        path: path, version: version, unknown: unknown, known: migrations.version,
        backup: backup(of: path, above: migrations.version, through: version))
    }
    let check = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer to the check"
    guard check == "ok" else { throw LedgerOpenFailure.damaged(path: path, what: check.spacedOnOneLine) }
    return .ledger(version: version)
  }

  /// What an upgrade from a version that is known has left beside the ledger.
  private static func backup(of path: String, above known: Int, through version: Int) -> String? {
    guard version > known, version - known < 1000 else { return nil }
    return (known + 1...version).map { "\(path).before-\($0)" }.first { access($0, F_OK) == 0 }
  }
}

extension LedgerOpenFailure {
  /// The refusal that `error`, thrown while the database at `path` was opened, stands for.
  init(_ error: any Error, path: String) {
    switch error {
    case let failure as LedgerOpenFailure: self = failure
    case let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB:
      self = .damaged(
        path: path, what: "\(error.message ?? "no message") (SQLite error \(error.extendedResultCode.rawValue))")
    default: self = .unavailable("\(LedgerFailure(error).message): `\(path)`")
    }
  }
}

extension String {
  /// The text with each line break turned into a space.
  fileprivate var spacedOnOneLine: String {
    split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
