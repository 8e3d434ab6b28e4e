import BackfillCore

/// Dates that were done before backfilld knew them.
extension EngineState {
  /// Records them when the window covers each of them; those that the ledger knows something of are left alone.
  mutating func importDone(
    _ request: ImportRequest, _ by: String, _ reply: Reply<ImportAnswer>, at now: Instant
  ) -> [Effect] {
    guard let runtime = ready(request.window, reply) else { return [] }
    if let why = runtime.calendarState.refusal(of: request.window) {
      reply.refuse(.refused, why)
      return []
    }
    let named = Set(request.dates).sorted()
    let uncovered = named.filter { runtime.calendar[$0] == nil }
    let known = named.filter { runtime.calendar[$0] != nil }.compactMap { date in
      knowledge(of: date, in: runtime).map { DecisionOutcome.Refused(date: date, why: $0) }
    }
    let fresh = Set(named).subtracting(uncovered).subtracting(known.map(\.date)).sorted()
    guard uncovered.isEmpty, !request.dryRun, !fresh.isEmpty else {
      reply.answer(
        ImportAnswer(
          message: Self.outlook(fresh, uncovered, request), imported: uncovered.isEmpty && request.dryRun ? fresh : [],
          known: known, uncovered: uncovered))
      return []
    }
    windows[request.window]?.deciding.formUnion(fresh)
    inFlight += 1
    let decision = Decision(
      window: request.window, action: .importDone(fresh, steps: runtime.window.steps.map(\.name)),
      reason: request.reason.flatMap { $0.isEmpty ? nil : $0 }, by: by, at: now)
    return [
      .ask(
        [decision],
        reply.taking { change in
          ImportAnswer(
            message: change.message, imported: change.changed,
            known: (known + change.refused).sorted { $0.date < $1.date })
        })
    ]
  }

  /// What is known of `date` already; `nil` when that is nothing.
  private func knowledge(of date: CivilDate, in runtime: WindowRuntime) -> String? {
    if runtime.running[date] != nil || runtime.deciding.contains(date) { return "is being worked on" }
    guard let summary = runtime.dates[date] else { return nil }
    return "is \(summary.state.rawValue)" + (summary.reason.map { " (\($0))" } ?? "")
  }

  private static func outlook(_ fresh: [CivilDate], _ uncovered: [CivilDate], _ request: ImportRequest) -> String {
    if !uncovered.isEmpty {
      let dates = spoken(uncovered.count)
      return "nothing imported: `\(request.window)` does not cover \(dates) of them"
    }
    return fresh.isEmpty ? "nothing to import" : "\(spoken(fresh.count)) would be recorded as done"
  }
}
