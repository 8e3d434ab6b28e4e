import BackfillCore
import Foundation
import GRDB

extension LedgerStore {
  /// Reads what the engine keeps in memory, as of one instant.
  public func snapshot() async throws(LedgerFailure) -> LedgerSnapshot {
    try await read { db in
      LedgerSnapshot(
        windows: try Self.windows(db), dates: try Self.summaries(db), openActivations: try Self.openActivations(db),
        claimed: try Self.claimed(db), calendars: try Self.calendars(db), alarms: try Self.openAlarms(db),
        missed: try Self.missedNights(db))
    }
  }

  /// Counts the slow dates by the last attempt of each that came to an end, of the four dates before `date` on which the
  /// ledger has one.
  public func slowDates(
    before date: CivilDate, step: String, window: String, limit: Duration
  ) async throws(LedgerFailure) -> Int {
    try await read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT date, duration FROM attempts
            WHERE window = ? AND step = ? AND date < ? AND duration IS NOT NULL
              AND ending <> 'stopped' AND ending <> 'input missing'
            ORDER BY date DESC, attempt DESC
            """),
        arguments: [window, step, date.description])
      var slow = 0
      var seen = 0
      var last: String?
      while seen < 4, let row = try rows.next() {
        let date: String = row[0]
        guard date != last else { continue }
        last = date
        seen += 1
        if Duration.milliseconds(row[1] as Int64) > limit { slow += 1 }
      }
      return slow
    }
  }

  public func attempts(of date: CivilDate, in window: String) async throws(LedgerFailure) -> [AttemptRecord] {
    try await read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT a.step, a.attempt, a.run_id, a.chunk, a.executions, a.started, a.ended, a.duration, a.ending,
              a.user_cpu, a.report, a.verdict, a.tail, a.definition, a.system_cpu, a.peak_kib
            FROM steps s CROSS JOIN attempts a ON a.window = s.window AND a.step = s.step AND a.date = s.date
            WHERE s.window = ? AND s.date = ? ORDER BY a.id
            """),
        arguments: [window, date.description])
      return try rows.map(Self.attempt)
    }
  }

  public func decisions(in window: String, date: CivilDate?) async throws(LedgerFailure) -> [DecisionRecord] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT action, date, step, reason, who, at FROM decisions
          WHERE window = ? AND (? IS NULL OR date = ?) ORDER BY id
          """,
        arguments: [window, date?.description, date?.description])
      return try rows.map { row in
        let date: String? = row[1]
        return DecisionRecord(
          action: row[0], date: try date.map { try Coding.date($0) }, step: row[2], reason: row[3], by: row[4],
          at: Instant(milliseconds: row[5]))
      }
    }
  }

  /// Decisions with the same action, step, reason, person and instant are one change.
  public func changes(in window: String, limit: Int) async throws(LedgerFailure) -> [ChangeRecord] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT action, step, reason, who, at, min(date), max(date), count(DISTINCT date), firing FROM decisions
          WHERE window = ? GROUP BY at, action, step, reason, who, firing ORDER BY max(id) DESC LIMIT ?
          """,
        arguments: [window, limit])
      return try rows.reversed().map { row in
        let from: String? = row[5]
        let to: String? = row[6]
        let firing: Int64? = row[8]
        return ChangeRecord(
          action: row[0], step: row[1], reason: row[2], by: row[3], at: Instant(milliseconds: row[4]),
          from: try from.map { try Coding.date($0) }, to: try to.map { try Coding.date($0) }, dates: row[7],
          firing: firing.map { Instant(milliseconds: $0) })
      }
    }
  }

  // MARK: Rows

  private static func attempt(_ row: Row) throws -> AttemptRecord {
    let ended: Int64? = row[6]
    let userCPU: Int64? = row[9]
    let report: String? = row[10]
    let verdict: String? = row[11]
    let tail: Data? = row[12]
    return AttemptRecord(
      step: row[0], attempt: row[1], runID: row[2], chunk: row[3], executions: row[4],
      started: Instant(milliseconds: row[5]), ended: ended.map { Instant(milliseconds: $0) },
      durationMilliseconds: row[7], ending: row[8],
      usage: userCPU.map {
        ResourceUsage(userCPU: .microseconds($0), systemCPU: .microseconds(row[14] as Int64), peakMemoryKiB: row[15])
      },
      report: try report.map { try Coding.value(Report.self, from: $0) },
      verdict: try verdict.map { try Coding.value(StepVerdict.self, from: $0) },
      outputTail: tail.map { String(decoding: $0, as: UTF8.self) }, definitionHash: row[13])
  }

  private static func windows(_ db: Database) throws -> [WindowRecord] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT name, state, reason, since, who, ramp_index, last_nominal, schedule_key FROM windows ORDER BY name
        """)
    return try rows.map { row in
      let lastNominal: Int64? = row[6]
      return WindowRecord(
        window: row[0], state: try Coding.word(WindowState.self, row[1]), reason: row[2],
        since: Instant(milliseconds: row[3]), by: row[4], rampIndex: row[5],
        lastNominal: lastNominal.map { Instant(milliseconds: $0) }, scheduleKey: row[7])
    }
  }

  /// The dates that are more than untouched. A step with an anomaly that nobody accepted is not among the done ones: what
  /// looks back at it waits.
  private static func summaries(_ db: Database) throws -> [String: [CivilDate: DateSummary]] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT window, date, state, reason, verdict,
          (SELECT group_concat(step, char(10)) FROM steps s WHERE s.window = d.window AND s.date = d.date
            AND s.state = 'done' AND (s.accepted OR s.verdict IS NOT 'anomaly')),
          awaits_input
        FROM dates d ORDER BY window, date
        """)
    var summaries: [String: [CivilDate: DateSummary]] = [:]
    // Most dates of a window have the same steps done: they share one set.
    var sets: [String: Set<String>] = [:]
    while let row = try rows.next() {
      let names: String = row[5] ?? ""
      let done = sets[names] ?? Set(names.split(separator: "\n").map(String.init))
      sets[names] = done
      let verdict: String? = row[4]
      summaries[row[0], default: [:]][try Coding.date(row[1])] = DateSummary(
        state: try Coding.word(DateState.self, row[2]), reason: row[3], awaitsInput: row[6],
        verdict: try verdict.map { try Coding.word(Verdict.self, $0) }, doneSteps: done)
    }
    return summaries
  }
}
