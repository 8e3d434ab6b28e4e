import BackfillCore

/// The whole state of the loop, and how each message changes it. Does no I/O: what is to be done is returned as effects.
struct EngineState: Sendable {
  /// What the loop carries out; everything that takes time becomes a child task.
  enum Effect {
    case open(ActivationRequest, Promise?)
    case end(Activation, RampMove, reason: String)
    case start(DateTask, Window, WindowCalendar)
    /// Runs before the first date of an activation.
    case preflight(Preflight)
    /// A decision of the engine.
    case decide(Decision)
    /// Decisions of a person.
    case ask([Decision], Reply<ChangeAnswer>)
    /// Folds the drift test further.
    case fold(Window, WindowCalendar, DriftFold, through: CivilDate, generation: Int)
    /// Works out what a rerun would do; writes nothing.
    case planRerun(RerunQuestion, Reply<RerunAnswer>)
    /// Read the configuration again.
    case readConfiguration
    /// The reload has ended; each who asked is answered.
    case endReload([ReloadAsker], ReloadAnswer)
    /// Write new definitions down, so that they can take effect.
    case adopt([AdoptedWindow])
    case limitProcesses(Int)
    /// Run the command of a window's calendar.
    case readCalendar(Window, before: CommandCalendar?)
    case feedWatchdog
    /// Committed events may go to the journal.
    case drain
    /// Said directly, because the outbox may be what does not work.
    case tell(JournalEvent)
    /// No new step starts; after the grace time those that run are stopped.
    case beginStop(grace: Duration)
    case stopSteps
    /// systemd is to wait so much longer.
    case extendTimeout(Duration)
  }

  let version: String
  let startedAt: Instant
  /// The daemon's settings that are in force.
  var settings: DaemonSettings
  var rejected: [RejectedWindowStatus]
  /// The reload that is under way.
  var reload: Reload?
  var windows: [String: WindowRuntime]
  var index: WindowIndex
  /// Windows that must be planned again.
  var dirty: Set<String>
  /// Why the ledger cannot be written; `nil` when it can.
  var ledgerTrouble: String?
  /// What was said of the ledger since it could last be written: two runners with different troubles take turns.
  private var ledgerTroublesTold: Set<String> = []
  /// The same of starting processes.
  private var executorTroublesTold: Set<String> = []
  /// Why no process can be started; `nil` when they can.
  var executorTrouble: String?
  var isStopping = false
  /// Why the daemon must end; `nil` while it need not.
  var broken: String?
  /// Child tasks whose result is still to come.
  var inFlight = 0
  /// When the last message came.
  private var lastMessage: Instant

  init(
    version: String, startedAt: Instant, settings: DaemonSettings = DaemonSettings(),
    windows: [String: WindowRuntime], rejected: [RejectedWindowStatus]
  ) {
    self.settings = settings
    self.version = version
    self.startedAt = startedAt
    self.windows = windows
    self.rejected = rejected
    index = WindowIndex(windows.values.filter(\.isConfigured).map(\.window))
    dirty = Set(windows.keys)
    lastMessage = startedAt
  }

  /// Why no new date starts; `nil` when the daemon is well.
  var degraded: String? { ledgerTrouble ?? executorTrouble }

  /// Everything that was under way has ended after a stop was asked for.
  var isFinished: Bool { (isStopping || broken != nil) && inFlight == 0 }

  /// Takes in `message` and returns what is to be done.
  mutating func handle(_ message: Message, at now: Instant) -> [Effect] {
    noteClock(now)
    dirty.formUnion(index.takeDue(at: now))
    var effects = take(message, at: now)
    for name in dirty.sorted() {
      effects += plan(name, at: now)
      noteChange(of: name, at: now)
    }
    dirty = []
    return effects
  }

  /// The next instant at which something is due without a message; `nil` when nothing is.
  var nextDeadline: Instant? { index.nextDeadline }

  private mutating func take(_ message: Message, at now: Instant) -> [Effect] {
    switch message {
    case .tick:
      return []
    case .watchdog:
      return [.feedWatchdog]
    case .eventsCommitted:
      return [.drain]
    case .stop:
      guard !isStopping else { return [] }
      isStopping = true
      refuseReload()
      return [.beginStop(grace: settings.stopGrace)]
    case .stopGraceOver:
      return [.stopSteps]
    case .stopGoesOn(let duration):
      return [.extendTimeout(duration)]
    case .opened(let request, let activation):
      inFlight -= 1
      opened(activation, request)
    case .ended(let window, let chunk, let move):
      inFlight -= 1
      ended(chunk, in: window, move)
    case .preflightEnded(let window, let chunk, let outcome):
      inFlight -= 1
      preflightEnded(outcome, chunk, in: window)
    case .stepsRunning(let window, let date, let steps):
      noteRunning(steps, of: date, in: window)
    case .dateTook(let window, let duration):
      windows[window]?.durations.note(duration)
    case .dateEnding(let window, let reply):
      reply.give(isStopping || broken != nil ? nil : successor(in: window, at: now))
    case .dateEnded(let window, let date, let summary, let next):
      if let next { noteRunning(next.steps, of: next.date, in: window) } else { inFlight -= 1 }
      dateEnded(summary, date, in: window, isFollowed: next != nil, at: now)
    case .dateCalledOff(let window, let date, let summary):
      inFlight -= 1
      windows[window]?.callOff(date)
      dateEnded(summary, date, in: window, isFollowed: false, at: now)
    case .windowPaused(let window, let reason, let by, let at):
      windows[window]?.enter(.paused, reason: reason, by: by, at: at)
      dirty.insert(window)
    case .handHalted(let window):
      windows[window]?.haltHand()
      dirty.insert(window)
    case .driftAlarmed(let window, let alarms, let outcome, let at):
      driftAlarmed(alarms, outcome, in: window, at: at)
    case .folded(let window, let fold, let generation):
      inFlight -= 1
      windows[window]?.drift?.end(fold, generation: generation)
      dirty.insert(window)
    case .decided(let decision, let outcome):
      inFlight -= 1
      decided(decision, outcome)
    case .configurationRead(let configuration):
      inFlight -= 1
      return take(configuration, at: now)
    case .calendarRead(let window, let command, let outcome):
      inFlight -= 1
      return take(outcome, of: command, in: window, at: now)
    case .adopted(let adopted):
      inFlight -= 1
      return take(adopted, at: now)
    case .asked(let asked, let reply):
      inFlight -= 1
      answer(asked, reply)
    case .rerunPlanned(let question, let plan, let reply):
      inFlight -= 1
      return rerun(question, plan, reply, at: now)
    case .ledgerFailed(let reason):
      ledgerTrouble = reason
      return ledgerTroublesTold.insert(reason).inserted ? [.tell(.ledgerUnavailable(reason: reason))] : []
    case .ledgerWorks:
      guard ledgerTrouble != nil else { return [] }
      ledgerTrouble = nil
      ledgerTroublesTold = []
      dirty = Set(windows.keys)
      return [.tell(.ledgerRecovered)]
    case .executorFailed(let reason):
      executorTrouble = reason
      return executorTroublesTold.insert(reason).inserted ? [.tell(.executorUnavailable(reason: reason))] : []
    case .executorWorks:
      guard executorTrouble != nil else { return [] }
      executorTrouble = nil
      executorTroublesTold = []
      dirty = Set(windows.keys)
      return [.tell(.executorRecovered)]
    case .started:
      return []
    case .broken(let reason):
      inFlight -= 1
      broken = broken ?? reason
      refuseReload()
      return [.stopSteps]
    case .request(let request):
      return take(request, at: now)
    }
    return []
  }

  /// A clock that was far ahead and is put right: the next firings are worked out anew.
  private mutating func noteClock(_ now: Instant) {
    defer { lastMessage = now }
    guard lastMessage - now > Firing.clockTolerance else { return }
    for name in windows.keys { windows[name]?.setNextFiring(at: now) }
    dirty = Set(windows.keys)
  }

  private mutating func noteChange(of name: String, at now: Instant) {
    if let runtime = windows[name] { index.note(runtime, at: now) }
  }

  private mutating func opened(_ activation: Activation?, _ request: ActivationRequest) {
    let window = request.window
    if request.kind != .hand {
      windows[window]?.isFiring = false
      // For the firing of a window that was complete it has run.
      if windows[window]?.configured.dates.command != nil, windows[window]?.calendarFiring != request.nominal {
        windows[window]?.needsCalendar = true
      }
    }
    dirty.insert(window)
    guard let activation else { return }
    windows[window]?.activations.append(activation)
    if activation.kind == .forced { windows[window]?.notices.missed = nil }
    if activation.kind == .scheduled { windows[window]?.note(lastNominal: activation.nominal) }
  }

  private mutating func ended(_ chunk: Int64, in window: String, _ move: RampMove) {
    guard let index = windows[window]?.record.rampIndex else { return }
    windows[window]?.forget(chunk)
    switch move {
    case .stay: break
    case .advance: windows[window]?.note(rampIndex: index + 1)
    case .reset: windows[window]?.note(rampIndex: 0)
    }
    dirty.insert(window)
  }

  private mutating func preflightEnded(_ outcome: PreflightOutcome, _ chunk: Int64, in window: String) {
    windows[window]?.inPreflight = nil
    dirty.insert(window)
    switch outcome {
    case .passed: windows[window]?.passPreflight(of: chunk)
    case .failed(let reason, let at, isNew: true):
      windows[window]?.enter(.paused, reason: reason, by: "backfilld", at: at)
    case .failed: windows[window]?.haltHand()
    case .stopped: break
    }
  }

  private mutating func driftAlarmed(
    _ alarms: [OpenAlarm], _ outcome: DriftOutcome, in window: String, at: Instant
  ) {
    windows[window]?.notices.alarms.note(alarms)
    dirty.insert(window)
    switch outcome {
    case .paused(let reason): windows[window]?.enter(.paused, reason: reason, by: JournalEvent.daemonName, at: at)
    case .halted: windows[window]?.haltHand()
    case .told, .overtaken: break
    }
  }

  private mutating func noteRunning(_ steps: [String], of date: CivilDate, in window: String) {
    guard let entry = windows[window]?.running[date] else { return }
    windows[window]?.running[date] = RunningDate(date: date, since: entry.since, steps: steps)
  }

  private mutating func dateEnded(
    _ summary: DateSummary, _ date: CivilDate, in window: String, isFollowed: Bool, at now: Instant
  ) {
    windows[window]?.end(date, as: summary)
    // Where the next date has its place already, and none is free, there is nothing to plan.
    if !isFollowed || (windows[window]?.hasFreePlace ?? true) { dirty.insert(window) }
    noteChange(of: window, at: now)
    guard !index.working.contains(window), let definition = windows[window]?.window else { return }
    dirty.formUnion(index.sharers(of: definition))
  }
}
