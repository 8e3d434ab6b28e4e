import BackfillCore
import GRDB

extension LedgerStore {
  /// Puts new verdicts in the place of those that the last attempts got, with what follows for the date.
  ///
  /// Returns why nothing of the date changed, or `nil` when it did. Old verdict, new one, who and when are kept.
  static func rejudge(_ judgement: Rejudgement, _ decision: Decision, _ db: Database) throws -> String? {
    let window = decision.window
    let key = judgement.date.description
    let state = try state(ofDate: key, in: window, db)
    guard state == judgement.state else { return "is \(state.rawValue) now" }
    for step in judgement.steps {
      let row = try db.firstRow(
        "SELECT 1 FROM steps WHERE window = ? AND date = ? AND step = ? AND state = 'done' AND attempt = ?",
        [window, key, step.step, step.attempt])
      guard row != nil else { return "`\(step.step)` ran again meanwhile" }
    }
    for step in judgement.steps { try write(step, of: key, decision, db) }
    if let change = judgement.change {
      try set(change.state, reason: change.reason, verdict: .set(judgement.verdict), ofDate: key, in: window, db)
    } else {
      try db.run(
        "UPDATE dates SET verdict = ? WHERE window = ? AND date = ?", [judgement.verdict?.rawValue, window, key])
    }
    try append(
      .dateRejudged(
        window: window, date: judgement.date, was: judgement.steps.compactMap(\.was).max() ?? .pass,
        verdict: judgement.steps.map(\.verdict.word).max() ?? .pass,
        by: decision.by),
      decision, db)
    return nil
  }

  /// Pauses the window for `reason`, when it is not paused already.
  static func pause(_ decision: Decision, for reason: String, at date: CivilDate, _ db: Database) throws {
    try db.run(
      "UPDATE windows SET state = 'paused', reason = ?, since = ?, who = 'backfilld' WHERE name = ? AND state <> 'paused'",
      [reason, decision.at.milliseconds, decision.window])
    guard db.changesCount == 1 else { return }
    try haltHandActivations(of: decision.window, db)
    try append(.windowPaused(window: decision.window, date: date, reason: reason, by: "backfilld"), decision, db)
  }

  private static func write(_ step: RejudgedStep, of date: String, _ decision: Decision, _ db: Database) throws {
    let verdict = step.verdict
    try db.run(
      "UPDATE steps SET verdict = ? WHERE window = ? AND date = ? AND step = ?",
      [verdict.word.rawValue, decision.window, date, step.step])
    try db.run(
      "UPDATE attempts SET verdict = ? WHERE window = ? AND step = ? AND date = ? AND attempt = ?",
      [try Coding.text(of: verdict), decision.window, step.step, date, step.attempt])
    let change = "\(step.was?.rawValue ?? "none") -> \(verdict.word.rawValue)"
    try db.run(
      "INSERT INTO decisions (window, action, date, step, reason, who, at) VALUES (?, 'validate', ?, ?, ?, ?, ?)",
      [
        decision.window, date, step.step, decision.reason.map { "\(change): \($0)" } ?? change, decision.by,
        decision.at.milliseconds,
      ])
  }
}
