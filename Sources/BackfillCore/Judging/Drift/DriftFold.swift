/// The drift test of every rate of a window, folded over its dates. The state is a pure fold over what the ledger knows.
///
/// The fold runs over the calendar from its first date and ends before the first date whose facts are still to come by
/// themselves: one that is pending, running or verifying. A skipped date is passed over. A held date waits for a person or its
/// input, perhaps for ever, and must not blind the watch over the dates after it: what its steps were judged by counts, an open
/// anomaly too; a step that failed has no facts and counts nothing. Tried again, the date is pending: the fold ends before it,
/// and runs again over its new facts when they are there.
///
/// A stream starts anew after a date whose rate anomaly a person accepted (its facts no longer count), and after a date
/// after which a decision restarted it (`accept`, `resume`). Source: VERDICT, "Drift test" and its corrections.
public struct DriftFold: Sendable, Equatable {
  /// In the order of the file.
  public let streams: [DriftStream]
  /// The last date of the calendar that is folded or passed over; `nil` before the first.
  public private(set) var through: CivilDate?
  private var states: [DriftStream: State] = [:]

  /// Begins before the first date.
  public init(_ streams: [DriftStream]) {
    self.streams = streams
  }

  /// The scores of one stream.
  public struct State: Sendable, Equatable {
    public fileprivate(set) var test: DriftTest
    /// Those folded since the stream started, in order; at least one.
    public fileprivate(set) var dates: [CivilDate]
    /// What the scores said after the last date that was folded.
    public fileprivate(set) var word: Verdict
  }

  /// The scores of `stream`; `nil` when it has folded nothing since it started.
  public func state(of stream: DriftStream) -> State? { states[stream] }

  /// How far the fold can go over dates in these states, beyond `through`; `nil` when it can go no further.
  public func reach(in calendar: WindowCalendar, _ state: (CalendarDate) -> DateState) -> CivilDate? {
    rest(of: calendar).prefix { Self.isSettled(state($0)) }.last?.date
  }

  /// Goes on over the dates after `through` that are in `facts`, and returns the limits that were crossed, in order.
  ///
  /// `last`: the facts were read up to it; of a date after it that is not there nothing is known. `nil`: they are all.
  ///
  /// What was told already is left out, and what a person has settled by a restart: the same evidence does not speak
  /// twice. Two limits crossed at once are one alarm.
  public mutating func fold(
    _ facts: DriftFacts, over calendar: WindowCalendar, through last: CivilDate? = nil
  ) -> [DriftAlarm] {
    var alarms: [DriftAlarm] = []
    let dates = rest(of: calendar)
    for (index, entry) in zip(dates.indices, dates) {
      if let last, entry.date > last { break }
      let state = facts.dates[entry.date]?.state ?? Self.untouched(entry)
      guard Self.isSettled(state) else { break }
      through = entry.date
      let next = dates.index(after: index) < dates.endIndex ? dates[dates.index(after: index)].date : nil
      for stream in streams {
        if state != .skipped, let fact = facts.dates[entry.date]?.facts[stream] {
          alarms += add(fact, of: entry.date, to: stream)
        }
        if Self.restarts(facts.restarts[stream], from: entry.date, before: next) { states[stream] = nil }
      }
    }
    return alarms.filter { alarm in
      let settled = facts.restarts[alarm.crossing.stream]?.max()
      return !facts.told.contains(alarm.crossing) && settled.map { alarm.crossing.date > $0 } ?? true
    }
  }

  /// The state of a date that the ledger has no row for.
  public static func untouched(_ entry: CalendarDate) -> DateState {
    entry.isBootstrap ? .skipped : .pending
  }

  /// Adds a fact; returns the alarm when the scores rise over a limit.
  private mutating func add(_ fact: DriftFact, of date: CivilDate, to stream: DriftStream) -> [DriftAlarm] {
    guard !fact.isAcceptedAnomaly else {
      states[stream] = nil
      return []
    }
    var state = states[stream] ?? State(test: DriftTest(fact.rate), dates: [], word: .pass)
    // The copy in the dictionary would make each change copy the dates.
    states[stream] = nil
    let before = state.word
    state.test.fold(fact.rate)
    state.dates.append(date)
    state.word = state.test.verdict
    states[stream] = state
    guard state.word > before, state.word >= .warn else { return [] }
    return [
      DriftAlarm(
        crossing: DriftCrossing(stream: stream, date: date, word: state.word),
        evidence: state.test.score(for: state.word), sentence: state.sentence(of: stream))
    ]
  }

  private func rest(of calendar: WindowCalendar) -> ArraySlice<CalendarDate> {
    guard let through, let position = calendar.position(of: through) else { return calendar.dates[...] }
    return calendar.dates[(position + 1)...]
  }

  /// Nothing more comes of the date by itself.
  private static func isSettled(_ state: DateState) -> Bool {
    switch state {
    case .done, .held, .skipped: true
    case .pending, .running, .verifying: false
    }
  }

  private static func restarts(_ dates: [CivilDate]?, from date: CivilDate, before next: CivilDate?) -> Bool {
    dates?.contains { restart in restart >= date && next.map { restart < $0 } ?? true } ?? false
  }
}
