import BackfillCore
import GRDB

extension LedgerStore {
  /// Records a decision, what follows from it and the activation that carries it out, in one transaction.
  ///
  /// Who, why and when are kept for each change. A change of the window that does not apply (`resume` of one that is not
  /// paused) changes nothing; a date that it does not apply to is refused by itself, with why.
  public func decide(_ decision: Decision) async throws(LedgerFailure) -> DecisionOutcome {
    try await write { db in
      try Self.requireWindow(decision.window, db)
      switch decision.action {
      case .pause: return try Self.pause(decision, db)
      case .resume: return try Self.resume(decision, db)
      case .complete: return try Self.complete(decision, db)
      case .reopen: return try Self.reopen(decision, db)
      case .accept(let dates):
        let reason = try decision.requiredReason("accepting")
        var restarted: [DriftRestart] = []
        var accepted: [CivilDate: Set<String>] = [:]
        let outcome = try Self.each(dates, decision, db) { date in
          let why = try Self.accept(date, reason, decision, db) { accepted[date, default: []].insert($0) }
          restarted += try Self.acceptDrift(of: date, decision, db)
          return why
        }
        return outcome.accepting(accepted, restarted)
      case .retry(let dates):
        return try Self.each(dates, decision, db) { try Self.retry($0, decision, db) }
      case .skip(let dates):
        let reason = try decision.requiredReason("skipping")
        return try Self.each(dates, decision, db) { try Self.skip($0, reason, decision, db) }
      case .rerun(let rerun): return try Self.rerun(rerun, decision, db)
      case .importDone(let dates, let steps):
        let outcome = try Self.each(dates, decision, db) { try Self.importDone($0, steps, decision, db) }
        if !outcome.changed.isEmpty {
          try Self.append(
            .datesImported(
              window: decision.window, dates: outcome.changed, reason: decision.reason, by: decision.by), decision, db)
        }
        return outcome
      case .rejudge(let changes, let figures, let pause):
        let refigured = try Self.refigure(figures, decision, db)
        return try Self.rejudge(changes, pause, refigured: refigured, decision, db)
      case .skipBootstrap(let dates, let work):
        let reason = try decision.requiredReason("skipping")
        let freed = try work.map { try Self.free($0, skippedFor: reason, in: decision.window, db) } ?? []
        let outcome = try Self.each(dates, decision, db) { try Self.skipUnknown($0, reason, decision.window, db) }
        return DecisionOutcome(changed: outcome.changed, refused: outcome.refused, freed: freed)
      case .passOver(let nominal):
        return try Self.passOver(nominal, decision, db)
      }
    }
  }

  // MARK: The window

  private static let nothing = DecisionOutcome(changed: [], refused: [])

  private static func pause(_ decision: Decision, _ db: Database) throws -> DecisionOutcome {
    let reason = try decision.requiredReason("pausing")
    guard try move(decision, to: "paused", from: "'active', 'complete'", reason, db) else { return nothing }
    try haltHandActivations(of: decision.window, db)
    try record("pause", decision, db)
    try append(.windowPaused(window: decision.window, date: nil, reason: reason, by: decision.by), decision, db)
    return nothing
  }

  private static func resume(_ decision: Decision, _ db: Database) throws -> DecisionOutcome {
    guard try move(decision, to: "active", from: "'paused'", nil, db) else { return nothing }
    try record("resume", decision, db)
    let id = db.lastInsertedRowID
    try append(.windowResumed(window: decision.window, by: decision.by, reason: decision.reason), decision, db)
    let restarted = try settleDrift(decision, by: id, db)
    let opened = try decision.opening.flatMap { try open($0, db) }
    if opened != nil { try record("start", decision, db) }
    return DecisionOutcome(changed: [], refused: [], restarted: restarted, opened: opened)
  }

  private static func complete(_ decision: Decision, _ db: Database) throws -> DecisionOutcome {
    guard try move(decision, to: "complete", from: "'active', 'paused'", nil, db) else { return nothing }
    try record("complete", decision, db)
    try append(.windowCompleted(window: decision.window), decision, db)
    return nothing
  }

  private static func reopen(_ decision: Decision, _ db: Database) throws -> DecisionOutcome {
    guard try move(decision, to: "active", from: "'complete'", nil, db) else { return nothing }
    try record("reopen", decision, db)
    return nothing
  }

  /// Returns whether the window was in one of the states of `from`.
  private static func move(
    _ decision: Decision, to state: String, from: String, _ reason: String?, _ db: Database
  ) throws -> Bool {
    try db.run(
      "UPDATE windows SET state = ?, reason = ?, since = ?, who = ? WHERE name = ? AND state IN (\(from))",
      [state, reason, decision.at.milliseconds, decision.by, decision.window])
    return db.changesCount == 1
  }

  /// A firing that nothing is done about; with a reason it is told as missed. It is kept as that where the window is active:
  /// why nothing runs while it is paused is kept with the pause.
  private static func passOver(_ nominal: Instant, _ decision: Decision, _ db: Database) throws -> DecisionOutcome {
    try passOver(nominal, in: decision.window, db)
    if let reason = decision.reason {
      if try isActive(decision.window, db) {
        try keep(
          "missed", in: decision.window, firing: nominal, reason, by: decision.by, at: decision.at, db)
      }
      try append(.activationMissed(window: decision.window, nominal: nominal, reason: reason), decision, db)
    }
    return nothing
  }

  private static func isActive(_ window: String, _ db: Database) throws -> Bool {
    try db.firstRow("SELECT 1 FROM windows WHERE name = ? AND state = 'active'", [window]) != nil
  }

  /// The last missed night of each window; none where a person has started a chunk since.
  static func missedNights(_ db: Database) throws -> [String: MissedNight] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT window, action, firing, reason, max(id) FROM decisions
        WHERE action IN ('missed', 'start') GROUP BY window
        """)
    return rows.reduce(into: [:]) { nights, row in
      guard row[1] == "missed", let firing: Int64 = row[2] else { return }
      nights[row[0]] = MissedNight(firing: Instant(milliseconds: firing), reason: row[3] ?? "")
    }
  }

  // MARK: Dates

  private static func rejudge(
    _ changes: [Rejudgement], _ reason: String?, refigured: Int, _ decision: Decision, _ db: Database
  ) throws -> DecisionOutcome {
    let judgements = Dictionary(changes.map { ($0.date, $0) }) { first, _ in first }
    let outcome = try each(changes.map(\.date), decision, db) { date in
      try judgements[date].flatMap { try Self.rejudge($0, decision, db) }
    }
    if let reason, let held = outcome.changed.first(where: { judgements[$0]?.mayPause ?? false }) {
      _ = try Self.pause(decision.window, for: reason, date: held, at: decision.at, db)
    }
    return DecisionOutcome(changed: outcome.changed, refused: outcome.refused, refigured: refigured)
  }

  /// Asks `change` for each date once, in order; it returns why not, or `nil` when the date changed. Then opens the
  /// activation for those that changed.
  private static func each(
    _ dates: [CivilDate], _ decision: Decision, _ db: Database, _ change: (CivilDate) throws -> String?
  ) throws -> DecisionOutcome {
    var seen: Set<CivilDate> = []
    var changed: [CivilDate] = []
    var refused: [DecisionOutcome.Refused] = []
    for date in dates where seen.insert(date).inserted {
      if let why = try change(date) {
        refused.append(DecisionOutcome.Refused(date: date, why: why))
      } else {
        changed.append(date)
      }
    }
    let opening = changed.isEmpty ? nil : decision.opening?.limited(to: changed)
    return DecisionOutcome(changed: changed, refused: refused, opened: try opening.flatMap { try open($0, db) })
  }

  // MARK: What is kept

  static func record(
    _ action: String, _ decision: Decision, date: CivilDate? = nil, step: String? = nil, reason: String? = nil,
    _ db: Database
  ) throws {
    try keep(
      action, in: decision.window, date: date, step: step, reason ?? decision.reason, by: decision.by, at: decision.at,
      db)
  }

  /// Every change of a window that somebody decided about, a rule of the daemon too, is kept by this: what, about which date
  /// and step, why, by whom and when.
  static func keep(
    _ action: String, in window: String, date: CivilDate? = nil, step: String? = nil, firing: Instant? = nil,
    _ reason: String?, by who: String, at: Instant, _ db: Database
  ) throws {
    try db.run(
      "INSERT INTO decisions (window, action, date, step, firing, reason, who, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [window, action, date?.description, step, firing?.milliseconds, reason, who, at.milliseconds])
  }

  static func append(_ event: JournalEvent, _ decision: Decision, _ db: Database) throws {
    try append(try encoded([event]), at: decision.at, db)
  }
}

extension DecisionOutcome {
  /// The same with the steps that are accepted and the streams that start anew; a date whose alarm was accepted is not refused.
  fileprivate func accepting(
    _ accepted: [CivilDate: Set<String>], _ restarted: [DriftRestart]
  ) -> DecisionOutcome {
    let named = Set(restarted.map(\.after))
    return DecisionOutcome(
      changed: changed, refused: refused.filter { !named.contains($0.date) }, restarted: restarted, accepted: accepted,
      opened: opened)
  }
}

extension Decision {
  fileprivate func requiredReason(_ what: String) throws(LedgerFailure) -> String {
    guard let reason, !reason.isEmpty else { throw LedgerFailure.contradiction("\(what) needs a reason") }
    return reason
  }
}
