import BackfillCore
import GRDB

extension LedgerFailure {
  /// The failure that `error`, thrown by a transaction, means for the daemon.
  init(_ error: any Error) {
    switch error {
    case let failure as LedgerFailure: self = failure
    case let error as DatabaseError:
      // No waiting mends a record that does not fit: it must not be tried for ever.
      self.init(Self.sentence(of: error), error.resultCode == .SQLITE_CONSTRAINT ? .contradiction : .unavailable)
    default: self.init("the ledger cannot be used: \(error)")
    }
  }

  /// What went wrong in words, with the code and the text of SQLite. Source: sqlite.org, "Result and Error Codes".
  static func sentence(of error: DatabaseError) -> String {
    "\(words(for: error)) (SQLite error \(error.extendedResultCode.rawValue): \(error.message ?? "no message"))"
  }

  private static func words(for error: DatabaseError) -> String {
    switch error.resultCode {
    case .SQLITE_FULL: "the disk that holds the ledger is full"
    case .SQLITE_IOERR: "the disk that holds the ledger cannot be read or written; it may be full"
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: "the ledger cannot be written: it is read-only"
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: "the ledger is damaged"
    case .SQLITE_BUSY, .SQLITE_LOCKED: "another program holds the ledger"
    case .SQLITE_CANTOPEN: "the ledger cannot be opened"
    case .SQLITE_CONSTRAINT: "the ledger refused a record that contradicts what it knows"
    case .SQLITE_NOMEM: "there is no memory left for the ledger"
    case .SQLITE_TOOBIG: "a value is too large for the ledger"
    default: "the ledger cannot be used"
    }
  }
}
