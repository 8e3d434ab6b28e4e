import BackfillCore
import Dispatch
import GRDB
import Synchronization

extension LedgerStore {
  /// Events that are not handed over yet, oldest first.
  ///
  /// One that this version cannot read does not hold up the rest: it comes as `ledgerUnavailable` with its own text.
  public func pendingEvents(limit: Int) async throws(LedgerFailure) -> [OutboxEntry] {
    let through = handedOver.withLock { $0.through }
    return try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT id, at, event FROM outbox WHERE id > ? ORDER BY id LIMIT ?"),
        arguments: [through, limit])
      return rows.map { row in
        let id: Int64 = row[0]
        return OutboxEntry(id: id, at: Instant(milliseconds: row[1]), event: Self.event(id, row[2]))
      }
    }
  }

  /// They leave the disk with the next write of any kind, or a second later: a transaction of its own for each date's events
  /// would cost as much as the date's. A death meanwhile has them handed over once more (I5).
  public func markHandedOver(through id: Int64) async throws(LedgerFailure) {
    guard handedOver.withLock({ $0.note(through: id) }) else { return }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(1)) { [weak self] in
      guard let self else { return }
      Task { await self.forgetEvents() }
    }
  }

  /// What fails here is done by the next write, or by the next start.
  private func forgetEvents() async {
    handedOver.withLock { $0.isPlanned = false }
    guard handedOver.withLock({ $0.unforgotten }) != nil else { return }
    do throws(LedgerFailure) {
      try await write { _ in }
    } catch {
      handedOver.withLock { $0.isPlanned = false }
    }
  }

  static func forgetEvents(through id: Int64, _ db: Database) throws {
    try db.run("DELETE FROM outbox WHERE id <= ?", [id])
  }

  private static func event(_ id: Int64, _ text: String) -> JournalEvent {
    do {
      return try Coding.value(JournalEvent.self, from: text)
    } catch {
      return .ledgerUnavailable(reason: "event \(id) of the outbox cannot be read and is passed over: \(text)")
    }
  }

  static func encoded(_ events: [JournalEvent]) throws(LedgerFailure) -> [String] {
    try events.map { event throws(LedgerFailure) in try Coding.text(of: event) }
  }

  static func append(_ events: [String], at: Instant, _ db: Database) throws {
    for event in events {
      try db.run("INSERT INTO outbox (at, event) VALUES (?, ?)", [at.milliseconds, event])
    }
  }
}

/// How far the events of the outbox were handed over, and how far they have left the disk.
struct HandedOver {
  private(set) var through: Int64 = 0
  private var forgotten: Int64 = 0
  /// They will be forgotten by themselves.
  var isPlanned = false

  /// What is to be forgotten; `nil` when nothing is.
  var unforgotten: Int64? { through > forgotten ? through : nil }

  /// Returns whether forgetting is to be planned.
  mutating func note(through id: Int64) -> Bool {
    through = max(through, id)
    defer { isPlanned = true }
    return !isPlanned
  }

  mutating func forgotten(through id: Int64) {
    forgotten = max(forgotten, id)
  }
}
