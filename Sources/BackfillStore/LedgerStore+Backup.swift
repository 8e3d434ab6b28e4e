import BackfillCore
import GRDB
import Glibc

extension LedgerStore {
  /// Copies the ledger as of one instant into a new file at `path`, while others read and write it.
  ///
  /// The copy is written beside its place, checked, made durable and only then given its name; a file that is there is never
  /// touched. It is one file, readable by its owner only, and a ledger when it is put in the place of `backfilld.db`.
  /// - Parameter path: Absolute; its folder must be there.
  /// - Returns: The size in bytes.
  /// - Throws: `LedgerFailure`; nothing is left behind then.
  public func backup(to path: String) async throws(LedgerFailure) -> Int64 {
    let file = try BackupFile(path)
    return try await read { source in
      try file.create()
      do {
        try Self.copy(source, to: file.partialPath)
        return try file.publish()
      } catch {
        file.remove()
        throw error
      }
    }
  }

  static func copy(_ source: Database, to path: String) throws {
    let queue = try DatabaseQueue(path: path)
    let result = Result {
      try queue.writeWithoutTransaction { copy in
        try source.backup(to: copy)
        // The copy says WAL of itself, as its source does: without, it is one file.
        try copy.execute(sql: "PRAGMA journal_mode = DELETE")
        let check = try String.fetchOne(copy, sql: "PRAGMA quick_check(1)") ?? "no answer to the check"
        guard check == "ok" else { throw LedgerFailure("the copy is damaged: \(check)") }
      }
    }
    try queue.close()
    try result.get()
  }
}

/// The file of a backup, and the one beside it that it is written into first.
struct BackupFile: Sendable {
  let path: String
  let partialPath: String
  private let folder: String

  init(_ path: String, partialPath: String? = nil) throws(LedgerFailure) {
    guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.contains("\0"), let slash = path.lastIndex(of: "/") else {
      throw LedgerFailure("`\(path)` is not the absolute path of a file")
    }
    self.path = path
    folder = slash == path.startIndex ? "/" : String(path[..<slash])
    self.partialPath = partialPath ?? "\(path).partial-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    var information = stat()
    guard lstat(path, &information) != 0 else { throw LedgerFailure("`\(path)` is there already") }
    guard errno == ENOENT else { throw Self.failure(path) }
  }

  /// Creates the file that is written into; nobody else reads it, as the output of steps may hold secrets.
  func create() throws(LedgerFailure) {
    let descriptor = open(partialPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw LedgerFailure("the folder `\(folder)` is not there: make it, or name another file") }
      throw Self.failure(path)
    }
    close(descriptor)
  }

  /// Brings the file to the disk and gives it its name; returns its size in bytes.
  func publish() throws(LedgerFailure) -> Int64 {
    try Self.sync(partialPath, O_RDONLY)
    // Unlike rename(2), link(2) never replaces a file that came meanwhile.
    guard link(partialPath, path) == 0 else {
      throw errno == EEXIST ? LedgerFailure("`\(path)` is there already") : Self.failure(path)
    }
    remove()
    try Self.sync(folder, O_RDONLY | O_DIRECTORY)
    var information = stat()
    guard stat(path, &information) == 0 else { throw Self.failure(path) }
    return Int64(information.st_size)
  }

  /// Removes the file that was written into, and what SQLite laid beside it.
  func remove() {
    for end in ["", "-journal", "-wal", "-shm"] { unlink(partialPath + end) }
  }

  private static func sync(_ path: String, _ flags: Int32) throws(LedgerFailure) {
    let descriptor = open(path, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> LedgerFailure {
    LedgerFailure("`\(path)` cannot be written: \(String(cString: strerror(errno)))")
  }
}
