import BackfillCore
import GRDB

extension LedgerStore {
  /// Makes the results stale that run again or were computed from them, and their dates pending, in one transaction.
  ///
  /// A stale step begins a new round of attempts. What does not fit is thrown back whole: the rerun was worked out from a
  /// ledger that has changed since.
  static func rerun(_ rerun: Rerun, _ decision: Decision, _ db: Database) throws -> DecisionOutcome {
    let why = "\(rerun.spoken) runs again" + (decision.reason.map { ": \($0)" } ?? "")
    for entry in rerun.dates {
      try makeStale(entry, in: decision.window, db)
      if entry.again.isEmpty {
        try record("stale", decision, date: entry.date, reason: why, db)
      } else {
        try record("rerun", decision, date: entry.date, step: rerun.step, db)
      }
      try withdrawDrift(of: entry.date.description, in: decision.window, db)
    }
    try append(
      .datesRerun(
        window: decision.window, dates: rerun.named, step: rerun.step, stale: rerun.staleCount,
        reason: decision.reason, by: decision.by), decision, db)
    let changed = rerun.dates.map(\.date)
    let opening = decision.opening?.limited(to: changed)
    return DecisionOutcome(changed: changed, refused: [], opened: try opening.flatMap { try open($0, db) })
  }

  private static func makeStale(_ entry: RerunDate, in window: String, _ db: Database) throws {
    let date = entry.date.description
    let state = try state(ofDate: date, in: window, db)
    guard state == .done || state == .held || state == .pending else {
      throw LedgerFailure.contradiction("\(window) \(date) is \(state.rawValue): nothing of it can run again")
    }
    if let step = try runningStep(ofDate: date, in: window, db) {
      throw LedgerFailure.contradiction("\(window) \(date) cannot run again: `\(step)` is running")
    }
    for step in entry.again + entry.stale {
      try db.run(
        """
        UPDATE steps SET state = 'stale', round_start = attempt
        WHERE window = ? AND date = ? AND step = ? AND state IN ('done', 'failed')
        """,
        [window, date, step])
    }
    // A person who names a date forgives its interruptions, as with a retry.
    if !entry.again.isEmpty {
      try db.run("UPDATE steps SET interruptions = 0 WHERE window = ? AND date = ?", [window, date])
    }
    guard entry.isPending else { return }
    try set(.pending, reason: DateState.staleReason, verdict: .set(nil), ofDate: date, in: window, db)
  }

  /// Reads no attempt: one that cannot be read does not keep the others from running again.
  public func standings(in window: String) async throws(LedgerFailure) -> [CivilDate: DateStanding] {
    try await read { db in
      var steps: [String: [String: StepStanding]] = [:]
      let lines = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT date, step, state, state = 'done' AND verdict IS 'anomaly' AND NOT accepted
            FROM steps WHERE window = ?
            """),
        arguments: [window])
      while let row = try lines.next() {
        steps[row[0], default: [:]][row[1]] = StepStanding(
          state: try Coding.word(StepState.self, row[2]), isOpenAnomaly: row[3])
      }
      var standings: [CivilDate: DateStanding] = [:]
      let dates = try Row.fetchCursor(
        db.cachedStatement(sql: "SELECT date, state, reason, awaits_input FROM dates WHERE window = ?"),
        arguments: [window])
      while let row = try dates.next() {
        let date: String = row[0]
        standings[try Coding.date(date)] = DateStanding(
          state: try Coding.word(DateState.self, row[1]), reason: row[2], awaitsInput: row[3],
          steps: steps[date] ?? [:])
      }
      return standings
    }
  }
}
