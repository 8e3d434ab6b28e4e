import BackfillCore

/// What the daemon says of itself.
extension EngineState {
  /// The answer to `status`.
  mutating func status(of name: String?) -> DaemonStatus {
    let names = name.map { [$0] } ?? index.names
    var waiting: [String: [WaitView]] = [:]
    for name in names { waiting[name] = windows[name]?.lookbackStall().views() }
    let former = (name.map { [$0] } ?? windows.keys.sorted()).compactMap { windows[$0] }.filter { !$0.isConfigured }
    return DaemonStatus(
      version: version, state: isStopping ? .stopping : degraded == nil ? .ready : .degraded, reason: degraded,
      since: startedAt,
      windows: names.compactMap { windows[$0] }.filter(\.isConfigured).map { runtime in
        Self.status(runtime, waiting: waiting[runtime.window.name] ?? [], lock: index.lockWait(of: runtime.window))
      },
      rejected: rejected.filter { name == nil || $0.window == name },
      unconfigured: former.filter { name != nil || !$0.dates.isEmpty }.map(Self.formerStatus))
  }

  private static func formerStatus(_ runtime: WindowRuntime) -> FormerWindowStatus {
    var states: [DateState: Int] = [:]
    var verdicts: [Verdict: Int] = [:]
    for summary in runtime.dates.values {
      states[summary.state, default: 0] += 1
      if let verdict = summary.verdict { verdicts[verdict, default: 0] += 1 }
    }
    return FormerWindowStatus(
      window: runtime.window.name,
      dates: DateCounts(total: runtime.dates.count, states: states, verdicts: verdicts),
      running: runtime.running.values.sorted { $0.date < $1.date })
  }

  /// The line for STATUS=: `flights: 41 of 365 done, 2013-02-11 running, 1 held; next 01:00 EST`.
  ///
  /// Of several windows those come first that wait for a person, then those at work. A time without a date is within a day
  /// of `now`.
  func statusLine(at now: Instant) -> String {
    if isStopping { return "stopping: \(runningCount) \(runningCount == 1 ? "date" : "dates") in flight" }
    if let degraded { return Self.degradedLine(degraded) }
    guard !index.names.isEmpty else {
      return rejected.isEmpty ? "no windows" : "no windows; \(rejected.count) disabled by errors"
    }
    var parts = index.open(Self.shownWindows).compactMap { windows[$0].map { Self.line($0, at: now) } }
    if index.openCount == 0 {
      parts = [index.names.count == 1 ? "\(index.names[0]): complete" : "all \(index.names.count) windows complete"]
    }
    let more = index.openCount - Self.shownWindows
    let waiting = index.troubledCount - Self.shownWindows
    if more > 0 { parts.append("\(more) more" + (waiting > 0 ? ", \(waiting) of them for a person to look at" : "")) }
    let disabled = rejected.count { !$0.inForce }
    let kept = rejected.count - disabled
    if disabled > 0 { parts.append("\(disabled) disabled by errors") }
    if kept > 0 { parts.append("\(kept) with errors, old definition in force") }
    return parts.joined(separator: " | ")
  }

  static func degradedLine(_ reason: String) -> String { "degraded, no new date starts: \(reason)" }

  private var runningCount: Int { index.working.reduce(0) { $0 + (windows[$1]?.running.count ?? 0) } }

  /// How many windows the line for STATUS= has room for, and how many running dates of one.
  private static let shownWindows = 3
  private static let shownDates = 3

  private static func line(_ runtime: WindowRuntime, at now: Instant) -> String {
    var parts = [progress(runtime)]
    let running = runtime.running.keys.sorted().map(\.description)
    if running.count > shownDates {
      parts.append("\(running.count) dates running")
    } else if !running.isEmpty {
      parts.append("\(running.joined(separator: " ")) running")
    }
    if runtime.inPreflight != nil { parts.append("preflight running") }
    if runtime.heldForPerson > 0 { parts.append("\(runtime.heldForPerson) held") }
    if runtime.awaitingInput > 0 { parts.append("\(runtime.awaitingInput) without input") }
    // What fires while the window is paused is passed over.
    let isPaused = runtime.record.state == .paused
    if isPaused { parts.append("paused") }
    let next = isPaused ? nil : runtime.nextFiring.map { "; next \(clockTime($0, in: runtime.window.zone, at: now))" }
    return "\(runtime.window.name): \(parts.joined(separator: ", "))\(next ?? "")"
  }

  /// `41 of 365 done`.
  private static func progress(_ runtime: WindowRuntime) -> String {
    if runtime.calendarState != .known { return "no calendar yet" }
    let total = runtime.calendar.dates.count
    return total == 0 ? "no dates yet" : "\(runtime.count(.done)) of \(total) done"
  }

  /// `01:00 EST`, with the date where it is a day away or more.
  private static func clockTime(_ instant: Instant, in zone: Zone, at now: Instant) -> String {
    let text = LocalStamp.text(instant, in: zone)
    guard instant - now < .seconds(86_400) else { return text }
    return text.split(separator: " ").dropFirst().joined(separator: " ")
  }

  private static func status(_ runtime: WindowRuntime, waiting: [WaitView], lock: String?) -> WindowStatus {
    let current = runtime.activations.first { $0.kind != .hand } ?? runtime.activations.first
    return WindowStatus(
      window: runtime.window.name, description: runtime.window.description, state: runtime.record.state,
      reason: runtime.record.reason, since: runtime.record.since, by: runtime.record.by, zone: runtime.window.zone.name,
      dates: runtime.counts, running: runtime.running.values.sorted { $0.date < $1.date },
      chunk: current.map {
        ChunkStatus(
          id: $0.id, kind: $0.kind, nominal: $0.nominal, quota: $0.quota ?? $0.dates?.count,
          started: $0.started.count, endsAt: $0.endsAt, waits: lock)
      },
      next: runtime.record.state == .complete ? nil : runtime.nextFiring, uncovered: runtime.uncovered,
      alarms: runtime.notices.alarms.all, calendar: runtime.calendarState,
      waiting: waiting, missed: runtime.missedNight,
      upcoming: runtime.upcoming.map { $0 != runtime.configured } ?? false)
  }
}
