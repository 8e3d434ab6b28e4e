import BackfillCore

/// What the loop keeps in memory of one window: its definition, and the ledger's view of it.
struct WindowRuntime {
  let window: Window
  let calendar: WindowCalendar
  let planner: ChunkPlanner
  var record: WindowRecord
  /// Open ones, oldest first.
  var activations: [Activation] = []
  var running: [CivilDate: RunningDate] = [:]
  /// Dates that a decision is being written down about.
  var deciding: Set<CivilDate> = []
  /// The next firing; `nil` without a schedule or after its last one.
  var nextFiring: Instant?
  /// An activation is being opened, or the window's record is being changed.
  var isChanging = false
  /// Activations whose end is being written down.
  var ending: Set<Int64> = []

  private var lastRequest: Instant?
  private(set) var dates: [CivilDate: DateSummary]
  private var states: [DateState: Int] = [:]
  private var verdicts: [Verdict: Int] = [:]
  private(set) var uncovered = 0

  init(window: Window, record: WindowRecord, dates: [CivilDate: DateSummary], now: Instant) {
    self.window = window
    calendar = WindowCalendar(window.dates)
    planner = ChunkPlanner(window: window, calendar: calendar)
    self.record = record
    self.dates = [:]
    states[.pending] = calendar.dates.count
    for (date, summary) in dates { set(summary, for: date) }
    if let schedule = window.schedule {
      nextFiring = Firing(schedule, in: window.zone).next(after: record.lastNominal ?? now)
    }
  }

  /// Puts `summary` in the place of what was known of `date`.
  mutating func set(_ summary: DateSummary, for date: CivilDate) {
    let isCovered = calendar[date] != nil
    if isCovered { count(dates[date] ?? DateSummary(state: .pending), by: -1) }
    if !isCovered, dates[date] == nil { uncovered += 1 }
    dates[date] = summary
    if isCovered { count(summary, by: 1) }
  }

  /// What `status` counts.
  var counts: DateCounts {
    DateCounts(total: calendar.dates.count, states: states, verdicts: verdicts)
  }

  /// How many covered dates are in `state`.
  func count(_ state: DateState) -> Int { states[state] ?? 0 }

  /// Every date of the calendar is done or skipped.
  var isComplete: Bool {
    !calendar.dates.isEmpty && count(.done) + count(.skipped) == calendar.dates.count
  }

  /// What the planner looks at.
  func situation(at now: Instant) -> ChunkPlanner.Situation {
    ChunkPlanner.Situation(
      state: record.state, dates: dates,
      activations: activations.filter { !ending.contains($0.id) },
      busy: deciding.union(running.keys), now: now)
  }

  /// The record in a new state. A pause halts what was asked for by hand, as the ledger does in the same transaction.
  mutating func enter(_ state: WindowState, reason: String?, by: String, at now: Instant) {
    if state == .paused { activations = activations.map { $0.kind == .hand ? $0.halted : $0 } }
    record = WindowRecord(
      window: record.window, state: state, reason: reason, since: now, by: by, rampIndex: record.rampIndex,
      lastNominal: record.lastNominal, scheduleKey: record.scheduleKey)
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

  /// Marks `date` as started by `activation`.
  mutating func start(_ date: CivilDate, for activation: Activation, at now: Instant) {
    running[date] = RunningDate(date: date, since: now, steps: [])
    set(DateSummary(state: .running, doneSteps: dates[date]?.doneSteps ?? []), for: date)
    guard let index = activations.firstIndex(where: { $0.id == activation.id }) else { return }
    activations[index] = activation.adding(started: date)
  }

  private mutating func count(_ summary: DateSummary, by change: Int) {
    states[summary.state, default: 0] += change
    if let verdict = summary.verdict { verdicts[verdict, default: 0] += change }
  }
}

extension Activation {
  /// The activation with `date` among the dates it has started.
  func adding(started date: CivilDate) -> Activation {
    Activation(
      id: id, window: window, kind: kind, nominal: nominal, quota: quota, endsAt: endsAt, dates: dates, step: step,
      by: by, started: started.union([date]), isHalted: isHalted)
  }

  /// The activation after a pause: it starts nothing more.
  var halted: Activation {
    Activation(
      id: id, window: window, kind: kind, nominal: nominal, quota: quota, endsAt: endsAt, dates: dates, step: step,
      by: by, started: started, isHalted: true)
  }
}
