import BackfillCore
import GRDB

extension LedgerStore {
  /// Writes down that a step is about to start (I2): the date and the step become running, the attempt is there.
  ///
  /// Edges (I4): a date that is pending, running, or held for its input; a step that is not there, pending or stale, under the next number; or
  /// an unfinished attempt, under its own number and run, whose executions are then counted up.
  static func claim(_ claim: StepClaim, at: Instant, _ db: Database) throws {
    let attempt = claim.attempt
    let date = attempt.date.description
    let isNew = try startDate(date, claim, db)
    let standing = isNew && attempt.attempt == 1 ? .new : try standing(of: attempt, db)
    if standing == .new {
      try db.run(
        "INSERT INTO steps (window, date, step, state, attempt, run_id) VALUES (?, ?, ?, 'running', ?, ?)",
        [attempt.window, date, attempt.step, attempt.attempt, attempt.runID])
    } else {
      try db.run(
        """
        UPDATE steps SET state = 'running', attempt = ?, run_id = ?, unfinished = 0, verdict = NULL, accepted = 0
        WHERE window = ? AND date = ? AND step = ?
        """,
        [attempt.attempt, attempt.runID, attempt.window, date, attempt.step])
    }
    if standing == .unfinished {
      try db.run(
        """
        UPDATE attempts SET executions = executions + 1, chunk = ?, definition = ?, started = ?, ended = NULL,
          duration = NULL, ending = NULL, failure = NULL, user_cpu = NULL,
          system_cpu = NULL, peak_kib = NULL, report = NULL, verdict = NULL, tail = NULL
        WHERE window = ? AND step = ? AND date = ? AND attempt = ?
        """,
        [
          attempt.chunk, claim.definitionHash, at.milliseconds,
          attempt.window, attempt.step, date, attempt.attempt,
        ])
    } else {
      try db.run(
        """
        INSERT INTO attempts (window, step, date, attempt, run_id, chunk, definition, started)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          attempt.window, attempt.step, date, attempt.attempt, attempt.runID, attempt.chunk, claim.definitionHash,
          at.milliseconds,
        ])
    }
  }

  /// Returns whether the ledger had nothing of the date.
  private static func startDate(_ date: String, _ claim: StepClaim, _ db: Database) throws -> Bool {
    let attempt = claim.attempt
    do {
      try db.run(
        "INSERT INTO dates (window, date, state, chunk, by_hand) VALUES (?, ?, 'running', ?, ?) ON CONFLICT DO NOTHING",
        [attempt.window, date, attempt.chunk, claim.isByHand])
      let isNew = db.changesCount == 1
      let awaitedInput: Bool
      if isNew {
        awaitedInput = false
      } else {
        guard let wasAwaiting = try startKnownDate(date, claim, db) else { return false }
        awaitedInput = wasAwaiting
      }
      try db.run(
        "INSERT INTO activation_dates (activation, date, looked_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [attempt.chunk, date, awaitedInput])
      return isNew
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY {
      try requireWindow(attempt.window, db)
      throw LedgerFailure.contradiction("\(attempt.place) cannot be started: there is no activation \(attempt.chunk)")
    }
  }

  /// Puts a date that the ledger knows into the claim's activation; returns whether it was held for its input, `nil` when it is
  /// in that activation already.
  private static func startKnownDate(
    _ date: String, _ claim: StepClaim, _ db: Database
  ) throws -> Bool? {
    let attempt = claim.attempt
    let row = try db.firstRow(
      "SELECT state, chunk, by_hand, awaits_input FROM dates WHERE window = ? AND date = ?", [attempt.window, date])
    let state: String = row?[0] ?? DateState.pending.rawValue
    let awaitedInput: Bool = row?[3] ?? false
    guard state == "pending" || state == "running" || awaitedInput else {
      throw LedgerFailure.contradiction("\(attempt.place) cannot be started: the date is \(state)")
    }
    let isByHand: Bool = row?[2] ?? false
    if state == "running", row?[1] == attempt.chunk, isByHand || !claim.isByHand { return nil }
    try db.run(
      """
      UPDATE dates SET state = 'running', reason = NULL, awaits_input = 0, chunk = ?, by_hand = by_hand OR ?
      WHERE window = ? AND date = ?
      """,
      [attempt.chunk, claim.isByHand, attempt.window, date])
    return awaitedInput
  }

  /// What the ledger knows of the step of a claim.
  private enum Standing {
    /// Nothing.
    case new
    /// An earlier attempt, which ended.
    case known
    /// This very attempt, which did not end: it is executed again.
    case unfinished
  }

  private static func standing(of attempt: AttemptIdentity, _ db: Database) throws -> Standing {
    let row = try db.firstRow(
      "SELECT state, attempt, run_id, unfinished FROM steps WHERE window = ? AND date = ? AND step = ?",
      [attempt.window, attempt.date.description, attempt.step])
    let last: Int = row?[1] ?? 0
    if let row {
      let state: String = row[0]
      guard state == "pending" || state == "stale" else {
        throw LedgerFailure.contradiction("\(attempt.place) cannot be started: it is \(state)")
      }
      if row[3] as Bool {
        let runID: String = row[2]
        guard attempt.attempt == last, attempt.runID == runID else {
          throw LedgerFailure.contradiction(
            "\(attempt.place) cannot be started as attempt \(attempt.attempt), run \(attempt.runID): "
              + "attempt \(last), run \(runID), is unfinished")
        }
        return .unfinished
      }
    }
    guard attempt.attempt == last + 1 else {
      throw LedgerFailure.contradiction(
        "\(attempt.place) cannot be started as attempt \(attempt.attempt): the next one is \(last + 1)")
    }
    return row == nil ? .new : .known
  }

  // MARK: What several transactions ask

  static func requireWindow(_ window: String, _ db: Database) throws {
    guard try db.firstRow("SELECT 1 FROM windows WHERE name = ?", [window]) != nil else {
      throw LedgerFailure.contradiction("the ledger has no window `\(window)`")
    }
  }

  /// Pending for a date that is not there.
  static func state(ofDate date: String, in window: String, _ db: Database) throws -> DateState {
    let row = try db.firstRow("SELECT state FROM dates WHERE window = ? AND date = ?", [window, date])
    return try row.map { try Coding.word(DateState.self, $0[0]) } ?? .pending
  }

  /// What becomes of the verdict of a date whose state changes.
  enum VerdictChange {
    case keep
    case set(Verdict?)
  }

  /// Puts a date into `state`, whether or not the ledger has a row for it. How long it took before is kept when nothing new
  /// is known.
  static func set(
    _ state: DateState, reason: String?, awaitsInput: Bool = false, verdict: VerdictChange, took: Duration? = nil,
    ofDate date: String, in window: String, _ db: Database
  ) throws {
    let (isKept, word): (Bool, String?) =
      switch verdict {
      case .keep: (true, nil)
      case .set(let verdict): (false, verdict?.rawValue)
      }
    try db.run(
      """
      UPDATE dates SET state = ?, reason = ?, awaits_input = ?, verdict = iif(?, verdict, ?),
        took = coalesce(?, took)
      WHERE window = ? AND date = ?
      """,
      [state.rawValue, reason, awaitsInput, isKept, word, took?.wholeMilliseconds, window, date])
    if db.changesCount == 1 { return }
    try db.run(
      "INSERT INTO dates (window, date, state, reason, awaits_input, verdict, took) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [window, date, state.rawValue, reason, awaitsInput, word, took?.wholeMilliseconds])
  }

  /// A step of the date that is claimed; the first by name.
  static func runningStep(ofDate date: String, in window: String, _ db: Database) throws -> String? {
    try db.firstRow(
      "SELECT step FROM steps WHERE window = ? AND date = ? AND state = 'running' ORDER BY step LIMIT 1",
      [window, date])?[0]
  }
}
