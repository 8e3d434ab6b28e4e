import BackfillCore

/// What the loop keeps in memory of one window: its definition, and the ledger's view of it.
struct WindowRuntime {
  private var definition: DefinitionInForce
  var configured: Window { definition.configured }
  var window: Window { definition.window }
  var calendar: WindowCalendar { definition.calendar }
  var planner: ChunkPlanner { definition.planner }
  /// The window has a file; otherwise it starts nothing, and only its ledger is of interest.
  var isConfigured = true
  /// The definition that takes effect as soon as nothing of the window is in flight; until then nothing new starts.
  var upcoming: Window?
  /// What the window's command printed when it last printed a good calendar.
  var printed: CommandCalendar?
  /// The command is to be run again.
  var needsCalendar = false
  /// The command runs; until it has ended the window starts nothing new.
  var isReadingCalendar = false
  /// The last firing for which the command ran although every date was done.
  var calendarFiring: Instant?
  var record: WindowRecord
  /// Open ones, oldest first.
  var activations: [Activation] = []
  var running: [CivilDate: RunningDate] = [:]
  /// Dates that a decision is being written down about.
  var deciding: Set<CivilDate> = []
  /// Of those, the dates that a rerun may reach, while it is worked out and written down.
  private(set) var rerunLock: Set<CivilDate> = []
  /// The next firing; `nil` without a schedule or after its last one.
  var nextFiring: Instant?
  /// A firing is being written down: an activation is opened, or it is passed over.
  var isFiring = false
  /// The window's state is being changed.
  var isChanging = false
  /// The activation whose preflight runs.
  var inPreflight: Int64?
  /// The drift test; `nil` for a window without rates.
  var drift: DriftWatch?
  /// What a person should hear of it besides its dates.
  var notices: WindowNotices {
    get { sharedNotices.value }
    set { sharedNotices = Shared(newValue) }
  }
  private var sharedNotices = Shared(WindowNotices())
  /// What the last dates took; complete for a window with `stop_by`, which asks for it.
  var durations = DateDurations()
  /// What waits for what; `nil`: not worked out since something about the dates changed.
  var stall: Shared<LookbackStall>?
  /// Activations whose end is being written down.
  var ending: Set<Int64> = []

  /// Calls off the running dates of which no step has begun.
  private var callOffs: [CivilDate: StopSignal] = [:]
  /// The activations that have started a running date for the first time.
  private var starters: [CivilDate: Int64] = [:]
  /// Positions in the calendar outside of which no date is pending.
  private var pending: Range<Int>
  /// The last position in the calendar of which a step may be done; -1: none is.
  private var lastDone = -1
  /// The covered dates that wait for their input.
  private var waiting: Set<CivilDate> = []
  /// How many of the first dates that a person named an open activation has started.
  private var passed: [Int64: Int] = [:]
  private var lastRequest: Instant?
  private(set) var dates: [CivilDate: DateSummary]
  private var states: [DateState: Int] = [:]
  private var verdicts: [Verdict: Int] = [:]
  private(set) var uncovered = 0

  init(
    window: Window, record: WindowRecord, dates: [CivilDate: DateSummary], printed: CommandCalendar? = nil, now: Instant
  ) {
    definition = DefinitionInForce(window, printed, at: now)
    self.printed = printed
    needsCalendar = window.dates.command != nil && printed == nil
    self.record = record
    self.dates = [:]
    drift = DriftWatch(window)
    pending = definition.calendar.dates.indices
    states[.pending] = definition.calendar.dates.count
    for (date, summary) in dates { set(summary, for: date) }
    setNextFiring(at: now)
  }

  /// Puts `newer` in the place of the definition in force. To be called when nothing of the window is in flight.
  mutating func adopt(_ newer: Window, at now: Instant) {
    if record.scheduleKey != newer.scheduleKey {
      // As the ledger does: a new or edited schedule has no missed firings.
      record = WindowRecord(
        window: record.window, state: record.state, reason: record.reason, since: record.since, by: record.by,
        rampIndex: record.rampIndex, lastNominal: now, scheduleKey: newer.scheduleKey)
    }
    definition = DefinitionInForce(newer, printed, at: now)
    let known = dates
    dates = [:]
    states = [.pending: calendar.dates.count]
    verdicts = [:]
    uncovered = 0
    lastDone = -1
    waiting = []
    drift = DriftWatch(newer)
    stall = nil
    pending = calendar.dates.indices
    for (date, summary) in known { set(summary, for: date) }
    nextFiring = nil
    setNextFiring(at: now)
  }

  /// The window follows the calendar, and today is another day than the one its dates were worked out for.
  func isOutdated(at now: Instant) -> Bool {
    configured.dates.daysBeforeToday != nil && configured.asOf(now).dates.to != window.dates.to
  }

  /// When the next day begins for a window that follows the calendar.
  private func nextDay(after now: Instant) -> Instant? {
    guard configured.dates.daysBeforeToday != nil else { return nil }
    let tomorrow = window.zone.localTime(at: now).date.adding(days: 1)
    return window.zone.instant(ofFirst: LocalTime(date: tomorrow, secondOfDay: 0))
  }

  /// What takes the place of the definition of a deleted window; `nil` when it has.
  var formerDefinition: Window? {
    isConfigured || window.steps.isEmpty ? nil : .former(window.name, zone: window.zone)
  }

  /// Nothing of the window runs, and nothing about it is being written down: its definition may be replaced.
  var isQuiet: Bool {
    running.isEmpty && deciding.isEmpty && !isFiring && !isChanging && inPreflight == nil && !isFolding
  }

  /// Fewer dates are running than may.
  var hasFreePlace: Bool { running.count < definition.window.parallel.dates }

  /// Works out the next firing: the first after the last one that was dealt with.
  mutating func setNextFiring(at now: Instant) {
    guard let schedule = window.schedule else { return }
    let last = record.lastNominal ?? now
    nextFiring = Firing(schedule, in: window.zone).next(after: Firing.isFromWrongClock(last, at: now) ? now : last)
  }

  /// The next instant after `now` at which something is due.
  func nextDeadline(after now: Instant) -> Instant? {
    var next = nextFiring.flatMap { $0 > now ? $0 : nil }
    if let day = nextDay(after: now), day > now { next = min(next ?? day, day) }
    for activation in activations where !ending.contains(activation.id) {
      if let end = activation.endsAt, end > now { next = min(next ?? end, end) }
    }
    return next
  }

  /// Puts `summary` in the place of what was known of `date`.
  mutating func set(_ summary: DateSummary, for date: CivilDate) {
    let isCovered = calendar[date] != nil
    drift?.noteChange(of: date)
    stall = nil
    if isCovered { count(dates[date] ?? DateSummary(state: .pending), by: -1) }
    if !isCovered, dates[date] == nil { uncovered += 1 }
    dates[date] = summary
    guard isCovered, let position = calendar.position(of: date) else { return }
    count(summary, by: 1)
    if !summary.doneSteps.isEmpty { lastDone = max(lastDone, position) }
    if summary.awaitsInput { waiting.insert(date) } else { waiting.remove(date) }
    if summary.state == .pending {
      pending =
        pending.isEmpty
        ? position..<(position + 1) : min(pending.lowerBound, position)..<max(pending.upperBound, position + 1)
    } else {
      shrinkPending()
    }
  }

  /// Leaves out what is not pending at both ends: each date is passed once on the way through the calendar.
  private mutating func shrinkPending() {
    var (low, high) = (pending.lowerBound, pending.upperBound)
    while low < high, isSettled(low) { low += 1 }
    while low < high, isSettled(high - 1) { high -= 1 }
    pending = low..<high
  }

  /// Not pending, and not on its way back to it.
  private func isSettled(_ position: Int) -> Bool {
    switch dates[calendar.dates[position].date]?.state ?? .pending {
    case .done, .held, .skipped: true
    case .pending, .running, .verifying: false
    }
  }

  /// What `status` counts.
  var counts: DateCounts {
    DateCounts(total: calendar.dates.count, states: states, verdicts: verdicts)
  }

  /// How many covered dates are in `state`.
  func count(_ state: DateState) -> Int { states[state] ?? 0 }

  /// How many covered dates wait for their input: nobody needs to act.
  var awaitingInput: Int { waiting.count }

  /// How many covered dates wait for a person.
  var heldForPerson: Int { count(.held) - waiting.count }

  /// What the planner looks at.
  func situation(at now: Instant) -> ChunkPlanner.Situation {
    ChunkPlanner.Situation(
      state: record.state, dates: dates,
      activations: activations.filter { !ending.contains($0.id) },
      busy: deciding.union(running.keys), pending: pending, lastDone: lastDone, waiting: waiting,
      passed: passed, now: now,
      expected: durations.expected)
  }

  /// Keeps `dates` from being started or decided about until `unlockRerun`.
  mutating func lockForRerun(_ dates: Set<CivilDate>) {
    rerunLock = dates
    deciding.formUnion(dates)
  }

  /// The rerun is written down, or comes to nothing.
  mutating func unlockRerun() {
    deciding.subtract(rerunLock)
    rerunLock = []
  }

  /// The record in a new state. A pause halts what was asked for by hand, as the ledger does in the same transaction.
  mutating func enter(_ state: WindowState, reason: String?, by: String, at now: Instant) {
    if state == .paused {
      haltHand()
      for callOff in callOffs.values { callOff.give() }
    }
    record = WindowRecord(
      window: record.window, state: state, reason: reason, since: now, by: by, rampIndex: record.rampIndex,
      lastNominal: record.lastNominal, scheduleKey: record.scheduleKey)
  }

  /// Of what was asked for by hand, nothing more starts.
  mutating func haltHand() {
    activations = activations.map { $0.kind == .hand ? $0.halted : $0 }
  }

  /// The record with another place in the ramp, or another last firing.
  mutating func note(rampIndex: Int? = nil, lastNominal: Instant? = nil) {
    record = WindowRecord(
      window: record.window, state: record.state, reason: record.reason, since: record.since, by: record.by,
      rampIndex: rampIndex ?? record.rampIndex, lastNominal: lastNominal ?? record.lastNominal,
      scheduleKey: record.scheduleKey)
  }

  /// The nominal instant of a request of a person: now, but after every earlier one, so that two requests in one
  /// millisecond are two activations.
  mutating func nominalForRequest(at now: Instant) -> Instant {
    let nominal = lastRequest.map { max(now, $0 + .milliseconds(1)) } ?? now
    lastRequest = nominal
    return nominal
  }

  /// The activation `chunk` is ended.
  mutating func forget(_ chunk: Int64) {
    activations.removeAll { $0.id == chunk }
    ending.remove(chunk)
    passed[chunk] = nil
  }

  /// The activation `chunk` has a preflight before it and has not passed it.
  func needsPreflight(_ chunk: Int64) -> Bool {
    !window.preflight.isEmpty && !(activation(chunk)?.hasPassedPreflight ?? false)
  }

  /// The open activation with that number.
  func activation(_ chunk: Int64) -> Activation? { activations.first { $0.id == chunk } }

  /// The activation `chunk` needs no preflight any more.
  mutating func passPreflight(of chunk: Int64) {
    activations = activations.map { $0.id == chunk ? $0.afterPreflight : $0 }
  }

  /// Marks the date of `pick` as started by its activation; `nil` when that is not open any more.
  mutating func start(_ pick: ChunkPlanner.Pick, at now: Instant) -> DateTask? {
    guard let index = activations.firstIndex(where: { $0.id == pick.chunk }) else { return nil }
    let date = pick.date.date
    let callOff = StopSignal()
    let before = dates[date]
    callOffs[date] = callOff
    starters[date] = activations[index].started.contains(date) ? nil : pick.chunk
    running[date] = RunningDate(date: date, since: now, steps: [])
    set(DateSummary(state: .running, doneSteps: before?.doneSteps ?? []), for: date)
    activations[index].note(started: date, awaitedInput: before?.awaitsInput ?? false)
    passOver(of: activations[index])
    return DateTask(
      entry: pick.date, chunk: DateChunk(activations[index]), latestStart: pick.latestStart, callOff: callOff,
      before: before)
  }

  /// Counts on over the first named dates that `activation` has started: each is passed once.
  private mutating func passOver(of activation: Activation) {
    guard let named = activation.dates else { return }
    var count = passed[activation.id] ?? 0
    while count < named.count, activation.started.contains(named[count]) { count += 1 }
    passed[activation.id] = count
  }

  /// Results of a date are out of date, as the ledger has it.
  mutating func makeStale(_ entry: RerunDate) {
    let known = dates[entry.date] ?? DateSummary(state: .pending)
    let done = known.doneSteps.subtracting(entry.again + entry.stale)
    let summary =
      entry.isPending
      ? DateSummary(state: .pending, reason: DateState.staleReason, doneSteps: done)
      : DateSummary(
        state: known.state, reason: known.reason, awaitsInput: known.awaitsInput, verdict: known.verdict,
        doneSteps: done)
    set(summary, for: entry.date)
    notices.alarms.withdraw(of: entry.date, done: done)
  }

  /// Nothing of `date` runs any more.
  mutating func end(_ date: CivilDate, as summary: DateSummary) {
    running[date] = nil
    callOffs[date] = nil
    starters[date] = nil
    set(summary, for: date)
  }

  /// Nothing of `date` was begun: its activation has not started it, as in the ledger.
  mutating func callOff(_ date: CivilDate) {
    guard let chunk = starters[date], let index = activations.firstIndex(where: { $0.id == chunk }) else { return }
    activations[index].forget(started: date)
    passed[chunk] = nil
    passOver(of: activations[index])
  }

  private mutating func count(_ summary: DateSummary, by change: Int) {
    states[summary.state, default: 0] += change
    if let verdict = summary.verdict { verdicts[verdict, default: 0] += change }
  }
}

/// A definition and what follows from it on a day. Shared, not copied: it is most of what there is to a window.
private final class DefinitionInForce: Sendable {
  /// As the files say it.
  let configured: Window
  /// With the dates that this comes to on that day.
  let window: Window
  let calendar: WindowCalendar
  let planner: ChunkPlanner

  init(_ configured: Window, _ printed: CommandCalendar?, at now: Instant) {
    self.configured = configured
    window = configured.asOf(now, printed: printed)
    calendar = WindowCalendar(window.dates)
    planner = ChunkPlanner(window: window, calendar: calendar)
  }
}
