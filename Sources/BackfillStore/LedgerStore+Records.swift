import BackfillCore
import GRDB

extension LedgerStore {
  public func record(of date: CivilDate, in window: String) async throws(LedgerFailure) -> DateRecord {
    try await read { db in
      try Self.records(db, where: "window = ? AND date = ?", [window, date.description]).first ?? DateRecord(date: date)
    }
  }

  /// Reads every date that the ledger knows of a window, in calendar order.
  public func records(in window: String) async throws(LedgerFailure) -> [DateRecord] {
    try await read { db in try Self.records(db, where: "window = ?", [window]) }
  }

  /// Two passes over keys in the same order, merged: no query for each date.
  private static func records(
    _ db: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [DateRecord] {
    var steps = try StepCursor(db, where: condition, arguments)
    let dates = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT date, state, reason, verdict, by_hand, chunk, awaits_input FROM dates
          WHERE \(condition) ORDER BY window, date
          """),
      arguments: arguments)
    var records: [DateRecord] = []
    while let row = try dates.next() {
      let date: String = row[0]
      let verdict: String? = row[3]
      records.append(
        DateRecord(
          date: try Coding.date(date), state: try Coding.word(DateState.self, row[1]), reason: row[2],
          awaitsInput: row[6], verdict: try verdict.map { try Coding.word(Verdict.self, $0) }, isByHand: row[4],
          chunk: row[5],
          steps: try steps.steps(of: date)))
    }
    return records
  }
}

/// The steps of ascending dates, with what their last attempts brought.
private struct StepCursor {
  private let rows: RowCursor
  private var next: (date: String, step: StepRecord)?

  init(_ db: Database, where condition: String, _ arguments: StatementArguments) throws {
    // LEFT JOIN keeps the order of the loops: steps by their key, for each the one attempt; an imported step has none.
    rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT s.date, s.step, s.state, s.attempt, s.round_start, s.run_id, s.unfinished, s.interruptions, s.accepted,
            a.verdict, a.report, a.failure
          FROM (SELECT * FROM steps WHERE \(condition)) s LEFT JOIN attempts a
            ON a.window = s.window AND a.step = s.step AND a.date = s.date AND a.attempt = s.attempt
          ORDER BY s.window, s.date, s.step
          """),
      arguments: arguments)
    try advance()
  }

  /// The steps of `date`, which must be later than the date asked for before.
  mutating func steps(of date: String) throws -> [String: StepRecord] {
    var steps: [String: StepRecord] = [:]
    while let (found, step) = next, found == date {
      steps[step.step] = step
      try advance()
    }
    return steps
  }

  private mutating func advance() throws {
    guard let row = try rows.next() else {
      next = nil
      return
    }
    let verdict: String? = row[9]
    let report: String? = row[10]
    let step = StepRecord(
      step: row[1], state: try Coding.word(StepState.self, row[2]), attempt: row[3], roundStart: row[4], runID: row[5],
      isUnfinished: row[6], interruptions: row[7],
      verdict: try verdict.map { try Coding.value(StepVerdict.self, from: $0) }, isAccepted: row[8],
      report: try report.map { try Coding.value(Report.self, from: $0) }, failure: row[11])
    next = (row[0], step)
  }
}
