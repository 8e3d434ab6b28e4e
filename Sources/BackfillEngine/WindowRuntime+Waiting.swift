import BackfillCore

/// Which dates of a window wait for others that nothing brings by itself.
extension WindowRuntime {
  /// Worked out once for each time that something about its dates changes.
  mutating func lookbackStall() -> LookbackStall {
    if let stall = stall?.value { return stall }
    let found = LookbackStall(window, calendar, dates)
    stall = Shared(found)
    return found
  }

  /// Why `date` does not start although it is pending; `nil` when it could, or is not pending.
  mutating func waitReason(of date: CivilDate) -> String? {
    guard calendar[date] != nil, (dates[date]?.state ?? .pending) == .pending,
      let reason = planner.waitReason(
        of: date, in: ChunkPlanner.Situation(state: .active, dates: dates, now: record.since))
    else { return nil }
    return reason + (lookbackStall().causes[date].map { "; \($0.sentence)" } ?? "")
  }

  /// Which dates `activation` leaves because they wait, as a sentence; `nil`: none.
  mutating func left(by activation: Activation) -> String? {
    guard activation.step == nil else { return nil }
    return lookbackStall().views(of: activation.dates.map(Set.init)).sentence
  }
}
