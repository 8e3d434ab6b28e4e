import BackfillCore
import Foundation
import GRDB
import Testing

@testable import BackfillStore

@Suite struct CheckupTests {
  @Test func `a sound ledger has nothing to find, and its settings are told`() async throws {
    let flights = try await Flights()
    let checkup = try await flights.store.checkup()
    #expect(checkup.problems == [])
    #expect(checkup.orphans == 0)
    #expect(checkup.version == Schema.migrations.version)
    #expect(checkup.file == flights.directory.database)
    #expect(checkup.bytes > 4096)
    #expect(
      checkup.pragmas == [
        "application_id": "1650879588", "busy_timeout": "5000", "foreign_keys": "1", "journal_mode": "wal",
        "synchronous": "2",
      ])
  }

  @Test func `rows without what they refer to are counted`() async throws {
    let flights = try await Flights()
    try await flights.store.pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: "INSERT INTO dates (window, date, state) VALUES ('nowhere', '2013-01-01', 'done')")
      try db.execute(sql: "PRAGMA foreign_keys = ON")
    }
    #expect(try await flights.store.checkup().orphans == 1)
  }

  @Test func `damage is told in the words of SQLite`() async throws {
    let flights = try await Flights()
    try await flights.store.pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA writable_schema = ON")
      try db.execute(sql: "DELETE FROM sqlite_schema WHERE name = 'dates_held'")
      try db.execute(sql: "PRAGMA schema_version = 999; PRAGMA writable_schema = RESET")
    }
    let problems = try await flights.store.checkup().problems
    #expect(!problems.isEmpty)
  }

  @Test func `the last firing of a window is that of its schedule`() async throws {
    let flights = try await Flights()
    _ = try await flights.store.open(.sample(kind: .hand, nominal: Flights.start + .seconds(60)))
    #expect(try await flights.store.lastFirings() == ["flights": Flights.start])
  }
}
