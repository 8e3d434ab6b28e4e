import BackfillCore
import Dispatch
import GRDB
import Glibc
import Synchronization

/// The ledger in SQLite: every call is one transaction, on the disk when the call returns.
///
/// One connection writes; readers have their own and never wait for it (WAL). A transaction that was asked for is carried
/// out also when the task that asked is cancelled: what ended must be recorded while the daemon stops.
public final class LedgerStore: Ledger {
  let pool: DatabasePool
  private let lock: DirectoryLock
  private let path: String
  private let logPath: String
  private let file: FileIdentity
  /// The write-ahead log; `nil`: it was not there yet.
  private let log: FileIdentity?
  let outbox = Mutex(OutboxMemory())
  let checkups = SharedRun<Result<LedgerCheckup, LedgerFailure>>()
  /// What was done to an older ledger when this one was opened; `nil`: nothing.
  public let upgrade: LedgerUpgrade?

  /// Opens the ledger of a state directory, which must exist; creates it in a directory that never had one.
  ///
  /// The database is `backfilld.db`; beside it lie `backfilld.db.exists`, which tells a first start from a loss, and
  /// `backfilld.lock`, which keeps a second daemon out until `close()` or the end of the process.
  /// - Parameters:
  ///   - directory: An absolute path without a `/` at the end.
  ///   - allowNew: A person said `--new-ledger`: an empty ledger may take the place of one that vanished. Never touches a
  ///     ledger that is there.
  /// - Returns: The ledger, its schema up to date.
  /// - Throws: `LedgerOpenFailure`, with the directory as it was.
  public static func open(directory: String, allowNew: Bool = false) throws(LedgerOpenFailure) -> LedgerStore {
    try open(directory: directory, allowNew: allowNew, migrations: Schema.migrations)
  }

  /// The same with other tables than this version's; `reached` is called at each point of an upgrade.
  static func open(
    directory: String, allowNew: Bool = false, migrations: Migrations,
    reached: @escaping @Sendable (Upgrading.Point) -> Void = { _ in }
  ) throws(LedgerOpenFailure) -> LedgerStore {
    let path = directory + "/backfilld.db"
    let lock = try DirectoryLock(directory: directory)
    let marker = Marker(directory: directory)
    let found = try Inspection(path: path, migrations: migrations)
    if found == .nothing {
      let isEmpty = (FileIdentity(path: path)?.size ?? 0) == 0
      let hasLeftover = isEmpty && (FileIdentity(path: path + "-wal")?.size ?? 0) > 0
      if !allowNew, marker.isThere || hasLeftover {
        throw .vanished(path: path, marker: marker.isThere ? marker.path : path + "-wal")
      }
      if isEmpty { try setAside(leftoversOf: path) }
      try createPrivately(path)
    }
    do {
      let upgrading = Self.upgrading(found, path, migrations, reached)
      let backup = try upgrading?.copy()
      let pool = try DatabasePool(path: path, configuration: configuration)
      var upgrade: LedgerUpgrade?
      if let upgrading, let backup {
        upgrade = try upgrading.change(pool, backup: backup)
      } else {
        try migrations.migrator.migrate(pool)
      }
      // DatabasePool lowers it on the writer after `prepareDatabase`.
      try pool.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try LogSize.grow(path, db)
      }
      guard let file = FileIdentity(path: path) else {
        throw LedgerOpenFailure.unavailable("the ledger `\(path)` was removed while it was opened")
      }
      try marker.write()
      return LedgerStore(
        pool: pool, lock: lock, path: path, file: file, log: FileIdentity(path: path + "-wal"), upgrade: upgrade)
    } catch {
      throw LedgerOpenFailure(error, path: path)
    }
  }

  private static func upgrading(
    _ found: Inspection, _ path: String, _ migrations: Migrations,
    _ reached: @escaping @Sendable (Upgrading.Point) -> Void
  ) -> Upgrading? {
    guard case .ledger(let version) = found, version < migrations.version else { return nil }
    return Upgrading(path: path, from: version, migrations: migrations, reached: reached)
  }

  private init(
    pool: DatabasePool, lock: DirectoryLock, path: String, file: FileIdentity, log: FileIdentity?,
    upgrade: LedgerUpgrade?
  ) {
    self.upgrade = upgrade
    self.log = log
    logPath = path + "-wal"
    self.pool = pool
    self.lock = lock
    self.path = path
    self.file = file
  }

  /// Closes the database, all of it in one file; later calls fail. The directory is free for another daemon then.
  public func close() throws(LedgerFailure) {
    do {
      // The next daemon may begin with any number.
      if let through = outbox.withLock({ $0.unforgotten }) {
        try pool.write { db in try Self.forgetEvents(through: through, isLast: false, db) }
      }
      // SQLite would apply a log that is left to whatever file a person puts in the ledger's place.
      _ = try pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
      try pool.close()
      lock.release()
    } catch {
      throw LedgerFailure(error)
    }
  }

  /// Closes the database without a last word, because it cannot be used; the directory is free then.
  public func abandon() {
    do {
      try pool.close()
    } catch {
      // A connection that is still at work is closed at its end.
    }
    lock.release()
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "backfilld.ledger"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    // GRDB asks for threads that come before others; libdispatch complains on standard error where it may not have them.
    configuration.qos = .default
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = \(LogSize.pages)")
      try db.execute(sql: "PRAGMA journal_size_limit = \(LogSize.limit)")
    }
    return configuration
  }

  /// Creates an empty file that only its owner reads, as the output of steps may hold secrets; SQLite gives the files beside
  /// it the same permissions.
  private static func createPrivately(_ path: String) throws(LedgerOpenFailure) {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw .unavailable("the ledger `\(path)` cannot be created: \(String(cString: strerror(errno)))")
    }
    Glibc.close(descriptor)
  }

  /// Renames what a vanished database left behind: SQLite would delete it when a new one is created.
  private static func setAside(leftoversOf path: String) throws(LedgerOpenFailure) {
    for leftover in [path + "-wal", path + "-shm"] where FileIdentity(path: leftover) != nil {
      var number = 1
      while FileIdentity(path: "\(leftover).old-\(number)") != nil { number += 1 }
      guard rename(leftover, "\(leftover).old-\(number)") == 0 else {
        throw .unavailable("`\(leftover)` cannot be set aside: \(String(cString: strerror(errno)))")
      }
    }
  }
}

extension LedgerStore {
  /// Runs `updates` as one durable transaction on the writing connection.
  ///
  /// `appended` tells from its value which events it has appended to the outbox, all of them; `nil`: that is not known.
  func write<Value: Sendable>(
    appended: @escaping @Sendable (Value) -> [OutboxEntry]? = { _ in nil },
    _ updates: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerFailure) -> Value {
    let result = await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { [self] db in
        continuation.resume(returning: transaction(db, appended, updates))
      }
    }
    return try result.get()
  }

  /// The same on the calling thread, which waits for the disk.
  func writeHere<Value>(
    appended: (Value) -> [OutboxEntry]?, _ updates: (Database) throws -> Value
  ) throws(LedgerFailure) -> Value {
    try pool.writeWithoutTransaction { db in transaction(db, appended, updates) }.get()
  }

  private func transaction<Value>(
    _ db: Database, _ appended: (Value) -> [OutboxEntry]?, _ updates: (Database) throws -> Value
  ) -> Result<Value, LedgerFailure> {
    let now = Duration.nanoseconds(DispatchTime.now().uptimeNanoseconds)
    let forgettable = outbox.withLock { $0.unforgotten }
    let result = Result {
      try db.transaction { db in
        try checkFiles()
        let value = try updates(db)
        // After what is appended, whose numbers go on from those that leave.
        if let forgettable {
          try Self.forgetEvents(through: forgettable, isLast: appended(value)?.isEmpty ?? true, db)
        }
        return value
      }
    }
    if case .success(let value) = result {
      outbox.withLock { $0.note(committed: appended(value), forgotten: forgettable, at: now) }
    }
    return result.mapError { LedgerFailure($0) }
  }

  /// Throws when a file of the ledger is not the one that was opened: it would take records that nobody finds again.
  func checkFiles() throws(LedgerFailure) {
    guard let found = FileIdentity(path: path) else {
      throw LedgerFailure("the ledger `\(path)` was removed while backfilld ran: move it back, or restart backfilld")
    }
    guard found.isSameFile(as: file) else {
      throw LedgerFailure(
        "another file has taken the place of the ledger `\(path)` while backfilld ran: move the first one back, or restart "
          + "backfilld, which goes on with the other")
    }
    guard let log, !(FileIdentity(path: logPath)?.isSameFile(as: log) ?? false) else { return }
    throw LedgerFailure(
      "the log of the ledger, `\(logPath)`, was removed or replaced while backfilld ran: restart backfilld, which first "
        + "writes what it has of the log into the ledger")
  }

  /// Runs `value` on a reading connection: one consistent state, without waiting for a writer.
  func read<Value: Sendable>(
    _ value: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerFailure) -> Value {
    let result: Result<Value, LedgerFailure> = await withCheckedContinuation { continuation in
      pool.asyncRead { connection in
        let result = Result { try value(try connection.get()) }
        continuation.resume(returning: result.mapError { LedgerFailure($0) })
      }
    }
    return try result.get()
  }
}

/// Which file a path leads to.
struct FileIdentity: Sendable, Equatable {
  private let device: UInt
  private let number: UInt
  let size: Int

  /// `nil` when there is no such file.
  init?(path: String) {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    device = UInt(information.st_dev)
    number = UInt(information.st_ino)
    size = Int(information.st_size)
  }

  func isSameFile(as other: FileIdentity) -> Bool {
    device == other.device && number == other.number
  }
}
