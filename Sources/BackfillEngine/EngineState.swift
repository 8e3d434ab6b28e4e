import BackfillCore

/// The whole state of the loop, and how each message changes it. Does no I/O: what is to be done is returned as effects.
struct EngineState {
  /// What the loop carries out; everything that takes time becomes a child task.
  enum Effect {
    case open(ActivationRequest, Promise?)
    case end(Activation, RampMove, reason: String)
    case start(ChunkPlanner.Pick, Window, WindowCalendar)
    case decide(Decision, FollowUp, Reply<ChangeAnswer>?)
    case feedWatchdog
    /// Said directly, because the outbox may be what does not work.
    case tell(JournalEvent)
    /// No new step starts; after the grace time those that run are stopped.
    case beginStop
    case stopSteps
  }

  let version: String
  let startedAt: Instant
  let rejected: [RejectedWindowStatus]
  var windows: [String: WindowRuntime]
  /// Windows that must be planned again.
  var dirty: Set<String>
  /// Why no new date starts; `nil` when the daemon is well.
  var degraded: String?
  var isStopping = false
  /// Why the daemon must end; `nil` while it need not.
  var broken: String?
  /// Child tasks whose result is still to come.
  var inFlight = 0

  init(
    version: String, startedAt: Instant, windows: [String: WindowRuntime], rejected: [RejectedWindowStatus]
  ) {
    self.version = version
    self.startedAt = startedAt
    self.windows = windows
    self.rejected = rejected
    dirty = Set(windows.keys)
  }

  /// Everything that was under way has ended after a stop was asked for.
  var isFinished: Bool { (isStopping || broken != nil) && inFlight == 0 }

  /// Takes in `message` and returns what is to be done.
  mutating func handle(_ message: Message, at now: Instant) -> [Effect] {
    markDue(at: now)
    var effects = take(message, at: now)
    for name in dirty.sorted() { effects += plan(name, at: now) }
    dirty = []
    return effects
  }

  /// The next instant after `now` at which something is due without a message; `nil` when nothing is.
  func nextDeadline(after now: Instant) -> Instant? {
    windows.values.lazy.compactMap { runtime in
      guard runtime.record.state != .complete else { return nil }
      let ends = runtime.activations.filter { !runtime.ending.contains($0.id) }.compactMap(\.endsAt)
      return (ends + [runtime.nextFiring].compactMap { $0 }).filter { $0 > now }.min()
    }.min()
  }

  private mutating func take(_ message: Message, at now: Instant) -> [Effect] {
    switch message {
    case .tick:
      return []
    case .watchdog:
      return [.feedWatchdog]
    case .stop:
      guard !isStopping else { return [] }
      isStopping = true
      return [.beginStop]
    case .stopGraceOver:
      return [.stopSteps]
    case .opened(let window, let activation):
      inFlight -= 1
      opened(activation, in: window, at: now)
    case .ended(let window, let chunk, let move):
      inFlight -= 1
      ended(chunk, in: window, move)
    case .stepsRunning(let window, let date, let steps):
      guard let entry = windows[window]?.running[date] else { return [] }
      windows[window]?.running[date] = RunningDate(date: date, since: entry.since, steps: steps)
    case .dateEnded(let window, let date, let summary):
      inFlight -= 1
      dateEnded(summary, date, in: window)
    case .windowPaused(let window, let reason, let by, let at):
      windows[window]?.enter(.paused, reason: reason, by: by, at: at)
      dirty.insert(window)
    case .decided(let decision, let outcome, let followUp, let reply):
      inFlight -= 1
      return decided(decision, outcome, followUp, reply, at: now)
    case .notDecided(let decision):
      inFlight -= 1
      windows[decision.window]?.isChanging = false
      windows[decision.window]?.deciding.subtract(decision.dates)
      dirty.insert(decision.window)
    case .ledgerFailed(let reason):
      defer { degraded = reason }
      return degraded == reason ? [] : [.tell(.ledgerUnavailable(reason: reason))]
    case .ledgerWorks:
      guard degraded != nil else { return [] }
      degraded = nil
      dirty = Set(windows.keys)
      return [.tell(.ledgerRecovered)]
    case .broken(let reason):
      inFlight -= 1
      broken = broken ?? reason
      return [.stopSteps]
    case .request(let request):
      return take(request, at: now)
    }
    return []
  }

  /// Windows whose next deadline has come.
  private mutating func markDue(at now: Instant) {
    for (name, runtime) in windows {
      let isDue =
        runtime.nextFiring.map { $0 <= now } ?? false
        || runtime.activations.contains { $0.endsAt.map { $0 <= now } ?? false }
      if isDue { dirty.insert(name) }
    }
  }

  private mutating func opened(_ activation: Activation?, in window: String, at now: Instant) {
    windows[window]?.isChanging = false
    dirty.insert(window)
    guard let activation else { return }
    windows[window]?.activations.append(activation)
    if activation.kind == .scheduled { windows[window]?.note(lastNominal: activation.nominal) }
  }

  private mutating func ended(_ chunk: Int64, in window: String, _ move: RampMove) {
    guard let runtime = windows[window] else { return }
    windows[window]?.activations.removeAll { $0.id == chunk }
    windows[window]?.ending.remove(chunk)
    switch move {
    case .stay: break
    case .advance: windows[window]?.note(rampIndex: runtime.record.rampIndex + 1)
    case .reset: windows[window]?.note(rampIndex: 0)
    }
    dirty.insert(window)
  }

  private mutating func dateEnded(_ summary: DateSummary, _ date: CivilDate, in window: String) {
    guard let runtime = windows[window] else { return }
    windows[window]?.running[date] = nil
    windows[window]?.set(summary, for: date)
    dirty.insert(window)
    guard !runtime.window.locks.isEmpty else { return }
    for (name, other) in windows where !Set(other.window.locks).isDisjoint(with: runtime.window.locks) {
      dirty.insert(name)
    }
  }
}
