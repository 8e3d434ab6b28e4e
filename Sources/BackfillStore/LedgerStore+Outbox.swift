import BackfillCore
import Dispatch
import GRDB
import Synchronization

extension LedgerStore {
  /// Events that are not handed over yet, oldest first.
  ///
  /// One that this version cannot read does not hold up the rest: it comes as `ledgerUnavailable` with its own text.
  public func pendingEvents(limit: Int) async throws(LedgerFailure) -> [OutboxEntry] {
    let (kept, through, writes) = outbox.withLock { ($0.kept(limit: limit), $0.through, $0.writes) }
    if let kept { return kept }
    let entries = try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: "SELECT id, at, event FROM outbox WHERE id > ? AND event IS NOT NULL ORDER BY id LIMIT ?"),
        arguments: [through, limit])
      return rows.map { row in
        let id: Int64 = row[0]
        return OutboxEntry(id: id, at: Instant(milliseconds: row[1]), event: Self.event(id, row[2]))
      }
    }
    if entries.count < limit { outbox.withLock { $0.keep(entries, asOf: writes) } }
    return entries
  }

  /// They leave the disk with the next write of any kind. Where none comes, as in a long step, they leave with one of their
  /// own. A death meanwhile has them handed over once more (I5).
  public func markHandedOver(through id: Int64) async throws(LedgerFailure) {
    if outbox.withLock({ $0.note(through: id) }) { planForgetting() }
  }

  private func planForgetting() {
    let quiet = DispatchTimeInterval.milliseconds(Int(OutboxMemory.quiet.wholeMilliseconds))
    DispatchQueue.global().asyncAfter(deadline: .now() + quiet) { [weak self] in
      guard let self else { return }
      switch outbox.withLock({ $0.look(at: .nanoseconds(DispatchTime.now().uptimeNanoseconds)) }) {
      case .nothing: break
      case .again: planForgetting()
      case .write: Task { await self.forgetEvents() }
      }
    }
  }

  /// What fails here is done by the next write, or by the next start.
  private func forgetEvents() async {
    do throws(LedgerFailure) {
      try await write(appended: { _ in [] }, { _ in })
    } catch {
      // A ledger that cannot be written is told by whoever has something to write.
    }
  }

  /// `isLast`: these may be all that the outbox has. The last one then leaves its number behind, from which the next go on.
  static func forgetEvents(through id: Int64, isLast: Bool, _ db: Database) throws {
    try db.run("DELETE FROM outbox WHERE id <= ?", [id])
    guard isLast else { return }
    try db.run("INSERT INTO outbox (id, at, event) SELECT ?, 0, NULL WHERE NOT EXISTS (SELECT 1 FROM outbox)", [id])
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

  static func append(_ texts: [String], at: Instant, _ db: Database) throws {
    guard !texts.isEmpty else { return }
    let places = texts.map { _ in "(?, ?)" }.joined(separator: ", ")
    try db.run(
      "INSERT INTO outbox (at, event) VALUES \(places)",
      texts.flatMap { [at.milliseconds, $0] as [Database.Argument] })
  }

  /// Appends `events`, whose texts are worked out already, and returns them as the outbox has them.
  static func append(
    _ events: [JournalEvent], as texts: [String], at: Instant, _ db: Database
  ) throws -> [OutboxEntry] {
    try append(texts, at: at, db)
    // The numbers of one transaction follow each other.
    let before = db.lastInsertedRowID - Int64(events.count)
    return events.enumerated().map { OutboxEntry(id: before + Int64($0) + 1, at: at, event: $1) }
  }
}
