import BackfillCore

/// What a window does next. Called for a window whenever something about it has changed.
extension EngineState {
  /// Opens and ends activations, starts dates, notices completion.
  mutating func plan(_ name: String, at now: Instant) -> [Effect] {
    guard !isStopping, broken == nil, windows[name] != nil else { return [] }
    var effects = fold(name)
    // Before a change, which may have to wait for what is in flight: a firing is on time when it is seen. Where every date is
    // done, the change may bring the dates that it is for.
    if windows[name]?.hasOpenDates ?? false { effects += fire(name, at: now) }
    if let following = change(of: name, at: now) { return effects + following }
    if let change = stateChange(of: name, at: now) { return effects + [change] }
    effects += fire(name, at: now)
    if let preflight = duePreflight(of: name, at: now) {
      windows[name]?.inPreflight = preflight.activation.id
      inFlight += 1
      return effects + [.preflight(preflight)] + endActivations(of: name, at: now)
    }
    // No copy of the runtime outlives its use: the next change would copy all of its dates.
    while let pick = nextPick(of: name, at: now), let window = windows[name]?.window,
      let calendar = windows[name]?.calendar, let task = windows[name]?.start(pick, at: now)
    {
      inFlight += 1
      effects.append(.start(task, window, calendar))
    }
    return effects + endActivations(of: name, at: now)
  }

  /// The date that the task of one that is done goes on with: its first steps are claimed in the commit that ends the other.
  ///
  /// `nil` when something comes between them: a change of the window, the drift test, a preflight, a lock that another
  /// window may want, steps that look back. The plan then starts the next date after the commit.
  mutating func successor(in name: String, at now: Instant) -> DateTask? {
    // No copy of the runtime outlives its use: the next change would copy all of its dates.
    guard let pick = successorPick(in: name, at: now) else { return nil }
    return windows[name]?.start(pick, at: now)
  }

  private func successorPick(in name: String, at now: Instant) -> ChunkPlanner.Pick? {
    guard let runtime = windows[name], runtime.isConfigured, runtime.upcoming == nil, !runtime.isOutdated(at: now),
      !runtime.needsCalendar, !runtime.isReadingCalendar, !runtime.isChanging, runtime.drift == nil,
      runtime.window.locks.isEmpty, !runtime.looksBack, let pick = nextPick(of: name, at: now, ending: 1)
    else { return nil }
    return runtime.dates[pick.date.date] == nil ? pick : nil
  }

  /// Has the drift test folded over what is judged since; no date of the window starts before that is done.
  private mutating func fold(_ name: String) -> [Effect] {
    guard let runtime = windows[name], let watch = runtime.drift,
      let target = watch.reach(in: runtime.calendar, runtime.dates)
    else { return [] }
    windows[name]?.drift?.begin(through: target)
    inFlight += 1
    return [
      .fold(runtime.window, runtime.calendar, watch.fold, through: target, generation: watch.generation)
    ]
  }

  /// Opens the activation of a firing that is due, or passes the firing over.
  private mutating func fire(_ name: String, at now: Instant) -> [Effect] {
    guard let runtime = windows[name], runtime.isConfigured, let schedule = runtime.scheduleInForce, !runtime.isFiring,
      !runtime.isChanging, let next = runtime.nextFiring, next <= now
    else { return [] }
    let firing = Firing(schedule, in: runtime.window.zone)
    let last = runtime.record.lastNominal.flatMap { $0 < next ? $0 : nil }
    guard let nominal = firing.due(since: last ?? (next - .seconds(1)), at: now) else { return [] }
    windows[name]?.nextFiring = firing.next(after: now)
    windows[name]?.isFiring = true
    inFlight += 1
    let isLate = now - nominal > Firing.tolerance
    let endsAt = firing.end(of: nominal)
    let isOver = endsAt.map { $0 <= now } ?? false
    guard runtime.record.state == .active, !isOver, !(isLate && schedule.missed == .skip) else {
      let reason = Self.passOverReason(runtime.record.state, isOver: isOver)
      return [
        .decide(
          Decision(window: name, action: .passOver(nominal: nominal), reason: reason, by: "backfilld", at: now))
      ]
    }
    return [
      .open(
        ActivationRequest(
          window: name, kind: .scheduled, nominal: nominal,
          quota: Ramp.quota(of: schedule, index: runtime.record.rampIndex), endsAt: endsAt, at: now),
        nil)
    ]
  }

  /// The next date to start, or `nil` when there is none, no place for it (`ending` dates are about to leave theirs), or a
  /// lock in the way.
  private func nextPick(of name: String, at now: Instant, ending: Int = 0) -> ChunkPlanner.Pick? {
    guard degraded == nil, let runtime = windows[name], !runtime.isFolding,
      runtime.running.count - ending < runtime.window.parallel.dates,
      runtime.inPreflight == nil, !index.isLockedOut(runtime.window),
      let pick = runtime.planner.next(in: runtime.situation(at: now))
    else { return nil }
    // Its preflight comes first.
    return runtime.needsPreflight(pick.chunk) ? nil : pick
  }

  /// The preflight of the activation whose first date is next; `nil` when none is due or no place is free for a date.
  private func duePreflight(of name: String, at now: Instant) -> Preflight? {
    guard let runtime = windows[name], !runtime.window.preflight.isEmpty, degraded == nil, runtime.inPreflight == nil,
      !runtime.isFolding,
      runtime.running.count < runtime.window.parallel.dates, !index.isLockedOut(runtime.window)
    else { return nil }
    let situation = runtime.situation(at: now)
    guard let pick = runtime.planner.next(in: situation), runtime.needsPreflight(pick.chunk),
      let activation = runtime.activation(pick.chunk)
    else { return nil }
    // Of what a person named, only dates that were started may be left.
    let span = runtime.planner.span(of: activation, in: situation) ?? (from: pick.date.date, to: pick.date.date)
    return Preflight(activation: activation, window: runtime.window, from: span.from, to: span.to)
  }

  /// Ends the activations that have no date running and will start none; all of them when the window has no file any more.
  ///
  /// While anything of the window runs or waits, only the time of an activation says so: what runs may free its dates.
  mutating func endActivations(of name: String, at now: Instant) -> [Effect] {
    guard let runtime = windows[name], !runtime.activations.isEmpty, degraded == nil else { return [] }
    let isQuiet =
      runtime.running.isEmpty && runtime.deciding.isEmpty && runtime.inPreflight == nil && !runtime.isFolding
      && !index.isLockedOut(runtime.window)
    var effects: [Effect] = []
    let situation = runtime.situation(at: now)
    for activation in situation.activations {
      let isOver =
        !runtime.isConfigured
        ? activation.id != runtime.inPreflight && activation.started.isDisjoint(with: runtime.running.keys)
        : isQuiet
          ? runtime.planner.isOver(activation, in: situation)
          : activation.isTimeOver(at: now) && activation.id != runtime.inPreflight
            && activation.started.isDisjoint(with: runtime.running.keys)
      guard isOver else { continue }
      windows[name]?.ending.insert(activation.id)
      inFlight += 1
      effects.append(
        .end(
          activation, runtime.isConfigured ? runtime.rampMove(after: activation) : .stay,
          reason: runtime.isConfigured
            ? endReason(activation, of: name, situation) : "the window is no longer configured"))
    }
    return effects
  }

  /// Complete, when every date is done or skipped; active again, when there are new dates.
  private mutating func stateChange(of name: String, at now: Instant) -> Effect? {
    guard let runtime = windows[name], !runtime.isChanging, !runtime.isFiring, !runtime.isFolding,
      runtime.running.isEmpty,
      runtime.inPreflight == nil
    else { return nil }
    let action: Decision.Action
    switch runtime.record.state {
    case .active where runtime.isComplete && runtime.activations.isEmpty: action = .complete
    case .complete where !runtime.isComplete: action = .reopen
    default: return nil
    }
    windows[name]?.isChanging = true
    inFlight += 1
    return .decide(Decision(window: name, action: action, by: "backfilld", at: now))
  }

  /// `nil` for a complete window, which misses nothing.
  private static func passOverReason(_ state: WindowState, isOver: Bool) -> String? {
    if state == .complete { return nil }
    if state == .paused { return "the window is paused" }
    return isOver ? "its time was over" : "it was slept through (missed: skip)"
  }

  private mutating func endReason(
    _ activation: Activation, of name: String, _ situation: ChunkPlanner.Situation
  ) -> String {
    if activation.isHalted { return "the window was paused" }
    if activation.isTimeOver(at: situation.now) { return "its time is over" }
    if let why = windows[name]?.planner.shortOfTime(activation, in: situation) { return why }
    if let quota = activation.quota, activation.started.count >= quota { return "its dates are worked off" }
    return windows[name]?.left(by: activation) ?? "no more dates"
  }
}
