import BackfillCore
import Foundation
import Testing

@testable import BackfillStore

@Suite struct BackupTests {
  let flights: Flights
  let target: StateDirectory

  init() async throws {
    flights = try await Flights()
    target = try StateDirectory()
    try await flights.holdByAnomaly("load", "2013-01-01")
    try await flights.claim(flights.identity("load", "2013-01-02"))
  }

  @Test func `a backup in the place of a ledger is that ledger`() async throws {
    _ = try await flights.decide(.pause, reason: "not told yet")
    let bytes = try await flights.store.backup(to: target.database)
    #expect(bytes == Int64(try target.contents(of: target.database).count))
    let restored = try LedgerStore.open(directory: target.path)
    #expect(try await restored.snapshot() == flights.store.snapshot())
    #expect(try await restored.records(in: "flights") == flights.store.records(in: "flights"))
    let pending = try await flights.store.pendingEvents(limit: 100)
    #expect(pending.count == 1)
    #expect(try await restored.pendingEvents(limit: 100).suffix(pending.count) == pending[...])
    try restored.close()
  }

  @Test func `a backup is one file, which only its owner reads`() async throws {
    _ = try await flights.store.backup(to: target.path + "/b.db")
    #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == ["b.db"])
    let mode = try FileManager.default.attributesOfItem(atPath: target.path + "/b.db")[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func `the ledger is written while it is copied`() async throws {
    async let bytes = flights.store.backup(to: target.path + "/b.db")
    for day in 3...9 { try await flights.holdByAnomaly("load", CivilDate(daysSinceEpoch: 15_800 + day)) }
    #expect(try await bytes > 0)
  }

  @Test func `a file that is there is refused and stays as it is`() async throws {
    let file = target.path + "/b.db"
    try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
    await #expect(throws: LedgerFailure("`\(file)` is there already")) { try await flights.store.backup(to: file) }
    #expect(try target.contents(of: file) == Data("mine".utf8))
    try FileManager.default.createSymbolicLink(atPath: target.path + "/l.db", withDestinationPath: "/nonexistent")
    await #expect(throws: LedgerFailure("`\(target.path)/l.db` is there already")) {
      try await flights.store.backup(to: target.path + "/l.db")
    }
  }

  @Test func `a folder that is not there is said, and nothing is left behind`() async throws {
    let file = target.path + "/nowhere/b.db"
    await #expect {
      try await flights.store.backup(to: file)
    } throws: { error in
      let message = (error as? LedgerFailure)?.message ?? ""
      return message == "the folder `\(target.path)/nowhere` is not there: make it, or name another file"
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == [])
  }

  @Test(arguments: ["", "b.db", "/tmp/"])
  func `a path that is not absolute is refused`(path: String) async throws {
    await #expect(throws: LedgerFailure("`\(path)` is not the absolute path of a file")) {
      try await flights.store.backup(to: path)
    }
  }
}
