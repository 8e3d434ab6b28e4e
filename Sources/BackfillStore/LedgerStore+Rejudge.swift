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
    for step in judgement.steps where try !isLast(step, of: key, in: window, db) {
      return "`\(step.step)` ran again meanwhile"
    }
    for step in judgement.steps { try write(step, of: judgement.date, decision, db) }
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

  /// Puts new figures into verdicts that keep their word; returns into how many. A step that ran again meanwhile has those of
  /// its own attempt.
  static func refigure(_ figures: [NewFigures], _ decision: Decision, _ db: Database) throws -> Int {
    let kept = try figures.filter { try isLast($0.step, of: $0.date.description, in: decision.window, db) }
    guard !kept.isEmpty else { return 0 }
    let change = "\(NewFigures.spoken(kept.count)), with new figures"
    try keep(
      "validate", in: decision.window, decision.reason.map { "\(change): \($0)" } ?? change, by: decision.by,
      at: decision.at, db)
    let id = db.lastInsertedRowID
    for new in kept {
      let date = new.date.description
      try replaceVerdict(of: new.step, on: date, in: decision.window, db)
      try withdrawDrift(of: new.step.step, date, by: id, in: decision.window, db)
    }
    return kept.count
  }

  /// Whether the judged attempt is still the last one of its step.
  private static func isLast(_ step: RejudgedStep, of date: String, in window: String, _ db: Database) throws -> Bool {
    try db.firstRow(
      "SELECT 1 FROM steps WHERE window = ? AND date = ? AND step = ? AND state = 'done' AND attempt = ?",
      [window, date, step.step, step.attempt]) != nil
  }

  private static func replaceVerdict(
    of step: RejudgedStep, on date: String, in window: String, _ db: Database
  ) throws {
    try db.run(
      "UPDATE attempts SET verdict = ? WHERE window = ? AND step = ? AND date = ? AND attempt = ?",
      [try Coding.text(of: step.verdict), window, step.step, date, step.attempt])
  }

  private static func write(
    _ step: RejudgedStep, of judged: CivilDate, _ decision: Decision, _ db: Database
  ) throws {
    let verdict = step.verdict
    let date = judged.description
    try db.run(
      "UPDATE steps SET verdict = ? WHERE window = ? AND date = ? AND step = ?",
      [verdict.word.rawValue, decision.window, date, step.step])
    try replaceVerdict(of: step, on: date, in: decision.window, db)
    let change = "\(step.was?.rawValue ?? "none") -> \(verdict.word.rawValue)"
    let reason = decision.reason.map { "\(change): \($0)" } ?? change
    try keep(
      "validate", in: decision.window, date: judged, step: step.step, reason, by: decision.by, at: decision.at, db)
    try withdrawDrift(of: step.step, date, by: db.lastInsertedRowID, in: decision.window, db)
  }
}
