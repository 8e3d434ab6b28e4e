import BackfillCore

/// Folds the drift test of one window further, writes down what it finds, and says what became of the window.
struct DriftRunner: Sendable {
  let window: Window
  let calendar: WindowCalendar
  let gate: LedgerGate
  let clock: any Clock

  /// Goes on from `start` up to `target`, and returns how far it came: a date may have been decided about since.
  func run(_ start: DriftFold, through target: CivilDate) async throws(EngineFailure) -> DriftFold {
    while true {
      let turn = try await gate.persist { () async throws(LedgerFailure) in try await self.turn(start, target) }
      if let turn { return turn }
    }
  }

  /// Reads, folds and writes once; `nil` when a person decided something in between.
  private func turn(_ start: DriftFold, _ target: CivilDate) async throws(LedgerFailure) -> DriftFold? {
    let facts = try await gate.ledger.driftFacts(in: window.name, after: start.through, through: target)
    var fold = start
    let alarms = fold.fold(facts, over: calendar, through: target)
    guard !alarms.isEmpty else { return fold }
    let now = clock.now()
    let outcome = try await gate.ledger.commit(
      DriftReport(
        window: window.name, alarms: alarms, pauses: window.onAnomaly == .pause, revision: facts.revision, at: now))
    if outcome == .overtaken { return nil }
    gate.mailbox.post(
      .driftAlarmed(window: window.name, alarms.compactMap { OpenAlarm($0.crossing) }, outcome, at: now))
    gate.eventsCommitted()
    return fold
  }
}
