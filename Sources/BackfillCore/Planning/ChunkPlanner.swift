/// Picks the dates that a window starts next. Pure: everything it needs is in the arguments.
public struct ChunkPlanner: Sendable {
  public let window: Window
  public let calendar: WindowCalendar
  /// How many dates before it a date may need; `nil`: none.
  public let reach: Int?
  /// The first position in the calendar that is not skipped as bootstrap.
  private let firstWork: Int

  public init(window: Window, calendar: WindowCalendar) {
    self.window = window
    self.calendar = calendar
    reach = window.steps.flatMap(\.lookbacks).map(\.dates).max()
    firstWork = calendar.dates.firstIndex { !$0.isBootstrap } ?? 0
  }

  /// A date to start, and the activation it belongs to.
  public struct Pick: Sendable, Equatable {
    public let date: CalendarDate
    /// The number of the activation. Not itself: while a copy of it lives, each change of it copies all its dates.
    public let chunk: Int64
    /// Until when it may begin; `nil`: whenever.
    public let latestStart: LatestStart?

    public init(date: CalendarDate, chunk: Int64, latestStart: LatestStart? = nil) {
      self.date = date
      self.chunk = chunk
      self.latestStart = latestStart
    }
  }

  /// What the planner looks at.
  public struct Situation: Sendable {
    public let state: WindowState
    public let dates: [CivilDate: DateSummary]
    /// Open ones, oldest first.
    public let activations: [Activation]
    /// Dates that are being worked on or decided about.
    public let busy: Set<CivilDate>
    /// Positions in the calendar outside of which no date is pending; `nil`: not known. Spares a long window the walk over
    /// all that is done.
    public let pending: Range<Int>?
    /// The last position in the calendar of which a step is done; -1: none is; `nil`: not known. Spares a window whose steps
    /// look back the walk over all that waits for what is not done yet.
    public let lastDone: Int?
    /// The dates that wait for their input, where `pending` is known: they may be far from it.
    public let waiting: Set<CivilDate>
    /// How many of the first dates that a person named an activation has started, where that is known: they are passed over.
    public let passed: [Int64: Int]
    public let now: Instant
    /// How long a date is expected to take; `nil`: not known.
    public let expected: Duration?

    public init(
      state: WindowState, dates: [CivilDate: DateSummary], activations: [Activation] = [],
      busy: Set<CivilDate> = [], pending: Range<Int>? = nil, lastDone: Int? = nil, waiting: Set<CivilDate> = [],
      passed: [Int64: Int] = [:], now: Instant, expected: Duration? = nil
    ) {
      self.state = state
      self.dates = dates
      self.activations = activations
      self.busy = busy
      self.pending = pending
      self.lastDone = lastDone
      self.waiting = waiting
      self.passed = passed
      self.now = now
      self.expected = expected
    }

    /// The same, as if the window were active, and not before `earliest`; with `anyDuration` as if nothing were known of
    /// durations.
    func lifted(anyDuration: Bool = false, notBefore earliest: Instant? = nil) -> Situation {
      Situation(
        state: .active, dates: dates, activations: activations, busy: busy, pending: pending, lastDone: lastDone,
        waiting: waiting, passed: passed, now: max(now, earliest ?? now), expected: anyDuration ? nil : expected)
    }
  }

  /// The next date to start, or `nil`: what persons asked for first, then the schedule's dates in the window's order.
  public func next(in situation: Situation) -> Pick? {
    for activation in situation.activations.sorted(by: Self.isBefore) {
      guard let date = nextDate(of: activation, in: situation) else { continue }
      return Pick(
        date: date, chunk: activation.id,
        latestStart: activation.dates == nil ? latestStart(of: activation, in: situation) : nil)
    }
    return nil
  }

  /// The next date of `activation`, or `nil` when it has none (now).
  public func nextDate(of activation: Activation, in situation: Situation) -> CalendarDate? {
    if let named = activation.dates {
      guard !activation.isHalted else { return nil }
      let within = withinReach(of: activation.step, in: situation)
      for date in named.dropFirst(situation.passed[activation.id] ?? 0) {
        guard calendar.position(of: date).map(within.contains) ?? false, !activation.started.contains(date),
          isStartable(date, by: activation, in: situation),
          waitReason(of: date, step: activation.step, in: situation) == nil, let entry = calendar[date]
        else { continue }
        return entry
      }
      return nil
    }
    guard situation.state == .active, !activation.isAhead(of: situation.now),
      latestStart(of: activation, in: situation)?.allows(situation.now) ?? true
    else { return nil }
    let isFull = activation.quota.map { activation.used(situation.dates) >= $0 } ?? false
    let pending = situation.pending ?? calendar.dates.indices
    let candidates = calendar.dates[pending.clamped(to: withinReach(of: nil, in: situation))]
    let mayStart: (CalendarDate) -> Bool = { entry in
      !entry.isBootstrap && isStartable(entry.date, by: activation, in: situation)
        && (!isFull || activation.started.contains(entry.date))
        && waitReason(of: entry.date, in: situation) == nil
    }
    let again = situation.waiting.lazy.compactMap { calendar[$0] }.filter(mayStart)
    let isOldestFirst = window.order == .oldestFirst
    let next = isOldestFirst ? candidates.first(where: mayStart) : candidates.last(where: mayStart)
    return ([next].compactMap(\.self) + again).min { isOldestFirst == ($0.date < $1.date) && $0.date != $1.date }
  }

  /// The positions in the calendar beyond which every date waits for dates before it, of which no step is done; `only`: where
  /// only that step is to run.
  private func withinReach(of only: String?, in situation: Situation) -> Range<Int> {
    let looksBack = only.map { !(window.step($0)?.lookbacks.isEmpty ?? true) } ?? true
    guard looksBack, let reach, let lastDone = situation.lastDone else { return calendar.dates.indices }
    return 0..<min(calendar.dates.count, max(lastDone, firstWork - 1) + reach + 2)
  }

  /// Whether `activation` will start no date any more, whatever a person decides, except that a pause is lifted.
  public func isOver(_ activation: Activation, in situation: Situation) -> Bool {
    if activation.endsAt.map({ situation.now >= $0 }) ?? false { return true }
    if activation.kind == .hand { return nextDate(of: activation, in: situation) == nil }
    let isAhead = activation.isAhead(of: situation.now)
    return nextDate(of: activation, in: situation.lifted(notBefore: isAhead ? activation.nominal : nil)) == nil
  }

  /// Why `activation` starts nothing more although it has dates and its time is not over; `nil` when that is not so.
  public func shortOfTime(_ activation: Activation, in situation: Situation) -> String? {
    guard activation.dates == nil, let latest = latestStart(of: activation, in: situation),
      let expected = latest.expected, situation.now < latest.endsAt, !latest.allows(situation.now),
      nextDate(of: activation, in: situation.lifted(anyDuration: true)) != nil
    else { return nil }
    let local = window.zone.localTime(at: latest.endsAt)
    let clock = [local.hour, local.minute].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    return "the next date would not end before \(clock): 90 % of the dates so far took up to \(expected.spoken)"
  }

  private func latestStart(of activation: Activation, in situation: Situation) -> LatestStart? {
    LatestStart(of: activation.kind, endsAt: activation.endsAt, in: window, expected: situation.expected)
  }

  /// Why `date` cannot start yet although it is pending: a step (`step`, when only that is to run) looks back at dates that
  /// are not done.
  public func waitReason(of date: CivilDate, step only: String? = nil, in situation: Situation) -> String? {
    waitReason(of: date, step: only) { situation.dates[$0]?.doneSteps.contains($1) ?? false }
  }

  func waitReason(
    of date: CivilDate, step only: String? = nil, isDone: (_ date: CivilDate, _ step: String) -> Bool
  ) -> String? {
    for step in window.steps where only == nil || only == step.name {
      for lookback in step.lookbacks {
        let earlier = calendar.workDates(before: date, last: lookback.dates)
        let needed = min(lookback.minimum, earlier.count)
        let done = earlier.count { isDone($0, lookback.step) }
        if done < needed {
          return "`\(step.name)` needs `\(lookback.step)` on \(needed) of the \(earlier.count) dates before, "
            + "\(done) \(done == 1 ? "has" : "have") it"
        }
      }
    }
    return nil
  }

  /// Pending; or held for its input, and `activation` has not looked at it yet.
  func isStartable(_ date: CivilDate, by activation: Activation, in situation: Situation) -> Bool {
    guard !situation.busy.contains(date) else { return false }
    guard let known = situation.dates[date], known.state != .pending else { return true }
    return known.awaitsInput && !activation.started.contains(date)
  }

  private static func isBefore(_ left: Activation, _ right: Activation) -> Bool {
    (left.kind == .hand ? 0 : 1, left.id) < (right.kind == .hand ? 0 : 1, right.id)
  }
}
