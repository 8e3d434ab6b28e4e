/// What `validate --json` prints.
public struct ValidationView: Sendable, Equatable, Codable {
  public let window: String
  /// Reports that were judged again.
  public let judged: Int
  /// Dates that were left out: they are being worked on.
  public let busy: [CivilDate]
  /// How often each old verdict became each new one.
  public let counts: [VerdictCount]
  public let changes: [VerdictChange]
  /// How many verdicts keep their word and get other figures: bands, odds, limits.
  public let figures: Int
  /// The new verdicts are written down.
  public let applied: Bool
  /// What was written down; `nil` when nothing was.
  public let message: String?
  /// Dates whose new verdicts were not written down, and why.
  public let refused: [DecisionOutcome.Refused]

  public init(
    window: String, judged: Int, busy: [CivilDate], counts: [VerdictCount], changes: [VerdictChange], figures: Int,
    applied: Bool, message: String?, refused: [DecisionOutcome.Refused]
  ) {
    self.window = window
    self.judged = judged
    self.busy = busy
    self.counts = counts
    self.changes = changes
    self.figures = figures
    self.applied = applied
    self.message = message
    self.refused = refused
  }
}

/// So many steps went from one verdict to another.
public struct VerdictCount: Sendable, Equatable, Codable {
  public let was: Verdict
  public let verdict: Verdict
  public let steps: Int

  public init(was: Verdict, verdict: Verdict, steps: Int) {
    self.was = was
    self.verdict = verdict
    self.steps = steps
  }
}

/// A verdict that is another one with the definition of today.
public struct VerdictChange: Sendable, Equatable, Codable {
  public let date: CivilDate
  public let step: String
  public let was: Verdict
  public let verdict: Verdict
  public let sentence: String
  /// The state of the date.
  public let state: DateState
  /// The state it gets when the verdict is written down; the same where that changes nothing.
  public let becomes: DateState

  public init(
    date: CivilDate, step: String, was: Verdict, verdict: Verdict, sentence: String, state: DateState,
    becomes: DateState
  ) {
    self.date = date
    self.step = step
    self.was = was
    self.verdict = verdict
    self.sentence = sentence
    self.state = state
    self.becomes = becomes
  }
}

extension ValidationView {
  enum CodingKeys: String, CodingKey {
    case window, judged, busy, counts, changes, figures, applied, message, refused
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(window, forKey: .window)
    try container.encode(judged, forKey: .judged)
    try container.encode(busy, forKey: .busy)
    try container.encode(counts, forKey: .counts)
    try container.encode(changes, forKey: .changes)
    try container.encode(figures, forKey: .figures)
    try container.encode(applied, forKey: .applied)
    try container.encode(message, forKey: .message)
    try container.encode(refused, forKey: .refused)
  }
}

extension ValidationView {
  /// The view of `outcome`; `answer` is what came of writing it down, `nil` when that was not asked for.
  public init(window: String, _ outcome: Validation.Outcome, answer: ChangeAnswer?) {
    let changes = outcome.changes.flatMap { change in
      change.steps.map { step in
        VerdictChange(
          date: change.date, step: step.step, was: step.was ?? .pass, verdict: step.verdict.word,
          sentence: step.verdict.sentence, state: change.state, becomes: change.change?.state ?? change.state)
      }
    }
    var counts: [VerdictCount] = []
    for was in Verdict.allCases {
      for verdict in Verdict.allCases {
        let steps = changes.count { $0.was == was && $0.verdict == verdict }
        if steps > 0 { counts.append(VerdictCount(was: was, verdict: verdict, steps: steps)) }
      }
    }
    self.init(
      window: window, judged: outcome.judged, busy: outcome.busy, counts: counts, changes: changes,
      figures: outcome.figures.count, applied: answer != nil, message: answer?.message, refused: answer?.refused ?? [])
  }
}
