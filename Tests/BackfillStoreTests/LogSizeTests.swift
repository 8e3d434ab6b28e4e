import BackfillCore
import BackfillTestKit
import Foundation
import GRDB
import Testing

@testable import BackfillStore

/// The write-ahead log has its size from the beginning, so that no commit appends to it.
struct LogSizeTests {
  private let directory: TemporaryFolder

  init() throws {
    directory = try TemporaryFolder()
  }

  private func logSize(in path: String) -> Int {
    FileIdentity(path: path + "/backfilld.db-wal")?.size ?? 0
  }

  private func commit(_ count: Int, to store: LedgerStore) async throws {
    for number in 0..<count {
      try await store.register(window: "w\(number)", scheduleKey: nil, definition: "d", now: Flights.start)
    }
  }

  @Test func `the log of a ledger that was just opened is as large as it gets`() async throws {
    let store = try LedgerStore.open(directory: directory.path)
    let atStart = logSize(in: directory.path)
    #expect(atStart >= LogSize.pages * 4096)
    try await commit(100, to: store)
    #expect(logSize(in: directory.path) == atStart)
  }

  @Test func `what fills the log is not in the ledger, and takes no room there`() async throws {
    let store = try LedgerStore.open(directory: directory.path)
    try await commit(1, to: store)
    let (tables, pages, cache) = try await store.pool.writeWithoutTransaction { db in
      (
        try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE name = 'filling'"),
        try Int.fetchOne(db, sql: "PRAGMA page_count"), try Int.fetchOne(db, sql: "PRAGMA cache_size")
      )
    }
    #expect(tables.isEmpty)
    #expect(try #require(pages) < 100)
    #expect(cache == -2000)
    try store.close()
    let queue = try DatabaseQueue(path: directory.path + "/backfilld.db")
    #expect(try await queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
  }

  @Test(.enabled(if: getuid() == 0, "mounting a small disk needs root"))
  func `where there is little room the log grows with its commits`() async throws {
    let disk = try SmallDisk(kibibytes: 16 * 1024)
    let store = try LedgerStore.open(directory: disk.path)
    #expect(logSize(in: disk.path) < LogSize.pages * 4096)
    try await commit(1, to: store)
    #expect(try await store.snapshot().windows.map(\.window) == ["w0"])
  }
}
