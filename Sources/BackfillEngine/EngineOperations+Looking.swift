import BackfillCore

/// What is worked out beside the loop, from what it knows and what the ledger holds.
extension EngineOperations {
  func plan(_ request: PlanRequest) async throws(Refusal) -> PlanView {
    let facts = try await ask { .foresee(window: request.window, $0) }
    let durations = try await reading { () async throws(LedgerFailure) in
      try await ledger.dateDurations(in: request.window, limit: DateDurations.capacity)
    }
    return Forecast(facts, durations: durations).view(nights: request.nights)
  }

  func failures(_ request: FailuresRequest) async throws(Refusal) -> FailuresView {
    let facts = try await ask { .describe(window: request.window, date: nil, $0) }
    let records = try await reading { () async throws(LedgerFailure) in try await ledger.records(in: request.window) }
    guard facts.isConfigured else { return FailureTally.former(request.window, records, by: request.by) }
    return FailureTally(window: facts.window, calendar: facts.calendar).view(records, by: request.by)
  }

  func validate(_ request: ValidationRequest, by: String) async throws(Refusal) -> ValidationView {
    let facts = try await ask { .describe(window: request.window, date: nil, $0) }
    guard facts.isConfigured else {
      throw Refusal(.refused, EngineState.former(request.window, "there is no definition to judge it by"))
    }
    let chosen = try request.dates.map { ranges throws(Refusal) in try dates(ranges, of: facts) }
    let outcome = try await reading { () async throws(LedgerFailure) in
      let records = try await ledger.records(in: request.window)
      let durations = try await ledger.stepDurations(in: request.window)
      return Validation(window: facts.window, calendar: facts.calendar, durations: durations)
        .outcome(records, of: chosen)
    }
    guard request.isApplied, !(outcome.changes.isEmpty && outcome.figures.isEmpty) else {
      return ValidationView(window: request.window, outcome, answer: nil)
    }
    let change = RejudgeRequest(
      window: facts.window, changes: outcome.changes, figures: outcome.figures, reason: request.reason, by: by)
    let answer = try await ask { .rejudge(change, $0) }
    return ValidationView(window: request.window, outcome, answer: answer)
  }

  func backup(to file: String, by: String) async throws(Refusal) -> BackupView {
    do {
      return BackupView(file: file, bytes: try await ledger.backup(to: file))
    } catch {
      throw Refusal(error.kind == .closed ? .unavailable : .refused, "no backup was made: \(error.message)")
    }
  }

  private func dates(_ ranges: [DateRange], of facts: WindowFacts) throws(Refusal) -> Set<CivilDate> {
    if let why = facts.calendarState.refusal(of: facts.window.name) { throw Refusal(.refused, why) }
    for range in ranges where range.isSingle && facts.calendar[range.from] == nil {
      throw Refusal(.noSuchDate, "`\(facts.window.name)` does not cover \(range.from)")
    }
    let dates = Set(facts.calendar.dates(named: ranges))
    guard !dates.isEmpty else { throw Refusal(.noSuchDate, "`\(facts.window.name)` covers none of these dates") }
    return dates
  }

  private func reading<Value>(
    _ read: () async throws(LedgerFailure) -> Value
  ) async throws(Refusal) -> Value {
    do {
      return try await read()
    } catch {
      throw Refusal(.unavailable, "the ledger cannot be read: \(error.message)")
    }
  }
}
