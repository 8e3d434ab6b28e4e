extension Forecast {
  /// The activations to come, and what each of them will run.
  struct Nights {
    var nights: [PlannedNight] = []
    /// The number of the night, 1, 2, ..., of each date that one will run.
    var nightOf: [CivilDate: Int] = [:]
    /// Dates that wait for others which nothing will run.
    var waiting: Set<CivilDate> = []
    /// Dates that could run and for which there is no activation.
    var unplanned = 0
    /// When the last of them ends; `nil` when that is not known.
    var finish: Instant?
    /// A firing to come has no time for a single date.
    var isShortOfTime = false
  }

  /// Goes through the open activations, then through the firings to come until no date is left.
  func nights() -> Nights {
    var walk = NightWalk(self)
    for activation in facts.activations.sorted(by: Self.isBefore) { walk.goOn(with: activation) }
    guard let schedule = facts.window.schedule else { return walk.result }
    let firing = Firing(schedule, in: facts.window.zone)
    var nominal = facts.nextFiring
    var tries = 0
    while let current = nominal, walk.hasMore, tries < Self.nightLimit {
      tries += 1
      let following = firing.next(after: current)
      walk.fire(at: current, endsAt: schedule.stopBy == nil ? following : firing.end(of: current))
      nominal = following
    }
    return walk.result
  }

  private static func isBefore(_ left: Activation, _ right: Activation) -> Bool {
    (left.kind == .hand ? 0 : 1, left.id) < (right.kind == .hand ? 0 : 1, right.id)
  }
}

/// One way through the activations to come.
private struct NightWalk {
  private let facts: Forecast.Facts
  private let dateDuration: Duration?
  /// What nine of ten dates did not exceed.
  private let expected: Duration?
  private let work: [CalendarDate]
  private let positions: [CivilDate: Int]
  private var ready: ReadyDates
  private var rampIndex: Int
  /// When nothing of the earlier activations runs any more.
  private var isFreeAt: Instant
  private var found = Forecast.Nights()

  init(_ forecast: Forecast) {
    facts = forecast.facts
    dateDuration = forecast.dateDuration
    expected = forecast.durations.expected
    work = facts.calendar.workDates
    positions = Dictionary(uniqueKeysWithValues: work.enumerated().map { ($1.date, $0) })
    ready = ReadyDates(facts.window, work, facts.dates, expectsInput: true)
    rampIndex = facts.record.rampIndex
    isFreeAt = facts.now
  }

  /// A date could still run.
  var hasMore: Bool {
    mutating get { ready.next() != nil }
  }

  var result: Forecast.Nights {
    var result = found
    // What no activation will run frees others all the same when a person runs it: those do not wait for ever.
    var rest = ready
    while let position = rest.next() {
      result.unplanned += 1
      rest.note(done: position)
    }
    for (position, entry) in work.enumerated() where rest.isWaiting(position) { result.waiting.insert(entry.date) }
    result.finish = dateDuration != nil && !found.nights.isEmpty && result.unplanned == 0 ? isFreeAt : nil
    return result
  }

  /// What is left of an activation that is open.
  mutating func goOn(with activation: Activation) {
    let running = activation.started.filter { date in
      switch facts.dates[date]?.state {
      case .running, .verifying: positions[date] != nil
      default: false
      }
    }.sorted()
    guard activation.step == nil else {
      // A single step leaves its dates pending.
      for position in running.compactMap({ positions[$0] }) { ready.putBack(position) }
      return
    }
    var night = Night(start: isFreeAt, latest: latestStart(of: activation.kind, endsAt: activation.endsAt))
    for date in running { add(date, to: &night) }
    // It has looked at them, and does so once.
    let looked = activation.started.filter { facts.dates[$0]?.awaitsInput ?? false }.compactMap { positions[$0] }
    for position in looked { ready.keepBack(position) }
    if activation.kind == .hand {
      if !activation.isHalted { takeNamed(activation.dates ?? [], into: &night) }
    } else if !activation.isAhead(of: facts.now) {
      take(upTo: activation.quota.map { $0 - activation.used(facts.dates) }, into: &night)
      let all = activation.started.count - looked.count + night.dates.count - running.count
      if activation.quota.map({ all >= $0 }) ?? true { rampIndex += 1 }
    }
    for position in looked { ready.putBack(position) }
    close(
      night, kind: activation.kind, chunk: activation.id, nominal: activation.nominal, quota: activation.quota,
      endsAt: activation.endsAt)
  }

  /// A firing to come.
  mutating func fire(at nominal: Instant, endsAt: Instant?) {
    let quota = facts.window.schedule.flatMap { Ramp.quota(of: $0, index: rampIndex) }
    var night = Night(start: max(isFreeAt, nominal), latest: latestStart(of: .scheduled, endsAt: endsAt))
    take(upTo: quota, into: &night)
    if night.dates.isEmpty { found.isShortOfTime = true }
    if !night.dates.isEmpty, quota.map({ night.dates.count >= $0 }) ?? true { rampIndex += 1 }
    close(night, kind: .scheduled, chunk: nil, nominal: nominal, quota: quota, endsAt: endsAt)
  }

  /// The dates of one activation.
  private struct Night {
    let start: Instant
    let latest: LatestStart?
    var dates: [CivilDate] = []
  }

  private func latestStart(of kind: Activation.Kind, endsAt: Instant?) -> LatestStart? {
    LatestStart(of: kind, endsAt: endsAt, in: facts.window, expected: expected)
  }

  private mutating func take(upTo limit: Int?, into night: inout Night) {
    let first = night.dates.count
    while limit.map({ night.dates.count - first < $0 }) ?? true, mayStart(night), let position = ready.next() {
      add(work[position].date, to: &night)
    }
  }

  private mutating func takeNamed(_ dates: [CivilDate], into night: inout Night) {
    for date in dates {
      guard mayStart(night), let position = positions[date], ready.take(position) else { continue }
      add(date, to: &night)
    }
  }

  /// There is time for one date more.
  private func mayStart(_ night: Night) -> Bool {
    night.latest?.allows(end(of: night.dates.count / facts.window.parallel.dates, from: night.start)) ?? true
  }

  /// The date runs in this night, and ends well.
  private mutating func add(_ date: CivilDate, to night: inout Night) {
    night.dates.append(date)
    found.nightOf[date] = found.nights.count + 1
    if let position = positions[date] { ready.note(done: position) }
  }

  private mutating func close(
    _ night: Night, kind: Activation.Kind, chunk: Int64?, nominal: Instant, quota: Int?, endsAt: Instant?
  ) {
    guard let first = night.dates.min(), let last = night.dates.max() else { return }
    let slots = facts.window.parallel.dates
    let rounds = (night.dates.count + slots - 1) / slots
    isFreeAt = end(of: rounds, from: night.start)
    found.nights.append(
      PlannedNight(
        night: found.nights.count + 1, kind: kind, chunk: chunk, firing: nominal, quota: quota, endsAt: endsAt,
        dates: night.dates.count, first: first, last: last, finish: dateDuration == nil ? nil : isFreeAt))
  }

  /// When so many dates after each other are over; without a known duration they take no time.
  private func end(of rounds: Int, from start: Instant) -> Instant {
    start + (dateDuration ?? .zero) * rounds
  }
}
