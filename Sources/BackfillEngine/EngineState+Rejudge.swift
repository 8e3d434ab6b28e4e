import BackfillCore

/// New verdicts on what was judged before.
struct RejudgeRequest: Sendable {
  /// The definition that the new verdicts come from.
  let window: Window
  let changes: [Rejudgement]
  let figures: [NewFigures]
  let reason: String?
  let by: String
}

extension EngineState {
  /// Has new verdicts written down; refuses when the window was changed since, or one of the dates is being worked on.
  mutating func rejudge(_ request: RejudgeRequest, _ reply: Reply<ChangeAnswer>, at now: Instant) -> [Effect] {
    let name = request.window.name
    guard let runtime = ready(name, reply) else { return [] }
    guard runtime.window == request.window else {
      reply.refuse(.refused, "the definition of `\(name)` changed meanwhile: ask again")
      return []
    }
    let dates = Set(request.changes.map(\.date) + request.figures.map(\.date)).sorted()
    let busy = dates.filter { runtime.running[$0] != nil || runtime.deciding.contains($0) }
    guard busy.isEmpty else {
      reply.refuse(
        .refused, "\(busy.map(\.description).joined(separator: ", ")) is being worked on; wait for it to end")
      return []
    }
    windows[name]?.deciding.formUnion(dates)
    inFlight += 1
    let action = Decision.Action.rejudge(
      request.changes, figures: request.figures, pause: pauseReason(for: request.changes, in: runtime))
    return [
      .ask(
        [Decision(window: name, action: action, reason: request.reason, by: request.by, at: now)], reply)
    ]
  }

  /// Takes in new verdicts that are written down.
  mutating func remember(
    _ changes: [Rejudgement], _ figures: [NewFigures], pause: String?, _ decision: Decision, _ outcome: DecisionOutcome
  ) {
    let name = decision.window
    let written = Set(outcome.changed)
    for change in changes where written.contains(change.date) {
      let known = windows[name]?.dates[change.date]
      windows[name]?.set(
        DateSummary(
          state: change.change?.state ?? change.state, reason: change.change.map { $0.reason } ?? known?.reason,
          awaitsInput: change.change == nil && (known?.awaitsInput ?? false), verdict: change.verdict,
          doneSteps: change.doneSteps),
        for: change.date)
      windows[name]?.notices.alarms.withdraw(of: change.date, judged: Set(change.steps.map(\.step)))
    }
    for new in figures { windows[name]?.notices.alarms.withdraw(of: new.date, judged: [new.step.step]) }
    if !written.isEmpty || outcome.refigured > 0 { windows[name]?.drift?.restart() }
    guard let pause, windows[name]?.record.state != .paused,
      changes.contains(where: { $0.mayPause && written.contains($0.date) })
    else { return }
    windows[name]?.enter(.paused, reason: pause, by: "backfilld", at: decision.at)
  }

  /// `3 verdicts on 2 dates changed; 1 date held; 12 verdicts keep their words, with new figures`.
  func message(for changes: [Rejudgement], _ outcome: DecisionOutcome, in name: String) -> String {
    let written = Set(outcome.changed)
    let kept = changes.filter { written.contains($0.date) }
    let figures = outcome.refigured == 0 ? nil : "\(NewFigures.spoken(outcome.refigured)), with new figures"
    guard !kept.isEmpty else { return figures ?? "no verdict was changed" }
    let steps = kept.reduce(0) { $0 + $1.steps.count }
    var parts = ["\(steps) \(steps == 1 ? "verdict" : "verdicts") on \(Self.spoken(kept.count)) changed"]
    let held = kept.count { $0.isNewlyHeld }
    let freed = kept.count { $0.isFreed }
    if held > 0 { parts.append("\(Self.spoken(held)) held") }
    if freed > 0 { parts.append("\(Self.spoken(freed)) no longer held") }
    if let figures { parts.append(figures) }
    if windows[name]?.record.state == .paused { parts.append("\(name) is paused until `resume`") }
    return parts.joined(separator: "; ")
  }

  /// Why the new verdicts pause the window, as fresh ones would; `nil` when they do not.
  private func pauseReason(for changes: [Rejudgement], in runtime: WindowRuntime) -> String? {
    if runtime.window.onAnomaly == .pause { return changes.lazy.compactMap(\.newAnomaly).first?.sentence }
    let held = changes.filter(\.isNewlyHeld)
    guard !held.isEmpty else { return nil }
    let freed = changes.count { $0.isFreed }
    let all = runtime.heldTowardsLimit + held.count - freed
    guard let limit = runtime.window.maxHeld, all >= limit else { return nil }
    return "\(all) \(all == 1 ? "date is" : "dates are") held (max_held: \(limit))"
  }
}
