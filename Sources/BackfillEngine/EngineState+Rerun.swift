import BackfillCore

/// Reruns: worked out beside the loop from what the ledger knows, and written down if nothing else was changed meanwhile.
extension EngineState {
  /// Keeps every date that may become stale as it is, and has the rerun worked out.
  mutating func rerun(_ request: RerunRequest, _ by: String, _ reply: Reply<RerunAnswer>) -> [Effect] {
    guard let runtime = ready(request.window, reply) else { return [] }
    if let step = request.step, runtime.window.step(step) == nil { return refuseUnknown(step, of: runtime, reply) }
    guard let dates = resolve(request.dates, in: runtime, reply) else { return [] }
    let staleness = Staleness(window: runtime.window, calendar: runtime.calendar)
    if !request.dryRun {
      guard let reach = reach(of: dates, request, staleness, in: runtime, reply) else { return [] }
      windows[request.window]?.lockForRerun(reach)
    }
    inFlight += 1
    return [.planRerun(RerunQuestion(request: request, dates: dates, staleness: staleness, by: by), reply)]
  }

  /// The dates that may become stale; refuses and returns `nil` when one of them cannot be kept as it is.
  private func reach(
    of dates: [CivilDate], _ request: RerunRequest, _ staleness: Staleness, in runtime: WindowRuntime,
    _ reply: Reply<RerunAnswer>
  ) -> Set<CivilDate>? {
    guard runtime.rerunLock.isEmpty else {
      reply.refuse(.refused, "`\(request.window)` is being changed at this moment: ask again")
      return nil
    }
    let steps = Set(request.step.map { [$0] } ?? runtime.window.steps.map(\.name))
    let reached = staleness.reached(from: Set(dates), steps: steps) { date, _ in
      runtime.dates[date]?.state != .skipped
    }
    let busy = reached.keys.filter { runtime.running[$0] != nil || runtime.deciding.contains($0) }.sorted()
    guard let first = busy.first else { return Set(reached.keys) }
    let why =
      dates.contains(first) ? "is being worked on" : "is being worked on and depends on what is to run again"
    reply.refuse(.refused, "\(first) \(why); wait for it to end (`pause` starts no new date)")
    return nil
  }

  /// Writes a rerun down that is worked out; or answers, when there is nothing to write.
  mutating func rerun(
    _ question: RerunQuestion, _ planned: Result<RerunPlan, LedgerFailure>, _ reply: Reply<RerunAnswer>, at now: Instant
  ) -> [Effect] {
    let request = question.request
    let plan: RerunPlan
    switch planned {
    case .success(let worked): plan = worked
    case .failure(let failure):
      release(request)
      reply.refuse(.unavailable, "nothing was changed: \(failure.message)")
      return []
    }
    let rerun = plan.rerun
    if request.dryRun || rerun.dates.isEmpty {
      release(request)
      let message = rerun.dates.isEmpty ? "nothing to run again" : outlook(rerun, request.window)
      reply.answer(RerunAnswer(message: message, rerun: rerun, refused: plan.refused))
      return []
    }
    if let confirmed = request.confirmed, confirmed != rerun.count {
      release(request)
      reply.refuse(
        .refused,
        "what was confirmed is \(confirmed.spoken), it is \(rerun.count.spoken) now: look again; nothing was changed")
      return []
    }
    let opening = handRequest(rerun.startable, step: rerun.onlyStep, in: request.window, question.by, at: now)
    inFlight += 1
    return [
      .ask(
        [
          Decision(
            window: request.window, action: .rerun(rerun), reason: request.reason.flatMap { $0.isEmpty ? nil : $0 },
            by: question.by, at: now, opening: opening)
        ],
        reply.taking { RerunAnswer(message: $0.message, rerun: rerun, refused: plan.refused) })
    ]
  }

  private mutating func release(_ request: RerunRequest) {
    guard !request.dryRun else { return }
    windows[request.window]?.unlockRerun()
    dirty.insert(request.window)
  }

  /// What a rerun would do.
  private func outlook(_ rerun: Rerun, _ name: String) -> String {
    let stale = rerun.staleCount
    guard stale.steps > 0 else { return "\(rerun.spoken) would run again; nothing would become stale" }
    return "\(rerun.spoken) would run again; \(stale.spoken) would become stale and "
      + (rerun.isDownstream ? "run as well" : "wait for \(nextRun(of: name))")
  }

  /// What a rerun does.
  func rerunMessage(_ rerun: Rerun, _ name: String) -> String {
    let stale = rerun.staleCount
    let become = stale.steps == 1 ? "becomes" : "become"
    let fate = rerun.isDownstream ? "run as well" : "wait for \(nextRun(of: name))"
    return "\(rerun.spoken) will run again now"
      + (stale.steps == 0 ? "" : "; \(stale.spoken) \(become) stale and will \(fate)")
      + waitHint(rerun.startable, step: rerun.onlyStep, name) + pauseHint(name)
  }

  /// What brings pending dates to work.
  private func nextRun(of name: String) -> String {
    windows[name]?.window.schedule == nil ? "`run`" : "the schedule"
  }
}

extension RerunCount {
  /// `12 steps on 5 dates`.
  var spoken: String {
    "\(steps) \(steps == 1 ? "step" : "steps") on \(EngineState.spoken(dates))"
  }
}
