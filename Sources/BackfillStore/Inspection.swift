import BackfillCore
import GRDB
import Glibc

/// What lies at the place of a database, found out without changing a byte of it.
enum Inspection: Equatable {
  /// Nothing, or an empty file, or a database whose creation was interrupted before its tables were there.
  case nothing
  /// A ledger that this version can open.
  case ledger

  /// Looks at the file at `path`; refuses what is not a sound ledger of this version or an older one.
  init(path: String) throws(LedgerOpenFailure) {
    guard try Self.hasHeader(path) else {
      self = .nothing
      return
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      let found = Result { try queue.read { db in try Self.look(db, path) } }
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

  private static func look(_ db: Database, _ path: String) throws -> Inspection {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    if application == 0, try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 { return .nothing }
    guard application == Schema.applicationID else {
      throw LedgerOpenFailure.foreign(path: path, what: "it is the database of another program")
    }
    let applied = try Schema.migrator.appliedIdentifiers(db)
    if let unknown = applied.subtracting(Schema.migrator.migrations).sorted().first {
      throw LedgerOpenFailure.newer(path: path, unknown: unknown)
    }
    let check = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer to the check"
    guard check == "ok" else { throw LedgerOpenFailure.damaged(path: path, what: check.spacedOnOneLine) }
    return .ledger
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
