extension Forecast {
  /// The whole plan as `plan` shows it; with a number of `nights` only the dates of that many.
  public func view(nights limit: Int? = nil) -> PlanView {
    let found = nights()
    var dates = allDates(found)
    let counts = Dictionary(dates.map { ($0.why.rawValue, 1) }, uniquingKeysWith: +)
    if let limit { dates.removeAll { $0.night.map { $0 > limit } ?? true } }
    let window = facts.window
    return PlanView(
      window: window.name, state: facts.record.state, reason: facts.record.reason, zone: window.zone.name,
      schedule: window.schedule?.when.description, dateMilliseconds: dateDuration?.wholeMilliseconds,
      samples: durations.count,
      finish: found.finish, finishUnknown: found.finish == nil ? finishUnknown(found) : nil, counts: counts,
      unplanned: found.unplanned, nightCount: found.nights.count,
      locks: facts.sharers.sorted { $0.key < $1.key }.map { PlanLock(lock: $0.key, windows: $0.value) },
      nights: limit.map { Array(found.nights.prefix($0)) } ?? found.nights, dates: dates)
  }

  private func finishUnknown(_ found: Nights) -> String {
    if !facts.hasCalendar { return "there is no calendar yet" }
    if facts.calendar.dates.isEmpty { return "there are no dates yet" }
    if found.unplanned > 0, facts.window.schedule == nil {
      return "there is no schedule: `backfillctl run` starts dates"
    }
    if found.unplanned > 0, found.nights.count >= Self.nightLimit { return "it is more than 10000 nights away" }
    if found.unplanned > 0, found.isShortOfTime, let expected = durations.expected {
      return "no date would end before `stop_by`: 90 % of the dates so far took up to \(expected.spoken)"
    }
    if found.unplanned > 0 { return "the schedule has no firing for \(Self.counted(found.unplanned))" }
    if found.nights.isEmpty { return "nothing is left that could run" }
    return "unknown until dates are done"
  }

  /// Every day from `from` to `to` (of a calendar from a file: every day it lists), and what the ledger knows besides.
  private func allDates(_ found: Nights) -> [PlanDate] {
    let selection = facts.window.dates
    let streams = facts.window.steps.flatMap { step in step.expect.streams.map { (step.name, $0) } }
    let stall =
      found.waiting.isEmpty ? nil : LookbackStall(facts.window, facts.calendar, facts.dates, expectsInput: true)
    var dates: [PlanDate] = []
    var seen: Set<CivilDate> = []
    for date in days(of: selection) {
      seen.insert(date)
      dates.append(self.date(date, selection, streams, found, stall))
    }
    for (date, summary) in facts.dates where !seen.contains(date) {
      dates.append(
        PlanDate(
          date: date, state: summary.state, why: .uncovered, reason: "the calendar no longer has it", night: nil,
          bands: []))
    }
    return seen.count == dates.count ? dates : dates.sorted { $0.date < $1.date }
  }

  private func days(of selection: DateSelection) -> [CivilDate] {
    guard selection.from <= selection.to else { return [] }
    if let listed = selection.listed {
      return listed.keys.filter { $0 >= selection.from && $0 <= selection.to }.sorted()
    }
    return (selection.from.daysSinceEpoch...selection.to.daysSinceEpoch).map { CivilDate(daysSinceEpoch: $0) }
  }

  private func date(
    _ date: CivilDate, _ selection: DateSelection, _ streams: [(step: String, stream: RateStream)], _ found: Nights,
    _ stall: LookbackStall?
  ) -> PlanDate {
    guard let entry = facts.calendar[date] else {
      let why: PlanDate.Why = selection.except.contains(date) ? .except : .weekdays
      return PlanDate(date: date, state: nil, why: why, reason: nil, night: nil, bands: [])
    }
    let summary = facts.dates[date] ?? DateSummary(state: entry.isBootstrap ? .skipped : .pending)
    let (why, reason) = place(of: date, entry, summary, found, stall)
    let expected = entry.isBootstrap ? [] : streams
    let bands = expected.map { step, stream -> PlanBand in
      let edges = stream.edges(on: date)
      return PlanBand(step: step, stream: stream.name, low: edges?.low, high: edges?.high)
    }
    return PlanDate(
      date: date, state: summary.state, why: why, reason: reason, night: found.nightOf[date], bands: bands)
  }

  private func place(
    of date: CivilDate, _ entry: CalendarDate, _ summary: DateSummary, _ found: Nights, _ stall: LookbackStall?
  ) -> (PlanDate.Why, String?) {
    switch summary.state {
    case .done: (.done, summary.verdict?.rawValue)
    case .held: (summary.awaitsInput ? .input : .held, summary.reason)
    case .running: (.running, nil)
    case .verifying: (.verifying, nil)
    case .skipped where entry.isBootstrap: (.skipFirst, nil)
    case .skipped: (.skipped, summary.reason)
    case .pending where entry.isBootstrap: (.skipFirst, "only `backfillctl run` starts it")
    case .pending where found.waiting.contains(date):
      (.waits, stall?.causes[date]?.sentence ?? "it looks back at dates that nothing will run")
    case .pending: (.pending, summary.reason)
    }
  }

  private static func counted(_ count: Int) -> String { count == 1 ? "1 date" : "\(count) dates" }
}
