import BackfillCore
import Foundation
import GRDB

extension LedgerStore {
  /// Records ends, states, a pause, events and claims in one transaction (I3).
  ///
  /// States change only along the written edges (I4); a checkpoint that does not fit what the ledger knows is thrown back
  /// whole, with a sentence. Claims may be of other dates and windows than the ends. Blocks the thread of the caller's
  /// executor until the disk has it.
  @discardableResult
  public func commit(_ checkpoint: Checkpoint) async throws(LedgerFailure) -> String? {
    let ends = try checkpoint.ended.map { end throws(LedgerFailure) in try EncodedEnd(end) }
    let events = try Self.encoded(checkpoint.events)
    let written = try writeHere(appended: \.entries) { db in
      for end in ends { try Self.record(end, in: checkpoint, db) }
      let isNewlyHeld = try Self.change(checkpoint, db)
      let entries = try Self.append(checkpoint.events, as: events, at: checkpoint.at, db)
      let pausedFor = try Self.pause(checkpoint, isNewlyHeld: isNewlyHeld, db)
      for claim in checkpoint.claims { try Self.claim(claim, at: checkpoint.at, db) }
      return Written(pausedFor: pausedFor, entries: pausedFor == nil ? entries : nil)
    }
    return written.pausedFor
  }

  private struct Written {
    let pausedFor: String?
    /// All events of the transaction; `nil` when there is one more.
    let entries: [OutboxEntry]?
  }

  // MARK: The end of an execution

  private static func record(_ encoded: EncodedEnd, in checkpoint: Checkpoint, _ db: Database) throws {
    let end = encoded.end
    let attempt = end.attempt
    guard attempt.window == checkpoint.window, attempt.date == checkpoint.date else {
      throw LedgerFailure.contradiction(
        "the end of \(attempt.place) is not part of \(checkpoint.window) \(checkpoint.date)")
    }
    guard [.done, .failed, .pending].contains(end.stepState) else {
      throw LedgerFailure.contradiction("\(attempt.place) cannot become \(end.stepState.rawValue) when it ends")
    }
    // Interruptions are counted in a row: an end of its own, also that of a check, breaks the row, a stop by us does not.
    try db.run(
      """
      UPDATE steps SET state = ?, verdict = ?, unfinished = ?, interruptions = iif(?, interruptions, 0)
      WHERE window = ? AND date = ? AND step = ? AND state = 'running' AND attempt = ? AND run_id = ?
      """,
      [
        end.stepState.rawValue, end.verdict?.word.rawValue, end.isUnfinished, end.execution.ending == .stopped,
        attempt.window, attempt.date.description, attempt.step, attempt.attempt, attempt.runID,
      ])
    guard db.changesCount == 1 else { throw try refusal(ofEnd: attempt, db) }
    let usage = end.execution.usage
    try db.run(
      """
      UPDATE attempts SET started = ?, ended = ?, duration = ?, ending = ?, failure = ?, user_cpu = ?, system_cpu = ?,
        peak_kib = ?, report = ?, verdict = ?, tail = ?
      WHERE window = ? AND step = ? AND date = ? AND attempt = ?
      """,
      [
        end.execution.started.milliseconds, checkpoint.at.milliseconds, end.execution.duration.wholeMilliseconds,
        end.execution.ending.sentence, end.failure, usage.userCPU.wholeMicroseconds,
        usage.systemCPU.wholeMicroseconds, usage.peakMemoryKiB, encoded.report, encoded.verdict, encoded.tail,
        attempt.window, attempt.step, attempt.date.description, attempt.attempt,
      ])
  }

  private static func refusal(ofEnd attempt: AttemptIdentity, _ db: Database) throws -> LedgerFailure {
    let row = try db.firstRow(
      "SELECT state, attempt, run_id FROM steps WHERE window = ? AND date = ? AND step = ?",
      [attempt.window, attempt.date.description, attempt.step])
    guard let row else {
      return LedgerFailure.contradiction("\(attempt.place) was never started: its end is not recorded")
    }
    let state: String = row[0]
    guard state == "running" else {
      return LedgerFailure.contradiction("\(attempt.place) is \(state), not running: its end is not recorded")
    }
    let number: Int = row[1]
    let runID: String = row[2]
    return LedgerFailure.contradiction(
      "\(attempt.place) runs as attempt \(number), run \(runID): "
        + "the end of attempt \(attempt.attempt), run \(attempt.runID), is not recorded")
  }

  // MARK: The date

  /// Returns whether the date became held for a person.
  private static func change(_ checkpoint: Checkpoint, _ db: Database) throws -> Bool {
    guard let change = checkpoint.dateChange else { return false }
    if case .done(let verdict) = change, try finish(checkpoint, verdict, db) { return false }
    let window = checkpoint.window
    let date = checkpoint.date.description
    let row = try db.firstRow("SELECT state, awaits_input FROM dates WHERE window = ? AND date = ?", [window, date])
    if row == nil { try requireWindow(window, db) }
    // One that waits for its input alone is open: it may come to its end without a step, where its steps changed meanwhile.
    let before = try row.map { $0[1] as Bool ? .pending : try Coding.word(DateState.self, $0[0]) } ?? .pending
    let edges: Set<DateState> =
      switch change {
      case .done, .pending: [.pending, .running, .verifying]
      case .held, .heldForInput: [.pending, .running, .verifying, .held]
      }
    guard edges.contains(before) else {
      throw LedgerFailure.contradiction(
        "\(window) \(date) is \(before.rawValue): it cannot become \(change.state.rawValue)")
    }
    if change.state != .held, let step = try runningStep(ofDate: date, in: window, db) {
      throw LedgerFailure.contradiction(
        "\(window) \(date) cannot become \(change.state.rawValue): `\(step)` is running")
    }
    let (reason, verdict): (String?, VerdictChange) =
      switch change {
      case .done(let verdict): (nil, .set(verdict))
      case .held(let reason, let verdict), .heldForInput(let reason, let verdict): (reason, .set(verdict))
      case .pending(let reason): (reason, .keep)
      }
    try set(
      change.state, reason: reason, awaitsInput: change.awaitsInput, verdict: verdict, took: checkpoint.took,
      ofDate: date, in: window, db)
    return change.state == .held && !change.awaitsInput && before != .held
  }

  /// The way of nearly every date: running, with no step that runs, it becomes done. Returns whether it was so.
  private static func finish(_ checkpoint: Checkpoint, _ verdict: Verdict?, _ db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE dates SET state = 'done', reason = NULL, awaits_input = 0, verdict = ?3, took = coalesce(?4, took)
      WHERE window = ?1 AND date = ?2 AND state = 'running'
        AND NOT EXISTS (SELECT 1 FROM steps WHERE window = ?1 AND date = ?2 AND state = 'running')
      """,
      [checkpoint.window, checkpoint.date.description, verdict?.rawValue, checkpoint.took?.wholeMilliseconds])
    return db.changesCount == 1
  }

  // MARK: The pause

  /// Returns the reason when the window became paused.
  private static func pause(_ checkpoint: Checkpoint, isNewlyHeld: Bool, _ db: Database) throws -> String? {
    let window = checkpoint.window
    guard let reason = checkpoint.pause else {
      guard isNewlyHeld, let limit = checkpoint.maxHeld else { return nil }
      return try pauseWhenManyAreHeld(window, limit: limit, date: checkpoint.date, at: checkpoint.at, db)
    }
    return try pauseAndHalt(window, for: reason, date: checkpoint.date, at: checkpoint.at, db) ? reason : nil
  }

  /// Returns whether the window became paused. One that is paused already keeps its reason, but what was asked for by hand
  /// since is halted all the same.
  static func pauseAndHalt(
    _ window: String, for reason: String, date: CivilDate?, at: Instant, _ db: Database
  ) throws -> Bool {
    if try pause(window, for: reason, date: date, at: at, db) { return true }
    try haltHandActivations(of: window, db)
    return false
  }

  /// Pauses `window` when `limit` of its dates are held for a person; returns the reason when it became paused.
  @discardableResult
  static func pauseWhenManyAreHeld(
    _ window: String, limit: Int, date: CivilDate, at: Instant, _ db: Database
  ) throws -> String? {
    let held: Int =
      try db.firstRow(
        "SELECT count(*) FROM dates WHERE window = ? AND state = 'held' AND awaits_input = 0", [window])?[0] ?? 0
    guard held >= limit else { return nil }
    let reason = "\(held) \(held == 1 ? "date is" : "dates are") held (max_held: \(limit))"
    return try pause(window, for: reason, date: date, at: at, db) ? reason : nil
  }

  /// Returns whether the window became paused; one that was paused already keeps its first reason.
  static func pause(
    _ window: String, for reason: String, date: CivilDate?, at: Instant, _ db: Database
  ) throws -> Bool {
    try requireWindow(window, db)
    try db.run(
      "UPDATE windows SET state = 'paused', reason = ?, since = ?, who = 'backfilld' WHERE name = ? AND state <> 'paused'",
      [reason, at.milliseconds, window])
    guard db.changesCount == 1 else { return false }
    try haltHandActivations(of: window, db)
    try keep("pause", in: window, reason, by: JournalEvent.daemonName, at: at, db)
    let event = JournalEvent.windowPaused(window: window, date: date, reason: reason, by: "backfilld")
    try append(try encoded([event]), at: at, db)
    return true
  }
}

/// An end with its structured values as text, worked out before the transaction begins.
private struct EncodedEnd: Sendable {
  let end: AttemptEnd
  let report: String?
  let verdict: String?
  let tail: Data?

  init(_ end: AttemptEnd) throws(LedgerFailure) {
    self.end = end
    if case .report(let value) = end.execution.report {
      report = try Coding.text(of: value)
    } else {
      report = nil
    }
    if let value = end.verdict {
      verdict = try Coding.text(of: value)
    } else {
      verdict = nil
    }
    let hasPassed = end.failure == nil && (end.verdict?.word ?? .pass) == .pass
    tail = hasPassed ? nil : Data(end.execution.outputTail)
  }
}

extension DateChange {
  /// Held for that alone.
  var awaitsInput: Bool {
    if case .heldForInput = self { true } else { false }
  }
}

extension AttemptIdentity {
  /// Where it belongs, in messages: "`load` of flights 2013-01-05".
  var place: String { "`\(step)` of \(window) \(date)" }
}
