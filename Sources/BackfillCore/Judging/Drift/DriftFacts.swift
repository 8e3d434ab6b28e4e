/// What the ledger knows that the drift test folds, as of one instant.
public struct DriftFacts: Sendable, Equatable {
  /// The dates that were asked for and that are more than untouched pending ones.
  public let dates: [CivilDate: DriftDate]
  /// The dates after which a person had a stream start anew; of the whole window.
  public let restarts: [DriftStream: [CivilDate]]
  /// The crossings that are told already; of the whole window.
  public let told: Set<DriftCrossing>
  /// Changes with every decision about the window.
  public let revision: Int64

  public init(
    dates: [CivilDate: DriftDate] = [:], restarts: [DriftStream: [CivilDate]] = [:], told: Set<DriftCrossing> = [],
    revision: Int64 = 0
  ) {
    self.dates = dates
    self.restarts = restarts
    self.told = told
    self.revision = revision
  }
}

/// One date as the drift test sees it.
public struct DriftDate: Sendable, Equatable {
  public let state: DateState
  /// From the last verdict of each step that is done.
  public let facts: [DriftStream: DriftFact]

  public init(state: DateState, facts: [DriftStream: DriftFact] = [:]) {
    self.state = state
    self.facts = facts
  }
}

/// What one date says about one stream.
public struct DriftFact: Sendable, Equatable {
  /// Frozen when it was judged.
  public let rate: RateEvidence
  /// The date test called it an anomaly, and a person accepted that.
  public let isAcceptedAnomaly: Bool

  public init(rate: RateEvidence, isAcceptedAnomaly: Bool = false) {
    self.rate = rate
    self.isAcceptedAnomaly = isAcceptedAnomaly
  }
}

extension StepVerdict {
  /// The facts of the step's streams, as they were judged; `isAccepted`: a person accepted the step's anomaly.
  public func driftFacts(of step: String, isAccepted: Bool) -> [DriftStream: DriftFact] {
    var facts: [DriftStream: DriftFact] = [:]
    for finding in findings {
      guard let rate = finding.rate, let name = finding.subject else { continue }
      facts[DriftStream(step: step, name: name)] = DriftFact(
        rate: rate, isAcceptedAnomaly: isAccepted && finding.reason == .rateAnomaly)
    }
    return facts
  }
}

/// The evidence of a stream reached a limit on a date.
public struct DriftCrossing: Sendable, Hashable {
  public let stream: DriftStream
  public let date: CivilDate
  /// `warn` or `anomaly`.
  public let word: Verdict

  public init(stream: DriftStream, date: CivilDate, word: Verdict) {
    self.stream = stream
    self.date = date
    self.word = word
  }
}

/// A crossing with what a person reads about it.
public struct DriftAlarm: Sendable, Equatable {
  public let crossing: DriftCrossing
  /// The score that crossed, finite.
  public let evidence: Double
  /// Stream, evidence, since when, the pooled rate against the band.
  public let sentence: String

  public init(crossing: DriftCrossing, evidence: Double, sentence: String) {
    self.crossing = crossing
    self.evidence = evidence
    self.sentence = sentence
  }
}

/// Alarms to write down, and what becomes of the window. One transaction.
public struct DriftReport: Sendable, Equatable {
  public let window: String
  /// At least one.
  public let alarms: [DriftAlarm]
  /// An anomaly among them pauses the window.
  public let pauses: Bool
  /// That of the facts that the alarms come from.
  public let revision: Int64
  public let at: Instant

  public init(window: String, alarms: [DriftAlarm], pauses: Bool, revision: Int64, at: Instant) {
    self.window = window
    self.alarms = alarms
    self.pauses = pauses
    self.revision = revision
    self.at = at
  }

  /// Why the window is to pause; `nil` when it is not.
  public var pauseReason: String? {
    let anomalies = alarms.filter { $0.crossing.word == .anomaly }.map(\.sentence)
    return pauses && !anomalies.isEmpty ? anomalies.joined(separator: " Also: ") : nil
  }
}

/// What came of a report.
public enum DriftOutcome: Sendable, Equatable {
  /// Written down; the window is as it was.
  case told
  /// Written down, and the window is paused for this reason.
  case paused(String)
  /// Written down. The window was paused already: its reason stays, and what was asked for by hand is halted.
  case halted
  /// A person decided something since the facts were read: nothing was written, the facts must be read again.
  case overtaken
}
