/// One line that `judge` prints. Every key is always there; `null` stands for never.
public enum JudgeAnswer: Sendable, Equatable {
  case date(JudgeIdentity, pHigh: Double, pLow: Double, p: Double, verdict: Verdict)
  case sequence(JudgeIdentity, SequenceAnswer)
  case facts(JudgeIdentity, verdict: Verdict, reasons: [Finding.Reason])
  case error(JudgeIdentity, String)

  /// The answer to a line that is not JSON at all.
  public static let notJSON = JudgeAnswer.error(.none, "the line is not JSON")
}

/// The scores after each date, and where they first reached their limits.
public struct SequenceAnswer: Sendable, Equatable {
  public let evidence: [Double]
  public let anomalyEvidence: [Double]
  /// The first date, counted from 0, at which either score warns; `nil`: never.
  public let firstWarnIndex: Int?
  /// The first date, counted from 0, that is an anomaly; `nil`: never.
  public let firstAnomalyIndex: Int?
}

extension JudgeAnswer: Encodable {
  private enum CodingKeys: String, CodingKey {
    case id, p, verdict, evidence, reasons, error
    case pHigh = "p_hi"
    case pLow = "p_lo"
    case anomalyEvidence = "anomaly_evidence"
    case firstWarnIndex = "first_warn_index"
    case firstAnomalyIndex = "first_anomaly_index"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .date(let identity, let pHigh, let pLow, let p, let verdict):
      try container.encode(identity, forKey: .id)
      try container.encode(pHigh, forKey: .pHigh)
      try container.encode(pLow, forKey: .pLow)
      try container.encode(p, forKey: .p)
      try container.encode(verdict, forKey: .verdict)
    case .sequence(let identity, let answer):
      try container.encode(identity, forKey: .id)
      try container.encode(answer.evidence, forKey: .evidence)
      try container.encode(answer.anomalyEvidence, forKey: .anomalyEvidence)
      try container.encode(answer.firstWarnIndex, forKey: .firstWarnIndex)
      try container.encode(answer.firstAnomalyIndex, forKey: .firstAnomalyIndex)
    case .facts(let identity, let verdict, let reasons):
      try container.encode(identity, forKey: .id)
      try container.encode(verdict, forKey: .verdict)
      try container.encode(reasons, forKey: .reasons)
    case .error(let identity, let sentence):
      try container.encode(identity, forKey: .id)
      try container.encode(sentence, forKey: .error)
    }
  }
}
