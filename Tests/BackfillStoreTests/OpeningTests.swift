import BackfillCore
import Foundation
import GRDB
import Testing

@testable import BackfillStore

@Suite struct OpeningTests {
  let directory: StateDirectory

  init() throws {
    directory = try StateDirectory()
  }

  private func refusal(allowNew: Bool = false) -> LedgerOpenFailure? {
    do throws(LedgerOpenFailure) {
      _ = try LedgerStore.open(directory: directory.path, allowNew: allowNew)
      return nil
    } catch {
      return error
    }
  }

  /// Opens and closes a ledger with the window `flights`.
  private func make() async throws {
    let store = try LedgerStore.open(directory: directory.path)
    try await store.register(window: "flights", scheduleKey: nil, definition: "d1", now: Instant(seconds: 1))
    try store.close()
  }

  @Test(arguments: [
    ("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1"), ("busy_timeout", "5000"),
  ])
  func `the writing connection has the pragma`(name: String, value: String) async throws {
    let store = try LedgerStore.open(directory: directory.path)
    let found = try await store.pool.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    #expect(found == value)
  }

  @Test(arguments: [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1")])
  func `a reading connection has the pragma`(name: String, value: String) async throws {
    let store = try LedgerStore.open(directory: directory.path)
    #expect(try await store.pool.read { try String.fetchOne($0, sql: "PRAGMA \(name)") } == value)
  }

  @Test func `the pragma holds after a second open`() async throws {
    try await make()
    let store = try LedgerStore.open(directory: directory.path)
    #expect(try await store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
  }

  @Test func `what was written is there after a second open`() async throws {
    try await make()
    let store = try LedgerStore.open(directory: directory.path)
    #expect(try await store.snapshot().windows.map(\.window) == ["flights"])
  }

  @Test func `a first start leaves a marker beside the database`() throws {
    _ = try LedgerStore.open(directory: directory.path)
    #expect(directory.has("backfilld.db.exists"))
  }

  @Test(arguments: ["backfilld.db", "backfilld.db-wal", "backfilld.db.exists", "backfilld.lock"])
  func `only the owner reads the file`(name: String) async throws {
    let store = try LedgerStore.open(directory: directory.path)
    try await store.register(window: "flights", scheduleKey: nil, definition: "d1", now: Instant(seconds: 1))
    let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + name)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    try store.close()
  }

  @Test func `a marker without a database is refused`() async throws {
    try await make()
    try FileManager.default.removeItem(atPath: directory.database)
    let failure = try #require(refusal())
    #expect(failure == .vanished(path: directory.database, marker: directory.marker))
    #expect(
      failure.message
        == "the ledger `\(directory.database)` is gone or empty, but `\(directory.marker)` says that there was one: "
        + "put it back, or begin an empty one with `backfilld --new-ledger`")
  }

  @Test func `a refusal of a vanished database creates none`() async throws {
    try await make()
    try FileManager.default.removeItem(atPath: directory.database)
    _ = refusal()
    #expect(!directory.has("backfilld.db"))
  }

  @Test func `a database that was emptied counts as vanished`() async throws {
    try await make()
    try Data().write(to: URL(fileURLWithPath: directory.database))
    #expect(refusal() == .vanished(path: directory.database, marker: directory.marker))
  }

  @Test func `a ledger that was closed is one whole file`() async throws {
    try await make()
    let log = directory.database + "-wal"
    #expect(try !directory.has("backfilld.db-wal") || directory.contents(of: log).isEmpty)
    let queue = try DatabaseQueue(path: directory.database)
    #expect(try await queue.read { try String.fetchAll($0, sql: "SELECT name FROM windows") } == ["flights"])
  }

  @Test func `--new-ledger begins an empty one where one vanished`() async throws {
    try await make()
    try FileManager.default.removeItem(atPath: directory.database)
    let store = try LedgerStore.open(directory: directory.path, allowNew: true)
    #expect(try await store.snapshot().windows.isEmpty)
  }

  @Test func `--new-ledger leaves a ledger that is there as it is`() async throws {
    try await make()
    let store = try LedgerStore.open(directory: directory.path, allowNew: true)
    #expect(try await store.snapshot().windows.map(\.window) == ["flights"])
  }

  @Test func `a write-ahead log without its database is refused, also without the marker`() throws {
    try Data("left".utf8).write(to: URL(fileURLWithPath: directory.database + "-wal"))
    #expect(refusal() == .vanished(path: directory.database, marker: directory.database + "-wal"))
  }

  @Test func `--new-ledger keeps a left write-ahead log under another name`() throws {
    try Data("left".utf8).write(to: URL(fileURLWithPath: directory.database + "-wal"))
    #expect(refusal(allowNew: true) == nil)
    #expect(try directory.contents(of: directory.database + "-wal.old-1") == Data("left".utf8))
  }

  @Test func `a first start that died before its tables were there begins again`() async throws {
    let queue = try DatabaseQueue(path: directory.database)
    try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try queue.close()
    #expect(refusal() == nil)
  }

  @Test func `a second daemon is refused with the first one's process number`() throws {
    let store = try LedgerStore.open(directory: directory.path)
    let failure = try #require(refusal())
    let pid = ProcessInfo.processInfo.processIdentifier
    #expect(failure.message == "the directory `\(directory.path)` is in use by another backfilld (pid \(pid))")
    try store.close()
  }

  @Test func `the directory is free again when the first ledger is gone`() async throws {
    try await make()
    #expect(refusal() == nil)
  }

  @Test func `a directory that is not there is refused`() throws {
    #expect(
      throws: LedgerOpenFailure.unavailable(
        "the directory `/nowhere/at/all` cannot be used: /nowhere/at/all/backfilld.lock: No such file or directory"
      )
    ) {
      _ = try LedgerStore.open(directory: "/nowhere/at/all")
    }
  }

  @Test func `a newer ledger is refused and kept as it is`() async throws {
    try await make()
    let queue = try DatabaseQueue(path: directory.database)
    try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 later')") }
    try queue.close()
    let before = try directory.contents(of: directory.database)
    let failure = try #require(refusal())
    #expect(
      failure.message
        == "the ledger `\(directory.database)` is of version 9 (it has `9 later`), and backfilld 0.1.0 knows version 3: "
        + "install the newer backfilld again; the ledger is left as it is")
    #expect(try directory.contents(of: directory.database) == before)
  }

  @Test func `a file that is no database is refused and kept as it is`() throws {
    let text = Data("these are notes, not a database, and longer than a header".utf8)
    try text.write(to: URL(fileURLWithPath: directory.database))
    let failure = try #require(refusal())
    #expect(
      failure.message
        == "`\(directory.database)` is not a ledger of backfilld: it is not an SQLite database; it is left as it is")
    #expect(try directory.contents(of: directory.database) == text)
  }

  @Test func `another program's database is refused and kept as it is`() async throws {
    let queue = try DatabaseQueue(path: directory.database)
    try await queue.write { try $0.execute(sql: "CREATE TABLE songs (title TEXT)") }
    try queue.close()
    let before = try directory.contents(of: directory.database)
    #expect(refusal() == .foreign(path: directory.database, what: "it is the database of another program"))
    #expect(try directory.contents(of: directory.database) == before)
  }

  @Test func `I8: a damaged ledger is refused and kept as it is, also with --new-ledger`() async throws {
    try await make()
    var bytes = try directory.contents(of: directory.database)
    for index in 4096..<min(bytes.count, 60_000) { bytes[index] = 0x5A }
    try bytes.write(to: URL(fileURLWithPath: directory.database))
    let failure = try #require(refusal(allowNew: true))
    guard case .damaged(directory.database, _) = failure else {
      Issue.record("refused for another reason: \(failure)")
      return
    }
    #expect(try directory.contents(of: directory.database) == bytes)
  }

  @Test func `a ledger that was cut short is refused as damaged`() async throws {
    try await make()
    let bytes = try directory.contents(of: directory.database)
    try bytes.prefix(6000).write(to: URL(fileURLWithPath: directory.database))
    let failure = try #require(refusal())
    #expect(
      failure.message
        == "the ledger `\(directory.database)` is damaged: database disk image is malformed (SQLite error 11); "
        + "it is left as it is: move it away, with what lies beside it as `-wal` and `-shm`, and put a backup in its "
        + "place, or begin an empty one with `backfilld --new-ledger`")
  }

  @Test(arguments: [
    (LedgerOpenFailure.unavailable("x"), true), (.inUse(directory: "d", pid: nil), false),
    (.vanished(path: "p", marker: "m"), false),
    (.newer(path: "p", version: 2, unknown: "2", known: 1, backup: nil), false),
    (.damaged(path: "p", what: "w"), true), (.foreign(path: "p", what: "w"), true),
  ])
  func `what can be mended under a running daemon is waited for`(failure: LedgerOpenFailure, isWaitedFor: Bool) {
    #expect(failure.isWaitedFor == isWaitedFor)
  }
}
