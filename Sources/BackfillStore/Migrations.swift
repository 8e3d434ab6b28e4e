import GRDB

/// A change of the tables; never edited once it is released.
struct Migration: Sendable {
  /// What the ledger remembers of it: the version of the ledger that it makes, counted from 1, and words.
  let identifier: String
  let change: @Sendable (Database) throws -> Void

  /// The version of the ledger after it.
  var version: Int { Self.version(of: identifier) ?? 0 }

  /// The number with which an identifier begins; `nil` when there is none.
  static func version(of identifier: String) -> Int? {
    Int(identifier.prefix { $0.isASCII && $0.isNumber })
  }
}

/// The changes that lead from nothing to the tables of a version of backfilld.
struct Migrations: Sendable {
  /// In order; each runs in one transaction, so that a failed one leaves no trace.
  let all: [Migration]

  /// The version of the ledger after all of them.
  var version: Int { all.last?.version ?? 0 }

  var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for migration in all { migrator.registerMigration(migration.identifier, migrate: migration.change) }
    return migrator
  }
}
