/// The evidence of a drift in one rate, as `show WINDOW` prints it.
public struct DriftView: Sendable, Equatable, Codable {
  public let step: String
  /// The categories of the stream, joined by `+`.
  public let stream: String
  /// The score over both sides of the band; it warns at 10.
  public let evidence: Double
  /// The score over the sides that may be an anomaly.
  public let anomalyEvidence: Double
  /// The score at which `anomalyEvidence` is an anomaly.
  public let anomalyAt: Double
  /// pass, warn or anomaly.
  public let verdict: Verdict
  /// How many dates were folded since the stream started.
  public let dates: Int
  /// The first of the dates that the evidence rests on.
  public let since: CivilDate?
  /// Entities attempted since then, and how many of them failed.
  public let n: Int
  public let k: Int
  /// The mean edges of the band since then, 0...1.
  public let low: Double
  public let high: Double

  public init(
    step: String, stream: String, evidence: Double, anomalyEvidence: Double, anomalyAt: Double, verdict: Verdict,
    dates: Int, since: CivilDate?, n: Int, k: Int, low: Double, high: Double
  ) {
    self.step = step
    self.stream = stream
    self.evidence = evidence
    self.anomalyEvidence = anomalyEvidence
    self.anomalyAt = anomalyAt
    self.verdict = verdict
    self.dates = dates
    self.since = since
    self.n = n
    self.k = k
    self.low = low
    self.high = high
  }

  /// `12 to 1`: the larger of the scores, or the one that is an anomaly.
  public var odds: String { Wording.evidence(verdict == .anomaly ? anomalyEvidence : max(evidence, anomalyEvidence)) }
  /// `40 to 1`.
  public var limit: String { Wording.evidence(anomalyAt) }
}

extension DriftView {
  enum CodingKeys: String, CodingKey {
    case step, stream, evidence, verdict, dates, since, n, k
    case anomalyEvidence = "anomaly_evidence"
    case anomalyAt = "anomaly_at"
    case low = "lo"
    case high = "hi"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encode(stream, forKey: .stream)
    try container.encode(evidence, forKey: .evidence)
    try container.encode(anomalyEvidence, forKey: .anomalyEvidence)
    try container.encode(anomalyAt, forKey: .anomalyAt)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(dates, forKey: .dates)
    try container.encode(since, forKey: .since)
    try container.encode(n, forKey: .n)
    try container.encode(k, forKey: .k)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
  }
}

extension DriftFold {
  /// Evidence below this is not worth a line.
  static let worthShowing = 2.0

  /// The streams with evidence that is worth a look, in the order of the file.
  public var views: [DriftView] {
    streams.compactMap { stream in
      guard let state = state(of: stream), state.test.score(for: .warn) >= Self.worthShowing else { return nil }
      let run = state.test.run(for: state.word)
      return DriftView(
        step: stream.step, stream: stream.name, evidence: state.test.evidence,
        anomalyEvidence: state.test.anomalyEvidence, anomalyAt: state.test.anomalyAt, verdict: state.word,
        dates: state.dates.count, since: state.since(for: state.word), n: run.n, k: run.k, low: run.low,
        high: run.high)
    }
  }
}
