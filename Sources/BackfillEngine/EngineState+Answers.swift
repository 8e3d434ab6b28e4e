import BackfillCore

/// Resolving what a person named, and telling him what came of it.
extension EngineState {
  /// The window, if the daemon can change anything about it now.
  func ready(_ name: String, _ reply: Reply<ChangeAnswer>) -> WindowRuntime? {
    guard let runtime = windows[name] else {
      _ = refuseUnknown(name, reply)
      return nil
    }
    if isStopping {
      reply.refuse(.unavailable, "backfilld is stopping")
      return nil
    }
    if let degraded {
      reply.refuse(.unavailable, "nothing can be changed now: \(degraded)")
      return nil
    }
    return runtime
  }

  /// Refuses with the names that exist, and why a file of that name was rejected.
  func refuseUnknown<Answer>(_ name: String, _ reply: Reply<Answer>) -> [Effect] {
    if let file = rejected.first(where: { $0.window == name }) {
      reply.refuse(.noSuchWindow, "window `\(name)` is disabled: \(file.findings.joined(separator: "\n"))")
    } else if windows.isEmpty {
      reply.refuse(.noSuchWindow, "no window `\(name)`: no windows are configured")
    } else {
      let names = windows.keys.sorted().prefix(10).joined(separator: ", ")
      reply.refuse(.noSuchWindow, "no window `\(name)`; there \(windows.count == 1 ? "is" : "are") \(names)")
    }
    return []
  }

  /// The calendar's dates that `ranges` name, in order; refuses and returns `nil` when a single date is not covered.
  func resolve(_ ranges: [DateRange], in runtime: WindowRuntime, _ reply: Reply<ChangeAnswer>) -> [CivilDate]? {
    var dates: Set<CivilDate> = []
    for range in ranges {
      if range.isSingle, runtime.calendar[range.from] == nil {
        reply.refuse(.noSuchDate, "`\(runtime.window.name)` does not cover \(range.from)")
        return nil
      }
      dates.formUnion(runtime.calendar.dates.lazy.map(\.date).filter { $0 >= range.from && $0 <= range.to })
    }
    guard !dates.isEmpty else {
      reply.refuse(.noSuchDate, "`\(runtime.window.name)` covers none of these dates")
      return nil
    }
    return dates.sorted()
  }

  /// Takes in a decision that is written down: changes the memory, answers, and says what follows.
  mutating func decided(
    _ decision: Decision, _ outcome: DecisionOutcome, _ followUp: FollowUp, _ reply: Reply<ChangeAnswer>?,
    at now: Instant
  ) -> [Effect] {
    let name = decision.window
    dirty.insert(name)
    windows[name]?.deciding.subtract(decision.dates)
    windows[name]?.isChanging = false
    remember(decision, outcome)
    let answer = ChangeAnswer(
      message: message(for: decision, outcome), changed: outcome.changed, refused: outcome.refused)
    let promise = reply.map { Promise(reply: $0, answer: answer) }
    let effects: [Effect] =
      switch followUp {
      case .nothing: []
      case .runChanged where outcome.changed.isEmpty: []
      case .runChanged: [openByHand(outcome.changed, step: nil, in: name, decision.by, promise, at: now)]
      case .openNow: openNow(name, decision.by, promise, at: now)
      }
    if effects.isEmpty { reply?.answer(answer) }
    return effects
  }

  private mutating func remember(_ decision: Decision, _ outcome: DecisionOutcome) {
    let name = decision.window
    let known = windows[name]?.dates ?? [:]
    switch decision.action {
    case .pause: windows[name]?.enter(.paused, reason: decision.reason, by: decision.by, at: decision.at)
    case .resume, .reopen: windows[name]?.enter(.active, reason: nil, by: decision.by, at: decision.at)
    case .complete: windows[name]?.enter(.complete, reason: nil, by: decision.by, at: decision.at)
    case .passOver(let nominal): windows[name]?.note(lastNominal: nominal)
    case .accept, .retry:
      for date in outcome.changed {
        windows[name]?.set(DateSummary(state: .pending, doneSteps: known[date]?.doneSteps ?? []), for: date)
      }
    case .skip, .skipBootstrap:
      for date in outcome.changed {
        windows[name]?.set(
          DateSummary(state: .skipped, reason: decision.reason, doneSteps: known[date]?.doneSteps ?? []), for: date)
      }
    }
  }

  private func message(for decision: Decision, _ outcome: DecisionOutcome) -> String {
    let name = decision.window
    let dates = Self.spoken(outcome.changed.count)
    switch decision.action {
    case .pause: return "\(name) is paused; dates in flight end first"
    case .resume: return resumeMessage(name)
    case .accept:
      return outcome.changed.isEmpty
        ? "nothing accepted" : "\(dates) accepted; the steps below run now" + pauseHint(name)
    case .retry: return outcome.changed.isEmpty ? "nothing to retry" : "\(dates) will run again now" + pauseHint(name)
    case .skip: return outcome.changed.isEmpty ? "nothing skipped" : "\(dates) skipped" + pauseHint(name)
    case .complete, .reopen, .skipBootstrap, .passOver: return "done"
    }
  }

  private func resumeMessage(_ name: String) -> String {
    guard let runtime = windows[name] else { return "\(name) is active" }
    if runtime.activations.contains(where: { $0.kind != .hand }) { return "\(name) goes on now" }
    guard let next = runtime.nextFiring else { return "\(name) is active; it has no schedule, `run` starts dates" }
    return
      "\(name) is active; it goes on at \(LocalStamp.text(next, in: runtime.window.zone)) (--now starts a chunk at once)"
  }

  private func pauseHint(_ name: String) -> String {
    windows[name]?.record.state == .paused ? "; \(name) stays paused until `resume`" : ""
  }

  static func spoken(_ count: Int) -> String {
    count == 1 ? "1 date" : "\(count) dates"
  }
}

extension Decision {
  /// The dates it names; none for a decision about the window.
  var dates: [CivilDate] {
    switch action {
    case .accept(let dates), .retry(let dates), .skip(let dates), .skipBootstrap(let dates): dates
    case .pause, .resume, .complete, .reopen, .passOver: []
    }
  }
}

/// An instant as a person reads it in a zone.
enum LocalStamp {
  /// `2013-02-09 01:00 EST`.
  static func text(_ instant: Instant, in zone: Zone) -> String {
    let local = zone.localTime(at: instant)
    let clock = "\(two(local.hour)):\(two(local.minute))"
    return "\(local.date) \(clock) \(zone.abbreviation(at: instant))"
  }

  private static func two(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
