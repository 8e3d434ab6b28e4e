import BackfillCore

/// What persons ask for: checked here against what the loop knows, written down by the ledger, carried out by the plan.
extension EngineState {
  mutating func take(_ request: Request, at now: Instant) -> [Effect] {
    switch request {
    case .status(let name, let reply):
      if let name, windows[name] == nil { return refuseUnknown(name, reply) }
      reply.answer(status(of: name))
    case .firings(let reply):
      reply.answer(firings)
    case .describe(let name, let date, let reply):
      let waiting = windows[name]?.lookbackStall().views() ?? []
      let waitReason: String? = if let date { waitReason(of: date, in: name) } else { nil }
      guard let runtime = windows[name] else { return refuseUnknown(name, reply) }
      reply.answer(
        WindowFacts(
          window: runtime.window, calendar: runtime.calendar, calendarState: runtime.calendarState,
          record: runtime.record, drift: runtime.drift?.fold.views ?? [], alarms: runtime.notices.alarms.all,
          waiting: waiting, missed: runtime.missedNight, waitReason: waitReason, isConfigured: runtime.isConfigured))
    case .reload(let asker): return reload(asker)
    case .foresee(let name, let reply):
      guard let runtime = windows[name] else { return refuseUnknown(name, reply) }
      guard runtime.isConfigured else {
        reply.refuse(.refused, Self.former(name, "nothing of it will run"))
        return []
      }
      reply.answer(runtime.forecastFacts(sharers: index.sharersByLock(of: runtime.window), at: now))
    case .rejudge(let request, let reply): return rejudge(request, reply, at: now)
    case .run(let request, let by, let reply): return run(request, by, reply, at: now)
    case .change(let request, let by, let reply): return change(request, by, reply, at: now)
    case .rerun(let request, let by, let reply): return rerun(request, by, reply)
    case .importDone(let request, let by, let reply): return importDone(request, by, reply, at: now)
    case .pause(let request, let by, let reply): return pause(request, by, reply, at: now)
    case .resume(let request, let by, let reply): return resume(request, by, reply, at: now)
    }
    return []
  }

  /// Why `date` does not start although it is pending.
  private mutating func waitReason(of date: CivilDate, in name: String) -> String? {
    if let reason = windows[name]?.waitReason(of: date) { return reason }
    guard let runtime = windows[name], (runtime.dates[date]?.state ?? .pending) == .pending,
      runtime.activations.contains(where: { $0.dates?.contains(date) ?? true })
    else { return nil }
    return index.lockWait(of: runtime.window)
  }

  private mutating func run(
    _ request: RunRequest, _ by: String, _ reply: Reply<ChangeAnswer>, at now: Instant
  ) -> [Effect] {
    guard let runtime = ready(request.window, reply) else { return [] }
    if let step = request.step, runtime.window.step(step) == nil { return refuseUnknown(step, of: runtime, reply) }
    guard let dates = resolve(request.dates, in: runtime, reply) else { return [] }
    var reasons: [CivilDate: String] = [:]
    for date in dates { reasons[date] = runReason(against: date, step: request.step, in: runtime) }
    reasons.merge(runtime.waits(dates.filter { reasons[$0] == nil }, step: request.step)) { first, _ in first }
    let startable = dates.filter { reasons[$0] == nil }
    let refused = dates.compactMap { date in reasons[date].map { DecisionOutcome.Refused(date: date, why: $0) } }
    guard !startable.isEmpty else {
      reply.answer(ChangeAnswer(message: "nothing to run", refused: refused))
      return []
    }
    if request.isDryRun {
      let lines = runtime.wouldRun(startable, step: request.step)
      let title = "\(Self.spoken(startable.count)) of \(request.window) would run; nothing was started"
      reply.answer(ChangeAnswer(message: ([title] + lines).joined(separator: "\n"), refused: refused))
      return []
    }
    inFlight += 1
    let answer = ChangeAnswer(
      message: "\(Self.spoken(startable.count)) of \(request.window) will run now", changed: startable,
      refused: refused)
    return [
      .open(
        handRequest(startable, step: request.step, in: request.window, by, request.reason, at: now),
        Promise(reply: reply, answer: answer))
    ]
  }

  /// Why `run` does not take `date`; `nil` when it does.
  private func runReason(against date: CivilDate, step: String?, in runtime: WindowRuntime) -> String? {
    if runtime.running[date] != nil || runtime.deciding.contains(date) { return "is being worked on" }
    let summary = runtime.dates[date] ?? DateSummary(state: .pending)
    switch summary.state {
    case .held where summary.awaitsInput, .pending:
      guard let step else { return nil }
      if summary.doneSteps.contains(step) { return "`\(step)` is done there already: rerun it" }
      let above = runtime.window.step(step)?.after.first { !summary.doneSteps.contains($0) }
      return above.map { "`\(step)` needs `\($0)` first, which is not done" }
    case .running, .verifying: return "is being worked on"
    case .done: return "is done: rerun it"
    case .held: return "is held (\(summary.reason ?? "no reason")): accept, retry or skip it"
    case .skipped: return "is skipped (\(summary.reason ?? "no reason")): retry it"
    }
  }

  private mutating func change(
    _ request: ChangeRequest, _ by: String, _ reply: Reply<ChangeAnswer>, at now: Instant
  ) -> [Effect] {
    guard let runtime = ready(request.window, reply) else { return [] }
    let reason = request.reason.flatMap { $0.isEmpty ? nil : $0 }
    if reason == nil, request.action != .retry {
      reply.refuse(.invalid, "`\(request.action.rawValue)` needs a reason, which is kept (--reason TEXT)")
      return []
    }
    guard let dates = resolve(request.dates, held: request.action == .skip, in: runtime, reply) else { return [] }
    let busy = dates.filter { runtime.running[$0] != nil || runtime.deciding.contains($0) }
      .map { DecisionOutcome.Refused(date: $0, why: "is being worked on; wait for it to end") }
    let busyDates = Set(busy.map(\.date))
    let free = dates.filter { !busyDates.contains($0) }
    guard !free.isEmpty else {
      reply.answer(ChangeAnswer(message: "nothing was changed", refused: busy))
      return []
    }
    let action: Decision.Action =
      switch request.action {
      case .accept: .accept(free)
      case .retry: .retry(free)
      case .skip: .skip(free)
      }
    let opening =
      request.action == .skip ? nil : handRequest(free, step: nil, in: request.window, by, at: now)
    windows[request.window]?.deciding.formUnion(free)
    inFlight += 1
    return [
      .ask(
        [Decision(window: request.window, action: action, reason: reason, by: by, at: now, opening: opening)],
        busy.isEmpty
          ? reply
          : reply.taking {
            ChangeAnswer(
              message: $0.message, changed: $0.changed, refused: ($0.refused + busy).sorted { $0.date < $1.date })
          })
    ]
  }

  private mutating func pause(
    _ request: PauseRequest, _ by: String, _ reply: Reply<ChangeAnswer>, at now: Instant
  ) -> [Effect] {
    guard let names = changeable(request.window, reply) else { return [] }
    let targets = names.filter { windows[$0]?.record.state == .active }
    guard !targets.isEmpty else {
      reply.refuse(
        .refused,
        request.window.map { "`\($0)` is \(windows[$0]?.record.state.rawValue ?? "unknown") already" }
          ?? "no window is active")
      return []
    }
    let reason = request.reason ?? "paused by \(by)"
    return ask(
      targets.map { Decision(window: $0, action: .pause, reason: reason, by: by, at: now) }, reply)
  }

  private mutating func resume(
    _ request: ResumeRequest, _ by: String, _ reply: Reply<ChangeAnswer>, at now: Instant
  ) -> [Effect] {
    guard let names = changeable(request.window, reply) else { return [] }
    var paused = names.filter { windows[$0]?.record.state == .paused }
    // What the daemon has paused has evidence that somebody must look at.
    let kept = request.window == nil ? paused.filter { windows[$0]?.record.by == JournalEvent.daemonName } : []
    let note = kept.map(Self.staysPaused).joined(separator: "\n")
    paused.removeAll(where: kept.contains)
    if paused.isEmpty, !kept.isEmpty {
      reply.refuse(.refused, note)
      return []
    }
    if !paused.isEmpty {
      let decisions = paused.map { name in
        Decision(
          window: name, action: .resume, reason: request.reason, by: by, at: now,
          foldedThrough: windows[name]?.drift?.fold.through,
          opening: request.now ? nowRequest(name, by, request.reason, at: now) : nil)
      }
      return ask(
        decisions,
        kept.isEmpty
          ? reply
          : reply.taking {
            ChangeAnswer(message: "\($0.message)\n\(note)", changed: $0.changed, refused: $0.refused)
          })
    }
    guard request.now, let name = request.window, let runtime = windows[name], runtime.record.state == .active else {
      let state = request.window.flatMap { windows[$0]?.record.state.rawValue }
      reply.refuse(
        .refused, state.map { "`\(request.window ?? "")` is not paused, it is \($0)" } ?? "no window is paused")
      return []
    }
    guard let opening = nowRequest(name, by, request.reason, at: now) else {
      reply.refuse(.refused, "`\(name)` is at work already")
      return []
    }
    windows[name]?.isFiring = true
    inFlight += 1
    return [
      .open(opening, Promise(reply: reply, answer: ChangeAnswer(message: "\(name) starts a chunk now")))
    ]
  }

  /// The named window, or all; refuses and returns `nil` when its state cannot be changed now.
  private func changeable(_ name: String?, _ reply: Reply<ChangeAnswer>) -> [String]? {
    if let name, windows[name] == nil {
      _ = refuseUnknown(name, reply)
      return nil
    }
    guard isWell(reply) else { return nil }
    if let name, windows[name]?.isConfigured == false {
      refuseFormer(name, reply)
      return nil
    }
    let names = name.map { [$0] } ?? index.names
    if let busy = names.first(where: { windows[$0]?.isChanging ?? false }) {
      reply.refuse(.refused, "`\(busy)` is being changed at this moment: ask again")
      return nil
    }
    return names
  }

  private static func staysPaused(_ name: String) -> String {
    "`\(name)` stays paused: backfilld paused it; next: backfillctl show \(name)"
  }

  /// Writes down decisions about the state of windows.
  private mutating func ask(_ decisions: [Decision], _ reply: Reply<ChangeAnswer>) -> [Effect] {
    for decision in decisions { windows[decision.window]?.isChanging = true }
    inFlight += 1
    return [.ask(decisions, reply)]
  }

  /// An activation for the named dates.
  mutating func handRequest(
    _ dates: [CivilDate], step: String?, in name: String, _ by: String, _ reason: String? = nil, at now: Instant
  ) -> ActivationRequest {
    ActivationRequest(
      window: name, kind: .hand, nominal: windows[name]?.nominalForRequest(at: now) ?? now, quota: nil, endsAt: nil,
      dates: dates, step: step, by: by, reason: reason, at: now)
  }

  /// An activation as if the schedule had fired now; `nil` when one is open.
  private mutating func nowRequest(
    _ name: String, _ by: String, _ reason: String?, at now: Instant
  ) -> ActivationRequest? {
    guard let runtime = windows[name], !runtime.isAtWork(at: now) else { return nil }
    let schedule = runtime.window.schedule
    return ActivationRequest(
      window: name, kind: .forced, nominal: windows[name]?.nominalForRequest(at: now) ?? now,
      quota: schedule.flatMap { Ramp.quota(of: $0, index: runtime.record.rampIndex) },
      endsAt: schedule.flatMap { Firing($0, in: runtime.window.zone).end(ofForced: now) }, by: by, reason: reason,
      at: now)
  }
}
