import BackfillCore
import BackfillTestKit
import Foundation
import GRDB
import Glibc
import Testing

@testable import BackfillStore

/// A ledger of this version is brought to a next one, which only these tests have; one of each earlier version to this one.
@Suite struct UpgradeTests {
  let directory: StateDirectory
  private var backup: String { directory.database + ".before-\(Self.next)" }

  private static let known = Schema.migrations.version
  private static let next = known + 1
  private static let notes = Migration(identifier: "\(next) notes") { db in
    try db.execute(sql: "CREATE TABLE notes (text TEXT) STRICT; INSERT INTO notes SELECT name FROM windows")
  }
  private static let both = Migrations(all: Schema.migrations.all + [notes])

  init() async throws {
    directory = try StateDirectory()
    try await Self.make(in: directory.path)
  }

  private static func make(in directory: String) async throws {
    let store = try LedgerStore.open(directory: directory)
    try await store.register(window: "flights", scheduleKey: nil, definition: "d1", now: Instant(seconds: 1))
    try store.close()
  }

  private func open(_ migrations: Migrations = both) throws(LedgerOpenFailure) -> LedgerStore {
    try LedgerStore.open(directory: directory.path, migrations: migrations)
  }

  private func refusal(_ migrations: Migrations = both) -> LedgerOpenFailure? {
    do throws(LedgerOpenFailure) {
      try open(migrations).abandon()
      return nil
    } catch {
      return error
    }
  }

  private func notes(of store: LedgerStore) async throws -> [String] {
    try await store.pool.read { try String.fetchAll($0, sql: "SELECT text FROM notes") }
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() }
  }

  @Test func `an older ledger gets the new tables and keeps what it knows`() async throws {
    let store = try open()
    #expect(try await notes(of: store) == ["flights"])
    #expect(try await store.snapshot().windows.map(\.window) == ["flights"])
    #expect(store.upgrade == LedgerUpgrade(from: Self.known, to: Self.next, backup: backup))
    try store.close()
  }

  @Test func `events that wait are handed over after an upgrade, and the next come after them`() async throws {
    let other = try StateDirectory()
    let before = try LedgerStore.open(
      directory: other.path, migrations: Migrations(all: Array(Schema.migrations.all.prefix(2))))
    func pause(_ store: LedgerStore, by name: String) async throws {
      for (action, reason) in [(Decision.Action.pause, "x"), (.resume, nil)] {
        _ = try await store.decide(
          Decision(window: "flights", action: action, reason: reason, by: name, at: Instant(seconds: 1)))
      }
    }
    try await before.register(window: "flights", scheduleKey: nil, definition: "d1", now: Instant(seconds: 1))
    try await pause(before, by: "ada")
    try before.close()
    let store = try LedgerStore.open(directory: other.path)
    try await pause(store, by: "bob")
    let events = try await store.pendingEvents(limit: 10)
    #expect(
      events.map(\.event) == [
        .windowPaused(window: "flights", date: nil, reason: "x", by: "ada"),
        .windowResumed(window: "flights", by: "ada", reason: nil),
        .windowPaused(window: "flights", date: nil, reason: "x", by: "bob"),
        .windowResumed(window: "flights", by: "bob", reason: nil),
      ])
    #expect(events.map(\.id) == [1, 2, 3, 4])
    try store.close()
  }

  @Test func `a ledger from before missed nights were kept keeps its decisions, and takes one`() async throws {
    let other = try StateDirectory()
    let before = try LedgerStore.open(
      directory: other.path, migrations: Migrations(all: Array(Schema.migrations.all.prefix(1))))
    try await before.register(window: "flights", scheduleKey: nil, definition: "d1", now: Instant(seconds: 1))
    try await before.pool.write { db in
      try db.execute(
        sql: """
          INSERT INTO decisions (window, action, date, reason, who, at)
          VALUES ('flights', 'skip', '2013-02-08', 'a blizzard', 'ada', 1000)
          """)
    }
    try before.close()
    let store = try LedgerStore.open(directory: other.path)
    #expect(store.upgrade?.from == 1)
    let firing = Instant(seconds: 2)
    _ = try await store.decide(
      Decision(
        window: "flights", action: .passOver(nominal: firing), reason: "its time was over", by: "backfilld",
        at: Instant(seconds: 3)))
    #expect(
      try await store.snapshot().missed == ["flights": MissedNight(firing: firing, reason: "its time was over")])
    let changes = try await store.changes(in: "flights", limit: 9)
    #expect(changes.map(\.action) == ["skip", "missed"])
    #expect(changes.map(\.firing) == [nil, firing])
    try store.close()
  }

  @Test func `the old ledger lies beside it, whole, and opens as it was`() async throws {
    try open().close()
    let other = try StateDirectory()
    try FileManager.default.copyItem(atPath: backup, toPath: other.database)
    let old = try LedgerStore.open(directory: other.path)
    #expect(try await old.snapshot().windows.map(\.window) == ["flights"])
    #expect(old.upgrade == nil)
    try old.close()
    let mode = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func `a ledger that is up to date is not copied`() async throws {
    try open().close()
    let store = try open()
    #expect(store.upgrade == nil)
    try store.close()
    #expect(try names.filter { $0.contains("before") } == ["backfilld.db.before-\(Self.next)"])
  }

  @Test func `a new ledger is not copied`() throws {
    let other = try StateDirectory()
    try LedgerStore.open(directory: other.path, migrations: Self.both).close()
    #expect(!other.has("backfilld.db.before-\(Self.next)"))
  }

  @Test func `a copy of an earlier upgrade stays, another is made`() async throws {
    try open().close()
    let first = try directory.contents(of: backup)
    try FileManager.default.removeItem(atPath: directory.database)
    try FileManager.default.copyItem(atPath: backup, toPath: directory.database)
    let store = try open()
    #expect(store.upgrade?.backup == backup + ".2")
    try store.close()
    #expect(try directory.contents(of: backup) == first)
  }

  @Test func `a change that fails leaves the ledger as it was, and no copy`() async throws {
    let bad = Migration(identifier: "\(Self.next) notes") { db in
      try Self.notes.change(db)
      try db.execute(sql: "INSERT INTO nowhere VALUES (1)")
    }
    #expect(
      refusal(Migrations(all: Schema.migrations.all + [bad]))
        == .unavailable(
          "the ledger cannot be used (SQLite error 1: no such table: nowhere): `\(directory.database)`"))
    #expect(!directory.has("backfilld.db.before-\(Self.next)"))
    let store = try open(Schema.migrations)
    #expect(try await store.snapshot().windows.map(\.window) == ["flights"])
    #expect(try await store.pool.read { try !$0.tableExists("notes") })
    try store.close()
  }

  @Test func `when the second of two changes fails the copy from before the first stays`() throws {
    let bad = Migration(identifier: "\(Self.next + 1) more") { db in
      try db.execute(sql: "INSERT INTO nowhere VALUES (1)")
    }
    #expect(refusal(Migrations(all: Self.both.all + [bad])) != nil)
    #expect(directory.has("backfilld.db.before-\(Self.next + 1)"))
    #expect(refusal(Self.both) == nil)
  }

  @Test func `a downgrade is refused with both versions, and with the copy to go back to`() throws {
    try open().close()
    let before = try directory.contents(of: directory.database)
    let failure = try #require(refusal(Schema.migrations))
    #expect(
      failure.message
        == "the ledger `\(directory.database)` is of version \(Self.next) (it has `\(Self.next) notes`), and backfilld 0.1.0 "
        + "knows version \(Self.known): "
        + "install the newer backfilld again, or give up what was done since its upgrade and put `\(backup)` in the "
        + "place of the ledger; the ledger is left as it is")
    #expect(try directory.contents(of: directory.database) == before)
  }

  @Test(.enabled(if: getuid() == 0, "mounting a small disk needs root"))
  func `without room for a copy the ledger is left as it is, and the sentence says how much is needed`() async throws {
    let disk = try SmallDisk(kibibytes: 512)
    try await Self.make(in: disk.path)
    let ledger = disk.path + "/backfilld.db"
    let before = try Data(contentsOf: URL(fileURLWithPath: ledger))
    // A reader needs a little.
    try disk.fill(leaving: 64)
    var message = ""
    do throws(LedgerOpenFailure) {
      try LedgerStore.open(directory: disk.path, migrations: Self.both).abandon()
    } catch {
      message = error.message
    }
    let start =
      "the ledger `\(ledger)` is of version \(Self.known) and has to be brought to version \(Self.next): that needs "
      + "\(ByteCount.text(Int64(2 * before.count))) of room in `\(disk.path)`, for a copy of it and for the change, and "
    #expect(message.hasPrefix(start) && message.hasSuffix(" are free; it is left as it is"), "\(message)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: ledger)) == before)
    #expect(!FileManager.default.fileExists(atPath: ledger + ".before-\(Self.next)"))
    try disk.empty()
    let store = try LedgerStore.open(directory: disk.path, migrations: Self.both)
    #expect(store.upgrade?.to == Self.next)
    try store.close()
  }

  @Test(arguments: ["copying", "copied", "changing", "changed"])
  func `an upgrade that is killed begins again at the next start`(point: String) async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = directory.path as String, point = point as String] in
      let dying = Migration(identifier: "\(UpgradeTests.next) notes") { db in
        try UpgradeTests.notes.change(db)
        if point == "changing" { kill(getpid(), SIGKILL) }
      }
      _ = try LedgerStore.open(
        directory: path, migrations: Migrations(all: Schema.migrations.all + [dying]),
        reached: { if "\($0)" == point { kill(getpid(), SIGKILL) } })
    }
    let store = try open()
    #expect(try await notes(of: store) == ["flights"])
    #expect(try await store.pool.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    try store.close()
    #expect(try names.filter { $0.contains("partial") } == [])
    #expect(directory.has("backfilld.db.before-\(Self.next)"))
  }
}
