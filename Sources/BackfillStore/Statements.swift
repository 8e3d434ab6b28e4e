import GRDB
import GRDBSQLite

extension Database {
  /// A value for a `?` of a statement; `nil`: NULL.
  typealias Argument = (any StatementBinding)?

  /// Executes `sql`, which returns no rows, with a statement that is compiled once per connection.
  ///
  /// SQLite is called directly. What GRDB does around it is for observers, of which the ledger has none, and for arguments
  /// by name; in a checkpoint that costs more than SQLite's own work.
  func run(_ sql: String, _ arguments: [Argument] = []) throws {
    let statement = try cachedStatement(sql: sql).sqliteStatement
    // Statements are left reset, and every argument is bound anew.
    guard sqlite3_bind_parameter_count(statement) == arguments.count else {
      throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of arguments", sql: sql)
    }
    for (index, argument) in arguments.enumerated() {
      let place = CInt(index) + 1
      let code = argument?.bind(to: statement, at: place) ?? sqlite3_bind_null(statement, place)
      guard code == SQLITE_OK else { throw failure(code, sql) }
    }
    let code = sqlite3_step(statement)
    guard code == SQLITE_DONE || code == SQLITE_ROW else {
      let failure = failure(code, sql)
      sqlite3_reset(statement)
      throw failure
    }
    sqlite3_reset(statement)
  }

  /// The first row that `sql` finds, with a statement that is compiled once per connection.
  func firstRow(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
    try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
  }

  /// Runs `updates` as one transaction, which is rolled back when they throw.
  func transaction<Value>(_ updates: (Database) throws -> Value) throws -> Value {
    try run("BEGIN IMMEDIATE")
    do {
      let value = try updates(self)
      try run("COMMIT")
      return value
    } catch {
      // Some failures have rolled back already. Source: sqlite.org, "Response To Errors Within A Transaction".
      if isInsideTransaction { try run("ROLLBACK") }
      throw error
    }
  }

  private func failure(_ code: CInt, _ sql: String) -> DatabaseError {
    DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: sql)
  }
}
