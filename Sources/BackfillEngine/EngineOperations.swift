import BackfillCore

/// The port `Operations`, carried out by the loop; long readings go to the ledger and do not hold the loop up.
struct EngineOperations: Operations {
  let mailbox: Mailbox
  let place: LedgerPlace
  let version: String
  let daemonFacts: @Sendable () -> DaemonFacts

  var ledger: any Ledger {
    get throws(LedgerFailure) { try place.ledger }
  }

  /// So many changes of a window are shown with it.
  private static let shownChanges = 20

  func status(of window: String?) async throws(Refusal) -> DaemonStatus {
    try await ask { .status(window: window, $0) }
  }

  func show(_ window: String, date: CivilDate?) async throws(Refusal) -> WindowView {
    let facts = try await ask { .describe(window: window, date: date, $0) }
    if let date, facts.calendar[date] == nil, try await !isKnown(date, in: window) {
      if let why = facts.calendarState.refusal(of: window) { throw Refusal(.refused, why) }
      throw Refusal(.noSuchDate, "`\(window)` does not cover \(date)")
    }
    do {
      let definitions = try await ledger.definitions(in: window)
      guard let date else {
        return WindowViews.all(
          facts, records: try await ledger.records(in: window),
          changes: try await ledger.changes(in: window, limit: Self.shownChanges), definitions: definitions)
      }
      return WindowViews.one(
        facts, record: try await ledger.record(of: date, in: window),
        attempts: try await ledger.attempts(of: date, in: window),
        decisions: try await ledger.decisions(in: window, date: date), definitions: definitions)
    } catch {
      throw Refusal(.unavailable, "the ledger cannot be read: \(error.message)")
    }
  }

  func run(_ request: RunRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try await ask { .run(request, by: by, $0) }
  }

  func change(_ request: ChangeRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try await ask { .change(request, by: by, $0) }
  }

  func rerun(_ request: RerunRequest, by: String) async throws(Refusal) -> RerunAnswer {
    try await ask { .rerun(request, by: by, $0) }
  }

  func importDone(_ request: ImportRequest, by: String) async throws(Refusal) -> ImportAnswer {
    try await ask { .importDone(request, by: by, $0) }
  }

  func pause(_ request: PauseRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try await ask { .pause(request, by: by, $0) }
  }

  func resume(_ request: ResumeRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try await ask { .resume(request, by: by, $0) }
  }

  func reload(by: String) async throws(Refusal) -> ReloadAnswer {
    try await ask { .reload(ReloadAsker(by: by, reply: $0)) }
  }

  /// Whether the ledger remembers a date that the calendar no longer has.
  private func isKnown(_ date: CivilDate, in window: String) async throws(Refusal) -> Bool {
    do {
      return try await ledger.record(of: date, in: window) != DateRecord(date: date)
    } catch {
      throw Refusal(.unavailable, "the ledger cannot be read: \(error.message)")
    }
  }

  func ask<Answer: Sendable>(_ request: (Reply<Answer>) -> Request) async throws(Refusal) -> Answer {
    let result: Result<Answer, Refusal> = await withCheckedContinuation { continuation in
      mailbox.post(fromOutside: .request(request(Reply(continuation))))
    }
    return try result.get()
  }
}
