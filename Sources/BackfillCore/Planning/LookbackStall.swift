/// The pending dates of a window that look back at others which nothing brings by itself: dates that are held, left out, or done
/// without the step that is looked for. Pure.
///
/// A date that could run is taken to end well, so that one that only waits for its turn is not counted. One pass over the
/// calendar, whatever the look backs are.
public struct LookbackStall: Sendable, Equatable {
  /// What a date waits for in the end: not another one that waits itself.
  public struct Cause: Sendable, Hashable {
    public let date: CivilDate
    /// The step that it lacks.
    public let step: String
    public let state: DateState
    /// Held only because its input is missing.
    public let awaitsInput: Bool

    public init(date: CivilDate, step: String, state: DateState, awaitsInput: Bool) {
      self.date = date
      self.step = step
      self.state = state
      self.awaitsInput = awaitsInput
    }
  }

  /// The dates that wait.
  public let causes: [CivilDate: Cause]

  /// - Parameters:
  ///   - window: Whose look backs count.
  ///   - calendar: Its dates.
  ///   - dates: How those stand that are more than untouched.
  ///   - expectsInput: Whether a date that is held for its input is taken to run, as one that could.
  public init(
    _ window: Window, _ calendar: WindowCalendar, _ dates: [CivilDate: DateSummary], expectsInput: Bool = false
  ) {
    let lookbacks = window.steps.flatMap(\.lookbacks)
    guard !lookbacks.isEmpty else {
      causes = [:]
      return
    }
    let work = calendar.workDates
    let (runs, waits) = Self.outlook(window, work, dates, expectsInput: expectsInput)
    guard waits.contains(true) else {
      causes = [:]
      return
    }
    let presences = lookbacks.map { lookback in
      Presence(
        of: lookback,
        work.indices.map { runs[$0] || dates[work[$0].date]?.doneSteps.contains(lookback.step) ?? false })
    }
    var causes: [CivilDate: Cause] = [:]
    for position in work.indices where waits[position] {
      guard let (lookback, lacking) = presences.lazy.compactMap({ $0.lacking(before: position) }).first else {
        continue
      }
      let date = work[lacking].date
      let known = dates[date] ?? DateSummary(state: .pending)
      causes[work[position].date] =
        causes[date] ?? Cause(date: date, step: lookback, state: known.state, awaitsInput: known.awaitsInput)
    }
    self.causes = causes
  }

  /// Which dates would run if all went well, and which would wait for ever.
  private static func outlook(
    _ window: Window, _ work: [CalendarDate], _ dates: [CivilDate: DateSummary], expectsInput: Bool
  ) -> (runs: [Bool], waits: [Bool]) {
    var ready = ReadyDates(window, work, dates, expectsInput: expectsInput)
    var runs = Array(repeating: false, count: work.count)
    func run(_ position: Int) {
      runs[position] = true
      ready.note(done: position)
    }
    for position in work.indices {
      switch dates[work[position].date]?.state {
      case .running, .verifying: run(position)
      case .pending, .done, .held, .skipped, nil: break
      }
    }
    while let position = ready.next() { run(position) }
    return (runs, work.indices.map { ready.isWaiting($0) })
  }
}

/// Which of the dates to be computed have, or will have, the step of one look back.
private struct Presence {
  private let lookback: Lookback
  /// How many of the first so many dates have it.
  private var counts = [0]
  /// For each date, the last one up to it that lacks the step; -1: none.
  private var lastLacking: [Int] = []

  init(of lookback: Lookback, _ isThere: [Bool]) {
    self.lookback = lookback
    for (position, isThere) in isThere.enumerated() {
      counts.append(counts[position] + (isThere ? 1 : 0))
      lastLacking.append(isThere ? lastLacking.last ?? -1 : position)
    }
  }

  /// The step, and the nearest date before `position` that lacks it; `nil` when enough of them have it.
  func lacking(before position: Int) -> (step: String, position: Int)? {
    let looked = min(position, lookback.dates)
    let have = counts[position] - counts[position - looked]
    guard have < min(lookback.minimum, looked) else { return nil }
    return (lookback.step, lastLacking[position - 1])
  }
}
