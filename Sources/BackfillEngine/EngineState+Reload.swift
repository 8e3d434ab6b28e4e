import BackfillCore

/// The configuration is read again: what changed takes effect window by window, each when nothing of it is in flight.
///
/// Until then a changed window starts nothing new: dates of two definitions never run side by side, and the locks, the look
/// backs and the judge see one definition at a time.
extension EngineState {
  /// A reload that is under way.
  struct Reload {
    let askers: [ReloadAsker]
    /// `nil` while the files are read.
    var answer: ReloadAnswer?
    /// The windows whose new definitions are being written down.
    var awaited: Set<String> = []
    /// Those who asked after the reading began: the files are read once more for them.
    var next: [ReloadAsker] = []
  }

  mutating func reload(_ asker: ReloadAsker) -> [Effect] {
    if isStopping || broken != nil {
      asker.reply?.refuse(.unavailable, "backfilld is stopping")
      return []
    }
    if let ledgerTrouble {
      asker.reply?.refuse(.unavailable, "nothing can be changed now: \(ledgerTrouble)")
      return [.tell(.reloadRefused(by: asker.by, reason: "nothing can be changed now: \(ledgerTrouble)"))]
    }
    guard reload == nil else {
      reload?.next.append(asker)
      return []
    }
    reload = Reload(askers: [asker])
    inFlight += 1
    return [.readConfiguration]
  }

  /// Nobody waits for a reload that will not end.
  mutating func refuseReload() {
    for asker in (reload?.askers ?? []) + (reload?.next ?? []) {
      asker.reply?.refuse(.unavailable, "backfilld is stopping")
    }
    reload = nil
  }

  /// Compares what the files say now with what is in force.
  mutating func take(_ configuration: DaemonConfiguration, at now: Instant) -> [Effect] {
    guard let reload else { return [] }
    var effects: [Effect] = []
    var changes: [ReloadAnswer.WindowChange] = []
    for window in configuration.windows {
      let change = prepare(window)
      if window.dates.command == nil {
        changes.append(change)
      } else {
        windows[window.name]?.needsCalendar = true
        dirty.insert(window.name)
        let time = change.note == nil ? "now" : "then"
        changes.append(change.noting("the command of its calendar runs \(time)"))
      }
    }
    let brokenBefore = rejected.map(\.window)
    let broken = configuration.rejected.map { file in
      RejectedWindowStatus(
        window: file.window, findings: file.findings, inForce: windows[file.window]?.isConfigured ?? false)
    }
    if configuration.areWindowsListed { rejected = broken }
    for file in broken {
      changes.append(
        ReloadAnswer.WindowChange(
          window: file.window, change: .broken,
          note: file.inForce ? "old definition in force" : "off until its file is corrected", findings: file.findings))
      effects.append(
        .tell(
          file.inForce
            ? .windowKept(window: file.window, findings: file.findings)
            : .windowRejected(window: file.window, findings: file.findings)))
    }
    if configuration.areWindowsListed {
      let listed = Set(changes.map(\.window))
      for name in index.names where !listed.contains(name) {
        changes.append(remove(name))
        effects.append(.tell(.windowRemoved(window: name)))
      }
    }
    let settingsChanges = take(configuration.settings, isSound: configuration.areSettingsSound, &effects)
    if !configuration.findings.isEmpty { effects.append(.tell(.settingsKept(findings: configuration.findings))) }
    replaceIndex()
    let answer = ReloadAnswer(
      windows: changes.sorted { $0.window < $1.window }, settings: settingsChanges, findings: configuration.findings)
    effects.append(
      .tell(
        .configurationReloaded(
          by: reload.askers.map(\.by).joined(separator: ", "), added: answer.count(.added),
          changed: answer.count(.changed), unchanged: answer.count(.unchanged), removed: answer.count(.removed),
          broken: answer.count(.broken))))
    self.reload?.answer = answer
    let forgotten = configuration.areWindowsListed ? Set(brokenBefore).subtracting(changes.map(\.window)) : []
    return effects + adoptReady(configuration.windows, forgotten: forgotten, at: now)
  }

  /// New definitions are written down: they take effect.
  mutating func take(_ adopted: [AdoptedWindow], at now: Instant) -> [Effect] {
    for one in adopted {
      let name = one.window.name
      if let stored = one.stored {
        var runtime = WindowRuntime(
          window: one.window, record: stored.record, dates: stored.dates, printed: stored.printed, now: now)
        runtime.isConfigured = !one.isForgotten
        runtime.needsCalendar = one.window.dates.command != nil
        runtime.activations = stored.activations
        runtime.notices = stored.notices
        windows[name] = runtime
      } else {
        windows[name]?.adopt(one.window, at: one.at)
        windows[name]?.isChanging = false
        if windows[name]?.upcoming == one.window, windows[name]?.printed == one.printed {
          windows[name]?.upcoming = nil
          windows[name]?.isConfigured = true
        }
      }
      if let durations = one.durations { windows[name]?.durations = DateDurations(durations) }
      for date in one.bootstrap.skipped {
        windows[name]?.set(DateSummary(state: .skipped, reason: WindowRegistration.bootstrapReason), for: date)
      }
      for date in one.bootstrap.freed { windows[name]?.set(DateSummary(state: .pending), for: date) }
      // What came with another reload meanwhile takes effect next; a window that was deleted meanwhile has nothing upcoming.
      if windows[name]?.upcoming == nil { reload?.awaited.remove(name) }
    }
    replaceIndex()
    dirty = Set(windows.keys)
    return endReload()
  }

  /// What a window that waits for its new definition or its new dates, or has no file any more, does; `nil` for every other.
  mutating func change(of name: String, at now: Instant) -> [Effect]? {
    if let runtime = windows[name], runtime.isConfigured, runtime.upcoming == nil, runtime.isOutdated(at: now) {
      // A new day: the same definition has other dates.
      windows[name]?.upcoming = runtime.configured
    }
    guard let runtime = windows[name], runtime.upcoming != nil || !runtime.isConfigured else {
      return readCalendar(of: name, at: now)
    }
    guard runtime.isQuiet else { return endActivations(of: name, at: now) }
    guard let upcoming = runtime.upcoming ?? runtime.formerDefinition else { return endActivations(of: name, at: now) }
    windows[name]?.isChanging = true
    inFlight += 1
    return [.adopt([AdoptedWindow(window: upcoming, at: now, isNew: false, printed: runtime.printed)])]
  }

  // MARK: Comparing

  private mutating func prepare(_ window: Window) -> ReloadAnswer.WindowChange {
    let name = window.name
    guard let runtime = windows[name] else { return ReloadAnswer.WindowChange(window: name, change: .added) }
    if !runtime.isConfigured || (runtime.upcoming ?? runtime.configured) != window {
      windows[name]?.upcoming = window
    }
    // What is in force counts, not what was read before: that may wait still.
    if runtime.isConfigured, runtime.configured == window {
      return ReloadAnswer.WindowChange(window: name, change: .unchanged)
    }
    let running = runtime.running.keys.sorted()
    let note: String? =
      switch running.count {
      case 0: runtime.inPreflight == nil ? nil : "takes effect when its preflight, which runs, has ended"
      case 1: "takes effect when \(running[0]), in flight, has ended"
      default: "takes effect when the \(running.count) dates in flight have ended"
      }
    return ReloadAnswer.WindowChange(window: name, change: runtime.isConfigured ? .changed : .added, note: note)
  }

  private mutating func remove(_ name: String) -> ReloadAnswer.WindowChange {
    windows[name]?.isConfigured = false
    windows[name]?.upcoming = nil
    dirty.insert(name)
    let running = windows[name]?.running.count ?? 0
    let inFlight = running == 0 ? "" : ", \(Self.spoken(running)) in flight \(running == 1 ? "ends" : "end") first"
    return ReloadAnswer.WindowChange(
      window: name, change: .removed, note: "starts nothing more\(inFlight); its ledger is kept")
  }

  private mutating func take(_ new: DaemonSettings, isSound: Bool, _ effects: inout [Effect]) -> [String] {
    guard isSound, new != settings else { return [] }
    var changes: [String] = []
    if new.maxProcesses != settings.maxProcesses {
      changes.append("max_processes \(settings.maxProcesses) -> \(new.maxProcesses)")
      effects.append(.limitProcesses(new.maxProcesses))
    }
    if new.stopGrace != settings.stopGrace {
      changes.append("stop_grace \(settings.stopGrace.spoken) -> \(new.stopGrace.spoken)")
    }
    settings = new
    return changes
  }

  // MARK: Into force

  /// Writes down, in one go, every definition that is new or changed and whose window has nothing in flight.
  ///
  /// `forgotten`: windows that have no file any more, and whose file was broken since the start.
  private mutating func adoptReady(_ configured: [Window], forgotten: Set<String>, at now: Instant) -> [Effect] {
    var ready: [AdoptedWindow] = []
    for name in forgotten.sorted() where windows[name] == nil {
      ready.append(AdoptedWindow(window: .former(name, zone: .utc), at: now, isNew: true, printed: nil))
      reload?.awaited.insert(name)
    }
    for window in configured {
      let name = window.name
      guard let runtime = windows[name] else {
        ready.append(AdoptedWindow(window: window, at: now, isNew: true, printed: nil))
        reload?.awaited.insert(name)
        continue
      }
      // What a process holds up may take long.
      guard runtime.upcoming != nil, runtime.running.isEmpty, runtime.inPreflight == nil else { continue }
      reload?.awaited.insert(name)
      guard runtime.isQuiet else { continue }
      windows[name]?.isChanging = true
      ready.append(AdoptedWindow(window: window, at: now, isNew: false, printed: runtime.printed))
    }
    guard !ready.isEmpty else { return endReload() }
    inFlight += 1
    return [.adopt(ready)]
  }

  /// Answers, when everything that could take effect has; and begins again for those who asked meanwhile.
  private mutating func endReload() -> [Effect] {
    guard let ending = reload, let answer = ending.answer, ending.awaited.isEmpty else { return [] }
    reload = nil
    let noted = ReloadAnswer(
      windows: answer.windows.map(withUncovered), settings: answer.settings, findings: answer.findings)
    guard !ending.next.isEmpty else { return [.endReload(ending.askers, noted)] }
    reload = Reload(askers: ending.next)
    inFlight += 1
    return [.endReload(ending.askers, noted), .readConfiguration]
  }

  /// Says how many dates a changed window no longer covers.
  private func withUncovered(_ change: ReloadAnswer.WindowChange) -> ReloadAnswer.WindowChange {
    guard change.change == .changed || change.change == .added, let runtime = windows[change.window],
      runtime.upcoming == nil, runtime.calendarState == .known, runtime.uncovered > 0
    else { return change }
    let count = runtime.uncovered
    return change.noting("\(Self.spoken(count)) of its ledger \(count == 1 ? "is" : "are") no longer covered")
  }

  private mutating func replaceIndex() {
    index.replace(windows.values.filter(\.isConfigured).map(\.window))
  }
}

extension ReloadAnswer.WindowChange {
  /// The same with one thing more that a person should know.
  fileprivate func noting(_ more: String) -> ReloadAnswer.WindowChange {
    ReloadAnswer.WindowChange(
      window: window, change: change, note: note.map { "\($0); \(more)" } ?? more, findings: findings)
  }
}
