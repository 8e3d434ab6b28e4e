import BackfillCore

/// Resolving what a person named, and telling him what came of it.
extension EngineState {
  /// The window, if the daemon can change anything about it now.
  func ready<Answer>(_ name: String, _ reply: Reply<Answer>) -> WindowRuntime? {
    guard let runtime = windows[name] else {
      _ = refuseUnknown(name, reply)
      return nil
    }
    guard runtime.isConfigured else {
      refuseFormer(name, reply)
      return nil
    }
    return isWell(reply) ? runtime : nil
  }

  /// Refuses when nothing can be changed at all. That no process can be started keeps nobody from a pause.
  func isWell<Answer>(_ reply: Reply<Answer>) -> Bool {
    if isStopping || broken != nil {
      reply.refuse(.unavailable, "backfilld is stopping")
      return false
    }
    if let ledgerTrouble {
      reply.refuse(.unavailable, "nothing can be changed now: \(ledgerTrouble)")
      return false
    }
    return true
  }

  /// Refuses with the names that exist, and why a file of that name was rejected.
  func refuseUnknown<Answer>(_ name: String, _ reply: Reply<Answer>) -> [Effect] {
    if let file = rejected.first(where: { $0.window == name }) {
      reply.refuse(.noSuchWindow, "window `\(name)` is disabled: \(file.findings.joined(separator: "\n"))")
    } else if index.names.isEmpty {
      reply.refuse(.noSuchWindow, "no window `\(name)`: no windows are configured")
    } else {
      let more = index.names.count > 10 ? ["and \(index.names.count - 10) more"] : []
      let names = (index.names.prefix(10) + more).joined(separator: ", ")
      reply.refuse(.noSuchWindow, "no window `\(name)`; there \(index.names.count == 1 ? "is" : "are") \(names)")
    }
    return []
  }

  /// Refuses with the step that was meant, or those that there are.
  func refuseUnknown<Answer>(_ step: String, of runtime: WindowRuntime, _ reply: Reply<Answer>) -> [Effect] {
    let hint = Suggestion.hint(for: step, orOneOf: runtime.window.steps.map(\.name))
    reply.refuse(.noSuchStep, "`\(runtime.window.name)` has no step `\(step)`; \(hint)")
    return []
  }

  /// Refuses to change a window that has no file any more.
  func refuseFormer<Answer>(_ name: String, _ reply: Reply<Answer>) {
    reply.refuse(.refused, Self.former(name, "nothing of it can be changed"))
  }

  /// What is said of a window that has no file any more.
  static func former(_ name: String, _ consequence: String) -> String {
    "`\(name)` is no longer configured: its ledger is kept, and \(consequence)"
  }

  /// The calendar's dates that `ranges` name, in order; refuses and returns `nil` when a single date is not covered.
  ///
  /// `held`: dates that are held and no longer covered count too, which count among those that `max_held` allows.
  func resolve<Answer>(
    _ ranges: [DateRange], held: Bool = false, in runtime: WindowRuntime, _ reply: Reply<Answer>
  ) -> [CivilDate]? {
    if let why = runtime.calendarState.refusal(of: runtime.window.name) {
      reply.refuse(.refused, why)
      return nil
    }
    let others = held ? runtime.heldUncovered(in: ranges) : []
    for range in ranges where range.isSingle && runtime.calendar[range.from] == nil && !others.contains(range.from) {
      reply.refuse(.noSuchDate, "`\(runtime.window.name)` does not cover \(range.from)")
      return nil
    }
    let dates = (runtime.calendar.dates(named: ranges) + others).sorted()
    guard !dates.isEmpty else {
      reply.refuse(.noSuchDate, "`\(runtime.window.name)` covers none of these dates")
      return nil
    }
    return dates
  }

  /// Takes in a decision that is written down.
  mutating func decided(_ decision: Decision, _ outcome: DecisionOutcome) {
    release(decision)
    remember(decision, outcome)
  }

  /// Takes in what came of a person's decisions: changes the memory, and answers.
  mutating func answer(_ asked: [Asked], _ reply: Reply<ChangeAnswer>) {
    var lines: [String] = []
    var outcomes: [DecisionOutcome] = []
    for one in asked {
      release(one.decision)
      switch one.outcome {
      case .success(let outcome):
        remember(one.decision, outcome)
        lines.append(message(for: one.decision, outcome))
        outcomes.append(outcome)
      case .failure(let failure):
        lines.append((asked.count > 1 ? "\(one.decision.window): " : "") + "nothing was changed: \(failure.message)")
      }
    }
    let message = lines.joined(separator: "\n")
    guard outcomes.count == asked.count else { return reply.refuse(.unavailable, message) }
    reply.answer(
      ChangeAnswer(
        message: message, changed: zip(asked, outcomes).flatMap(Self.changed), refused: outcomes.flatMap(\.refused)))
  }

  /// Dates that changed, or whose alarm was accepted.
  private static func changed(_ asked: Asked, _ outcome: DecisionOutcome) -> [CivilDate] {
    guard case .accept = asked.decision.action else { return outcome.changed }
    return Set(outcome.changed + outcome.restarted.map(\.after)).sorted()
  }

  /// What `decision` was about may be decided about again.
  private mutating func release(_ decision: Decision) {
    let name = decision.window
    dirty.insert(name)
    switch decision.action {
    case .pause, .resume, .complete, .reopen: windows[name]?.isChanging = false
    case .passOver: windows[name]?.isFiring = false
    case .accept, .retry, .skip, .skipBootstrap, .importDone, .rejudge:
      windows[name]?.deciding.subtract(decision.dates)
    case .rerun: windows[name]?.unlockRerun()
    }
  }

  private mutating func remember(_ decision: Decision, _ outcome: DecisionOutcome) {
    let name = decision.window
    if let activation = outcome.opened {
      windows[name]?.activations.append(activation)
      if activation.kind == .forced { windows[name]?.notices.missed = nil }
    }
    if !outcome.restarted.isEmpty {
      windows[name]?.notices.alarms.settle(outcome.restarted)
      windows[name]?.drift?.restart()
    }
    switch decision.action {
    // A pause that came first stands, in the ledger too.
    case .pause where windows[name]?.record.state == .paused: break
    case .pause: windows[name]?.enter(.paused, reason: decision.reason, by: decision.by, at: decision.at)
    case .resume, .reopen:
      windows[name]?.enter(.active, reason: nil, by: decision.by, at: decision.at)
      // A person says that its command is mended; without a schedule nothing else would run it.
      if windows[name]?.calendarState == .missing { windows[name]?.needsCalendar = true }
    case .complete: windows[name]?.enter(.complete, reason: nil, by: decision.by, at: decision.at)
    case .passOver(let nominal):
      windows[name]?.note(lastNominal: nominal)
      if let reason = decision.reason, windows[name]?.record.state == .active {
        windows[name]?.notices.missed = MissedNight(firing: nominal, reason: reason)
      }
    case .accept:
      for date in outcome.changed {
        let known = windows[name]?.dates[date]
        windows[name]?.set(
          DateSummary(
            state: .pending, reason: decision.reason.map { "accepted: \($0)" }, verdict: known?.verdict,
            doneSteps: (known?.doneSteps ?? []).union(outcome.accepted[date] ?? [])),
          for: date)
      }
    case .retry:
      for date in outcome.changed {
        let done = windows[name]?.dates[date]?.doneSteps ?? []
        windows[name]?.set(DateSummary(state: .pending, doneSteps: done), for: date)
        windows[name]?.notices.alarms.withdraw(of: date, done: done)
      }
    case .rerun(let rerun): for entry in rerun.dates { windows[name]?.makeStale(entry) }
    case .importDone(_, let steps):
      let summary = DateSummary(state: .done, reason: DateState.importedReason, doneSteps: Set(steps))
      for date in outcome.changed { windows[name]?.set(summary, for: date) }
    case .rejudge(let changes, let figures, let pause): remember(changes, figures, pause: pause, decision, outcome)
    case .skip, .skipBootstrap:
      for date in outcome.changed {
        let known = windows[name]?.dates[date]
        windows[name]?.set(
          DateSummary(
            state: .skipped, reason: decision.reason, verdict: known?.verdict, doneSteps: known?.doneSteps ?? []),
          for: date)
      }
    }
  }

  private func message(for decision: Decision, _ outcome: DecisionOutcome) -> String {
    let name = decision.window
    let dates = Self.spoken(outcome.changed.count)
    switch decision.action {
    case .pause: return "\(name) is paused; dates in flight end first"
    case .resume:
      return ([resumeMessage(name, at: decision.at)] + Self.settled(outcome.restarted)).joined(separator: "; ")
    case .accept:
      let accepted =
        outcome.changed.isEmpty
        ? [] : ["\(dates) accepted; the steps below run now" + waitHint(outcome.changed, name)]
      let parts = accepted + Self.settled(outcome.restarted)
      return parts.isEmpty ? "nothing accepted" : parts.joined(separator: "; ") + pauseHint(name)
    case .retry:
      return outcome.changed.isEmpty
        ? "nothing to retry"
        : "\(dates) will run again now" + waitHint(outcome.changed, name) + pauseHint(name)
    case .skip: return outcome.changed.isEmpty ? "nothing skipped" : "\(dates) skipped" + pauseHint(name)
    case .rerun(let rerun): return rerunMessage(rerun, name)
    case .importDone: return outcome.changed.isEmpty ? "nothing imported" : "\(dates) recorded as done"
    case .rejudge(let changes, _, _): return message(for: changes, outcome, in: name)
    case .complete, .reopen, .skipBootstrap, .passOver: return "done"
    }
  }

  /// What becomes of the alarms of the drift test: nothing is said where there are none.
  private static func settled(_ restarts: [DriftRestart]) -> [String] {
    guard !restarts.isEmpty else { return [] }
    let streams = restarts.map { "\($0.stream.name) of `\($0.stream.step)` starts anew after \($0.after)" }
    let alarms = restarts.count == 1 ? "the drift alarm is settled" : "\(restarts.count) drift alarms are settled"
    return ["\(alarms): \(streams.joined(separator: ", "))"]
  }

  private func resumeMessage(_ name: String, at now: Instant) -> String {
    guard let runtime = windows[name] else { return "\(name) is active" }
    if runtime.activations.contains(where: { $0.kind != .hand && !$0.isAhead(of: now) }) {
      return "\(name) goes on now"
    }
    guard let next = runtime.nextFiring else { return "\(name) is active; it has no schedule, `run` starts dates" }
    return
      "\(name) is active; it goes on at \(LocalStamp.text(next, in: runtime.window.zone)) (--now starts a chunk at once)"
  }

  func waitHint(_ dates: [CivilDate], step: String? = nil, _ name: String) -> String {
    guard let runtime = windows[name] else { return "" }
    let waits = runtime.waits(dates, step: step)
    guard let first = waits.keys.min(), let why = waits[first] else { return "" }
    return ", \(waits.count) of them \(waits.count == 1 ? "waits" : "wait"): \(why)"
  }

  func pauseHint(_ name: String) -> String {
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
    case .accept(let dates), .retry(let dates), .skip(let dates), .skipBootstrap(let dates, _),
      .importDone(let dates, _):
      dates
    case .rerun(let rerun): rerun.dates.map(\.date)
    case .rejudge(let changes, let figures, _): changes.map(\.date) + figures.map(\.date)
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
