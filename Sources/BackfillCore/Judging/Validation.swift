/// Judges the stored reports of a window again with its definition of today. Runs nothing; pure.
///
/// N and S of the alarm limits are those of today's calendar and steps. What a person accepted stays accepted.
public struct Validation: Sendable {
  public let window: Window
  public let calendar: WindowCalendar
  /// How long the last attempt of each step took on each date.
  private let durations: [String: [CivilDate: Duration]]

  public init(window: Window, calendar: WindowCalendar, durations: [String: [CivilDate: Duration]]) {
    self.window = window
    self.calendar = calendar
    self.durations = durations
  }

  /// What came of judging again.
  public struct Outcome: Sendable, Equatable {
    /// Reports that were judged.
    public let judged: Int
    /// Dates that were left out because they are being worked on.
    public let busy: [CivilDate]
    /// The dates on which the verdict of a step becomes another word, in calendar order.
    public let changes: [Rejudgement]
    /// The verdicts that keep their word and get other figures, in calendar order.
    public let figures: [NewFigures]
  }

  /// Judges what is done on the dates of `records`, which are in calendar order; of `chosen` dates only, where given.
  ///
  /// Dates that the calendar does not have are left alone.
  public func outcome(_ records: [DateRecord], of chosen: Set<CivilDate>? = nil) -> Outcome {
    let slow = slowBefore()
    var judged = 0
    var busy: [CivilDate] = []
    var changes: [Rejudgement] = []
    var figures: [NewFigures] = []
    for record in records {
      guard let entry = calendar[record.date], chosen?.contains(record.date) ?? true else { continue }
      if record.state == .running || record.state == .verifying {
        busy.append(record.date)
        continue
      }
      let steps = window.steps.compactMap { step -> RejudgedStep? in
        // An imported step has no attempt.
        guard let known = record.steps[step.name], known.state == .done, known.attempt > 0 else { return nil }
        judged += 1
        let verdict = verdict(on: known, of: step, entry, slow: slow[step.name]?[record.date] ?? 0)
        let new = RejudgedStep(step: step.name, attempt: known.attempt, was: known.verdict?.word, verdict: verdict)
        if verdict.word != (known.verdict?.word ?? .pass) { return new }
        if let old = known.verdict, old != verdict { figures.append(NewFigures(date: record.date, step: new)) }
        return nil
      }
      if !steps.isEmpty { changes.append(rejudgement(of: record, steps)) }
    }
    return Outcome(judged: judged, busy: busy, changes: changes, figures: figures)
  }

  private func verdict(on record: StepRecord, of step: Step, _ entry: CalendarDate, slow: Int) -> StepVerdict {
    let streams = window.steps.reduce(0) { $0 + $1.expect.streams.count }
    return Judge.verdict(
      on: record.report, expecting: step.expect,
      in: JudgingContext(
        date: entry.date, step: step.name, calendarCount: entry.count, windowDates: max(1, calendar.workDateCount),
        streams: max(1, streams), slowInPrevious4: slow, duration: durations[step.name]?[entry.date] ?? .zero))
  }

  /// For each step with a limit on its duration, how many of the four dates before each date were slow.
  private func slowBefore() -> [String: [CivilDate: Int]] {
    var counts: [String: [CivilDate: Int]] = [:]
    for step in window.steps where step.expect.maxDuration != nil {
      var last: [Bool] = []
      for (date, duration) in (durations[step.name] ?? [:]).sorted(by: { $0.key < $1.key }) {
        counts[step.name, default: [:]][date] = last.suffix(4).count { $0 }
        last.append(DurationCheck.isSlow(duration, expecting: step.expect))
      }
    }
    return counts
  }

  private func rejudgement(of record: DateRecord, _ steps: [RejudgedStep]) -> Rejudgement {
    var after = record.steps
    for step in steps { after[step.step] = after[step.step]?.judged(step.verdict) }
    let change = change(of: record, after)
    // The verdict of a step that runs again is that of its last attempt, and says nothing any more.
    let worst = after.values.filter { $0.state == .done }.compactMap { $0.verdict?.word }.max()
    let verdict: Verdict? =
      switch change?.state ?? record.state {
      case .held: worst == .anomaly ? .anomaly : nil
      case .pending: nil
      case .done, .skipped, .running, .verifying: worst
      }
    return Rejudgement(
      date: record.date, state: record.state, awaitsInput: record.awaitsInput, change: change, verdict: verdict,
      steps: steps, doneSteps: Set(after.values.filter(\.opensGate).map(\.step)))
  }

  /// What becomes of the date; `nil`: it stays as it is. A date that is held for another reason stays held.
  private func change(of record: DateRecord, _ after: [String: StepRecord]) -> DateChange? {
    let graph = StepGraph(window.steps)
    let before = graph.conclusion(record.steps)
    let now = graph.conclusion(after)
    switch record.state {
    case .done: return now.isHeld ? now : nil
    case .pending: return now.isHeld && !before.isHeld ? now : nil
    case .held where record.awaitsInput: return now.isHeld && !before.isHeld ? now : nil
    case .held:
      guard before.isHeld, now != before else { return nil }
      if case .pending = now { return .pending(reason: "judged again: the steps below may run") }
      return now
    case .skipped, .running, .verifying: return nil
    }
  }
}

/// New verdicts on one date, and what follows from them.
public struct Rejudgement: Sendable, Equatable {
  public let date: CivilDate
  /// The state it was in when it was judged again.
  public let state: DateState
  /// It was held for its input alone.
  public let awaitsInput: Bool
  /// What becomes of the date; `nil`: it stays as it is.
  public let change: DateChange?
  /// The worst verdict of its steps now; a date that is held has one only if it is an anomaly, one that is pending none.
  public let verdict: Verdict?
  /// The steps whose verdict changes, in the order of the pipeline.
  public let steps: [RejudgedStep]
  /// The steps that let those below them start, afterwards.
  public let doneSteps: Set<String>

  public init(
    date: CivilDate, state: DateState, awaitsInput: Bool = false, change: DateChange?, verdict: Verdict?,
    steps: [RejudgedStep], doneSteps: Set<String>
  ) {
    self.date = date
    self.state = state
    self.awaitsInput = awaitsInput
    self.change = change
    self.verdict = verdict
    self.steps = steps
    self.doneSteps = doneSteps
  }
}

/// A new verdict on the last attempt of a step.
public struct RejudgedStep: Sendable, Equatable {
  public let step: String
  public let attempt: Int
  /// `nil` when there was none.
  public let was: Verdict?
  public let verdict: StepVerdict

  public init(step: String, attempt: Int, was: Verdict?, verdict: StepVerdict) {
    self.step = step
    self.attempt = attempt
    self.was = was
    self.verdict = verdict
  }
}

/// A verdict that is the same word with the definition of today, with other figures: bands, odds, limits. Nothing follows for
/// the date; the drift test goes on with them.
public struct NewFigures: Sendable, Equatable {
  public let date: CivilDate
  public let step: RejudgedStep

  public init(date: CivilDate, step: RejudgedStep) {
    self.date = date
    self.step = step
  }

  /// `1 verdict keeps its word`, `12 verdicts keep their words`.
  public static func spoken(_ count: Int) -> String {
    count == 1 ? "1 verdict keeps its word" : "\(count) verdicts keep their words"
  }
}

extension Rejudgement {
  /// The date waits for a person now, and did not.
  public var isNewlyHeld: Bool { (state != .held || awaitsInput) && change?.isHeld ?? false }

  /// The new verdict of a step for which the date is held now, and was not, as a fresh one would pause the window.
  public var newAnomaly: StepVerdict? {
    guard change?.isHeld ?? false else { return nil }
    return steps.first { $0.verdict.word == .anomaly && $0.was != .anomaly }?.verdict
  }

  /// The window may pause for it.
  public var mayPause: Bool { isNewlyHeld || newAnomaly != nil }

  /// The date was held, and no longer is.
  public var isFreed: Bool { state == .held && change.map { !$0.isHeld } ?? false }
}

extension DateChange {
  /// The state that the date gets.
  public var state: DateState {
    switch self {
    case .done: .done
    case .held, .heldForInput: .held
    case .pending: .pending
    }
  }

  /// Why it gets that state.
  public var reason: String? {
    switch self {
    case .done: nil
    case .held(let reason, _), .heldForInput(let reason, _): reason
    case .pending(let reason): reason
    }
  }

  /// The date waits for a person.
  public var isHeld: Bool { state == .held }
}

extension StepRecord {
  /// The same with another verdict.
  fileprivate func judged(_ verdict: StepVerdict) -> StepRecord {
    StepRecord(
      step: step, state: state, attempt: attempt, roundStart: roundStart, runID: runID, isUnfinished: isUnfinished,
      interruptions: interruptions, verdict: verdict, isAccepted: isAccepted, report: report, failure: failure)
  }
}
