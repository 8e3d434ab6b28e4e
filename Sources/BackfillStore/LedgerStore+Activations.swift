import BackfillCore
import GRDB

extension LedgerStore {
  public func register(
    window: String, scheduleKey: String?, definition: String, now: Instant
  ) async throws(LedgerFailure) {
    try await write { db in
      try db.run(
        """
        INSERT INTO windows (name, state, since, who, schedule_key, last_nominal) VALUES (?, 'active', ?, 'backfilld', ?, ?)
        ON CONFLICT (name) DO UPDATE SET schedule_key = excluded.schedule_key, last_nominal = ?
        WHERE schedule_key IS NOT excluded.schedule_key
        """,
        [
          window, now.milliseconds, scheduleKey, scheduleKey == nil ? nil : now.milliseconds, now.milliseconds,
        ])
      try Self.note(definition, of: window, at: now, db)
    }
  }

  /// Keeps the definition that is in force; a change is told when dates were done with another one.
  private static func note(_ definition: String, of window: String, at now: Instant, _ db: Database) throws {
    let row = try db.firstRow("SELECT definition FROM windows WHERE name = ?", [window])
    let known = row.flatMap { $0[0] as String? }
    guard known != definition, !definition.isEmpty else { return }
    try db.run("UPDATE windows SET definition = ? WHERE name = ?", [definition, window])
    guard known != nil else { return }
    let others = try definitions(in: window, db).filter { $0.definition != definition }.reduce(0) { $0 + $1.dates }
    guard others > 0 else { return }
    try append(try encoded([.definitionChanged(window: window, dates: others)]), at: now, db)
  }

  /// Opens an activation with its event; `nil` when there is one of that window, kind and nominal already (I1).
  ///
  /// What a person asked for is kept as a decision: `run` for each date, `start` for a chunk.
  public func open(_ request: ActivationRequest) async throws(LedgerFailure) -> Activation? {
    try await write { db in
      try Self.requireWindow(request.window, db)
      guard let activation = try Self.open(request, db) else { return nil }
      switch request.kind {
      case .scheduled: break
      case .forced: try Self.keep("start", in: request.window, request.reason, by: request.by, at: request.at, db)
      case .hand:
        for date in request.dates ?? [] {
          try Self.keep(
            "run", in: request.window, date: date, step: request.step, request.reason, by: request.by, at: request.at,
            db)
        }
      }
      return activation
    }
  }

  static func open(_ request: ActivationRequest, _ db: Database) throws -> Activation? {
    try db.run(
      """
      INSERT INTO activations (window, kind, nominal, quota, ends_at, dates, step, who, opened)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (window, kind, nominal) DO NOTHING
      """,
      [
        request.window, request.kind.rawValue, request.nominal.milliseconds, request.quota,
        request.endsAt?.milliseconds, try request.dates.map { try Coding.text(of: $0) }, request.step, request.by,
        request.at.milliseconds,
      ])
    guard db.changesCount == 1 else { return nil }
    let id = db.lastInsertedRowID
    let runID: String = try db.firstRow("SELECT run_id FROM activations WHERE id = ?", [id])?[0] ?? ""
    let activation = Activation(
      id: id, window: request.window, kind: request.kind, nominal: request.nominal, quota: request.quota,
      endsAt: request.endsAt, dates: request.dates, step: request.step, by: request.by, runID: runID)
    if request.kind == .scheduled { try passOver(request.nominal, in: request.window, db) }
    try append(try encoded([.activationOpened(activation)]), at: request.at, db)
    return activation
  }

  /// Ends an activation that is open; `advance` moves the window's ramp by one, `reset` sets it back to 0.
  public func end(
    activation: Int64, of window: String, ramp: RampMove, events: [JournalEvent], at: Instant
  ) async throws(LedgerFailure) {
    let events = try Self.encoded(events)
    try await write { db in
      try db.run(
        "UPDATE activations SET ended = ? WHERE id = ? AND window = ? AND ended IS NULL",
        [at.milliseconds, activation, window])
      guard db.changesCount == 1 else {
        throw LedgerFailure.contradiction("the ledger has no open activation \(activation) of `\(window)`")
      }
      switch ramp {
      case .stay: break
      case .advance: try db.run("UPDATE windows SET ramp_index = ramp_index + 1 WHERE name = ?", [window])
      case .reset: try db.run("UPDATE windows SET ramp_index = 0 WHERE name = ?", [window])
      }
      try Self.append(events, at: at, db)
    }
  }

  /// A preflight that passed is not run again for its activation; one that failed pauses the window, and the activation
  /// stays open.
  public func endPreflight(_ end: PreflightEnd) async throws(LedgerFailure) -> Bool {
    try await write { db in
      try db.run(
        "UPDATE activations SET preflight_passed = ? WHERE id = ? AND window = ? AND ended IS NULL",
        [end.failure == nil, end.activation, end.window])
      guard db.changesCount == 1 else {
        throw LedgerFailure.contradiction("the ledger has no open activation \(end.activation) of `\(end.window)`")
      }
      guard let failure = end.failure else {
        let event = JournalEvent.preflightPassed(window: end.window, chunk: end.activation)
        try Self.append(try Self.encoded([event]), at: end.at, db)
        return false
      }
      let event = JournalEvent.preflightFailed(window: end.window, chunk: end.activation, reason: failure)
      try Self.append(try Self.encoded([event]), at: end.at, db)
      return try Self.pauseAndHalt(end.window, for: failure, date: nil, at: end.at, db)
    }
  }

  /// A pause ends what was asked for by hand before it; what is asked for afterwards runs all the same.
  static func haltHandActivations(of window: String, _ db: Database) throws {
    try db.run("UPDATE activations SET halted = 1 WHERE window = ? AND kind = 'hand' AND ended IS NULL", [window])
  }

  /// The firing at `nominal` is dealt with.
  static func passOver(_ nominal: Instant, in window: String, _ db: Database) throws {
    try db.run("UPDATE windows SET last_nominal = ? WHERE name = ?", [nominal.milliseconds, window])
  }

  /// The activations that have not ended, oldest first.
  static func openActivations(_ db: Database) throws -> [Activation] {
    var started: [Int64: Set<CivilDate>] = [:]
    var lookedAt: [Int64: Set<CivilDate>] = [:]
    let dates = try Row.fetchCursor(
      db,
      sql: """
        SELECT activation, date, looked_at FROM activation_dates
        WHERE activation IN (SELECT id FROM activations WHERE ended IS NULL)
        """)
    while let row = try dates.next() {
      let date = try Coding.date(row[1])
      started[row[0], default: []].insert(date)
      if row[2] { lookedAt[row[0], default: []].insert(date) }
    }
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT id, window, kind, nominal, quota, ends_at, dates, step, who, halted, run_id, preflight_passed
        FROM activations
        WHERE ended IS NULL ORDER BY id
        """)
    return try rows.map { row in
      let id: Int64 = row[0]
      let endsAt: Int64? = row[5]
      let dates: String? = row[6]
      return Activation(
        id: id, window: row[1], kind: try Coding.word(Activation.Kind.self, row[2]),
        nominal: Instant(milliseconds: row[3]), quota: row[4], endsAt: endsAt.map { Instant(milliseconds: $0) },
        dates: try dates.map { try Coding.value([CivilDate].self, from: $0) }, step: row[7], by: row[8],
        started: started[id] ?? [], lookedAt: lookedAt[id] ?? [], runID: row[10], hasPassedPreflight: row[11],
        isHalted: row[9])
    }
  }
}
