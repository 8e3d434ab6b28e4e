import BackfillCore

/// Puts together what `show` prints, from the definition and the ledger's records.
enum WindowViews {
  /// Every date of the calendar, and those of the ledger that it no longer has.
  static func all(
    _ facts: WindowFacts, records: [DateRecord], changes: [ChangeRecord], definitions: [DefinitionView]
  ) -> WindowView {
    let known = Dictionary(uniqueKeysWithValues: records.map { ($0.date, $0) })
    let dates = Set(facts.calendar.dates.map(\.date)).union(known.keys).sorted()
    return view(
      facts, dates: dates.map { date(known[$0] ?? DateRecord(date: $0), facts) }, changes: changes,
      definitions: definitions)
  }

  /// One date with everything that is known of it.
  static func one(
    _ facts: WindowFacts, record: DateRecord, attempts: [AttemptRecord], decisions: [DecisionRecord],
    definitions: [DefinitionView]
  ) -> WindowView {
    view(
      facts, dates: [date(record, facts, history: attempts, waits: facts.waitReason)], decisions: decisions,
      definitions: definitions)
  }

  private static func view(
    _ facts: WindowFacts, dates: [DateView], decisions: [DecisionRecord]? = nil, changes: [ChangeRecord]? = nil,
    definitions: [DefinitionView]
  ) -> WindowView {
    WindowView(
      window: facts.window.name, state: facts.record.state, reason: facts.record.reason, since: facts.record.since,
      by: facts.record.by, zone: facts.window.zone.name, dates: dates, drift: facts.drift, alarms: facts.alarms,
      waiting: facts.waiting, missed: facts.missed,
      decisions: decisions,
      changes: changes, configured: facts.isConfigured,
      definition: facts.isConfigured ? facts.window.definitionHash : nil, definitions: definitions)
  }

  private static func date(
    _ record: DateRecord, _ facts: WindowFacts, history: [AttemptRecord]? = nil, waits: String? = nil
  ) -> DateView {
    let graph = StepGraph(facts.window.steps)
    let configured = facts.window.steps.map { step in
      self.step(record.steps[step.name] ?? StepRecord(step: step.name), graph.shownState(of: step, record.steps))
    }
    let names = Set(facts.window.steps.map(\.name))
    let reasons = [record.reason, waits].compactMap(\.self)
    let former = record.steps.values.filter { !names.contains($0.step) }.sorted { $0.step < $1.step }
    return DateView(
      date: record.date, state: record.state,
      reason: reasons.isEmpty ? nil : reasons.joined(separator: "; "), awaitsInput: record.awaitsInput,
      verdict: record.verdict,
      attempts: record.steps.values.reduce(0) { $0 + $1.attempt }, byHand: record.isByHand,
      covered: facts.calendar[record.date] != nil, steps: configured + former.map { step($0, $0.state) },
      history: history)
  }

  private static func step(_ record: StepRecord, _ state: StepState) -> StepView {
    StepView(
      step: record.step, state: state, verdict: record.verdict?.word,
      sentence: record.failure ?? record.verdict?.sentence, accepted: record.isAccepted, attempts: record.attempt,
      report: record.report)
  }
}
