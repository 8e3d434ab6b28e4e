import BackfillCore

/// How a window stands, worked out from what the loop keeps of it.
extension WindowRuntime {
  /// A person must look: a date is held, or the daemon itself paused the window.
  var isTroubled: Bool {
    heldForPerson > 0 || (record.state == .paused && record.by == JournalEvent.daemonName)
  }

  /// How many dates wait for a person, also of those that the window no longer covers: what `max_held` is about. Looks
  /// at each date.
  var heldTowardsLimit: Int { dates.values.count { $0.state == .held && !$0.awaitsInput } }

  /// The held dates that the window no longer covers.
  func heldUncovered(in ranges: [DateRange]) -> [CivilDate] {
    guard uncovered > 0 else { return [] }
    return dates.filter { date, summary in
      summary.state == .held && calendar[date] == nil && ranges.contains { ($0.from...$0.to).contains(date) }
    }.map(\.key)
  }

  /// Every date of the calendar is done or skipped.
  var isComplete: Bool {
    !calendar.dates.isEmpty && count(.done) + count(.skipped) == calendar.dates.count
  }

  /// The window is active, and has dates that are neither done nor skipped.
  var hasOpenDates: Bool { record.state == .active && !isComplete && !calendar.dates.isEmpty }

  /// A step of the window needs dates before.
  var looksBack: Bool { planner.reach != nil }

  /// The drift test is being folded: no date starts meanwhile.
  var isFolding: Bool { drift?.isFolding ?? false }

  /// A chunk is open or being opened, and its firing is not far ahead of `now`.
  func isAtWork(at now: Instant) -> Bool {
    isFiring || activations.contains { $0.kind != .hand && !$0.isAhead(of: now) }
  }

  /// Of `dates`, in calendar order, those that wait for earlier dates even when the ones named before them get done; why.
  func waits(_ named: [CivilDate], step: String? = nil) -> [CivilDate: String] {
    guard looksBack else { return [:] }
    let brought = step.map { [$0] } ?? Set(window.steps.map(\.name))
    var assumed = dates
    var waits: [CivilDate: String] = [:]
    for date in named.sorted() {
      let situation = ChunkPlanner.Situation(state: .active, dates: assumed, now: record.since)
      waits[date] = planner.waitReason(of: date, step: step, in: situation)
      guard waits[date] == nil else { continue }
      assumed[date] = DateSummary(state: .pending, doneSteps: brought.union(assumed[date]?.doneSteps ?? []))
    }
    return waits
  }

  /// The schedule of the next firing, as the definition has it that waits for its turn; `nil` when that has another one, which
  /// fires for the first time after it has come into force.
  var scheduleInForce: Schedule? {
    guard let upcoming else { return window.schedule }
    return upcoming.scheduleKey == window.scheduleKey ? upcoming.schedule : nil
  }

  /// What the end of `activation` does to the ramp. Behind its last size there is no way to go: one that comes with a later
  /// definition begins with its first size.
  func rampMove(after activation: Activation) -> RampMove {
    let move = Ramp.move(after: activation, dates: dates, alarmed: Set(notices.alarms.all.map(\.date)))
    let isAtEnd = record.rampIndex >= window.schedule?.ramp.count ?? 0
    return move == .advance && isAtEnd ? .stay : move
  }
}
