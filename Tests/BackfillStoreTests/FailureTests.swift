import BackfillCore
import BackfillTestKit
import Foundation
import GRDB
import Glibc
import Testing

@testable import BackfillStore

@Suite struct FailureTests {
  @Test(arguments: [
    (ResultCode.SQLITE_CONSTRAINT, LedgerFailure.Kind.contradiction), (.SQLITE_FULL, .unavailable),
    (.SQLITE_BUSY, .unavailable),
  ])
  func `only what no waiting mends is a contradiction`(code: ResultCode, kind: LedgerFailure.Kind) {
    #expect(LedgerFailure(DatabaseError(resultCode: code)).kind == kind)
  }

  @Test(arguments: [
    (
      ResultCode.SQLITE_FULL, "database or disk is full",
      "the disk that holds the ledger is full (SQLite error 13: database or disk is full)"
    ),
    (
      .SQLITE_IOERR_WRITE, "disk I/O error",
      "the disk that holds the ledger cannot be read or written; it may be full (SQLite error 778: disk I/O error)"
    ),
    (
      .SQLITE_READONLY, "attempt to write a readonly database",
      "the ledger cannot be written: it is read-only (SQLite error 8: attempt to write a readonly database)"
    ),
    (
      .SQLITE_CORRUPT, "database disk image is malformed",
      "the ledger is damaged (SQLite error 11: database disk image is malformed)"
    ),
    (
      .SQLITE_BUSY, "database is locked", "another program holds the ledger (SQLite error 5: database is locked)"
    ),
    (
      .SQLITE_CANTOPEN, "unable to open database file",
      "the ledger cannot be opened (SQLite error 14: unable to open database file)"
    ),
  ])
  func `an error of SQLite is told in words, with its code`(code: ResultCode, text: String, sentence: String) {
    #expect(LedgerFailure(DatabaseError(resultCode: code, message: text)).message == sentence)
  }

  @Test func `a closed ledger says so`() async throws {
    let flights = try await Flights()
    try flights.store.close()
    await #expect(throws: LedgerFailure.self) { try await flights.store.snapshot() }
    await #expect(throws: LedgerFailure.self) { try await flights.decide(.resume) }
  }

  @Test func `a database that is removed while it is open takes no more records`() async throws {
    let flights = try await Flights()
    let path = flights.directory.database
    try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
    let failure = LedgerFailure(
      "the ledger `\(path)` was removed while backfilld ran: move it back, or restart backfilld")
    await #expect(throws: failure) { try await flights.decide(.pause, reason: "x") }
    await #expect(throws: failure) { try await flights.store.checkup() }
    try FileManager.default.copyItem(atPath: path + ".away", toPath: path)
    let other = LedgerFailure(
      "another file has taken the place of the ledger `\(path)` while backfilld ran: move the first one back, or restart "
        + "backfilld, which goes on with the other")
    await #expect(throws: other) { try await flights.decide(.pause, reason: "x") }
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
    _ = try await flights.decide(.pause, reason: "x")
    #expect(try await flights.window().state == .paused)
  }

  @Test func `a log that is removed while it is open takes no more records, and what it had is kept`() async throws {
    let flights = try await Flights()
    let path = flights.directory.database
    _ = try await flights.decide(.pause, reason: "x")
    try FileManager.default.removeItem(atPath: path + "-wal")
    let failure = LedgerFailure(
      "the log of the ledger, `\(path)-wal`, was removed or replaced while backfilld ran: restart backfilld, which first "
        + "writes what it has of the log into the ledger")
    await #expect(throws: failure) { try await flights.decide(.resume) }
    await #expect(throws: failure) { try await flights.store.checkup() }
    try flights.store.close()
    let again = try LedgerStore.open(directory: flights.directory.path)
    #expect(try await again.snapshot().windows.map(\.state) == [.paused])
    try again.close()
  }

  @Test func `I8: a stored verdict that cannot be read is reported, not dropped`() async throws {
    let flights = try await Flights()
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load))
    try await flights.store.pool.write { db in try db.execute(sql: "UPDATE attempts SET verdict = '{\"word\":1}'") }
    await #expect(
      throws: LedgerFailure("the ledger holds a StepVerdict that cannot be read: {\"word\":1}", .unreadable)
    ) { try await flights.date("2013-01-01") }
  }

  @Test func `numbers that JSON has no words for are kept`() throws {
    let rate = RateEvidence(
      n: 1, k: 0, low: 0, high: 1, rho: 0, pHigh: .infinity, pLow: -.infinity, p: 0.1, alphaWarn: 0.01,
      alphaAnomaly: 0.001, windowDates: 1, streams: 1)
    let text = try Coding.text(of: rate)
    #expect(try Coding.value(RateEvidence.self, from: text) == rate)
  }

  @Test(.enabled(if: getuid() == 0, "mounting a small disk needs root"))
  func `a full disk is told, changes nothing, and work goes on when there is room`() async throws {
    let disk = try SmallDisk(kibibytes: 512)
    let store = try LedgerStore.open(directory: disk.path)
    try await store.register(window: "flights", scheduleKey: nil, definition: "d1", now: Flights.start)
    try disk.fill()
    var failure: LedgerFailure?
    var paused = 0
    while failure == nil, paused < 1000 {
      do throws(LedgerFailure) {
        let reason = String(repeating: "a long reason ", count: 2000)
        for action in [Decision.Action.pause, .resume] {
          _ = try await store.decide(
            Decision(window: "flights", action: action, reason: reason, by: "ada", at: Flights.start))
        }
        paused += 1
      } catch {
        failure = error
      }
    }
    #expect(
      failure?.message == "the disk that holds the ledger is full (SQLite error 13: database or disk is full)")
    let before = try await store.decisions(in: "flights", date: nil).count
    try disk.empty()
    let window = try #require(try await store.snapshot().windows.first)
    _ = try await store.decide(
      Decision(
        window: "flights", action: window.state == .paused ? .resume : .pause, reason: "room", by: "ada",
        at: Flights.start))
    #expect(try await store.decisions(in: "flights", date: nil).count == before + 1)
    try store.close()
  }

  @Test(.enabled(if: getuid() == 0, "mounting a small disk needs root"))
  func `a read-only directory is unavailable for now`() throws {
    let disk = try SmallDisk(kibibytes: 512)
    try disk.makeReadOnly()
    #expect(
      throws: LedgerOpenFailure.unavailable(
        "the directory `\(disk.path)` cannot be used: \(disk.path)/backfilld.lock: Read-only file system")
    ) { _ = try LedgerStore.open(directory: disk.path) }
  }
}
