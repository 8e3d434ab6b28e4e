extension Judge {
  /// What `judge` prints for one line.
  public static func answer(_ line: JudgeCase) -> JudgeAnswer {
    switch line {
    case .date(let identity, let test):
      return .date(identity, pHigh: test.pHigh, pLow: test.pLow, p: test.p, verdict: test.verdict)
    case .sequence(let identity, let sequence):
      return .sequence(identity, scores(of: sequence))
    case .facts(let identity, let facts):
      let verdict = verdict(
        on: facts.report, expecting: facts.expectation, in: facts.context, limits: facts.limits)
      return .facts(identity, verdict: verdict.word, reasons: verdict.reasons)
    case .invalid(let identity, let why):
      return .error(identity, why)
    }
  }

  /// Folds the dates; one that no band covers leaves the scores as they are.
  private static func scores(of sequence: SequenceCase) -> SequenceAnswer {
    var test = sequence.start
    var evidence: [Double] = []
    var anomalyEvidence: [Double] = []
    var firstWarn: Int?
    var firstAnomaly: Int?
    for (index, date) in sequence.dates.enumerated() {
      if let edges = date.edges { test.fold(n: date.n, k: date.k, low: edges.low, high: edges.high) }
      evidence.append(test.evidence)
      anomalyEvidence.append(test.anomalyEvidence)
      if firstWarn == nil, test.warns { firstWarn = index }
      if firstAnomaly == nil, test.verdict == .anomaly { firstAnomaly = index }
    }
    return SequenceAnswer(
      evidence: evidence, anomalyEvidence: anomalyEvidence, firstWarnIndex: firstWarn,
      firstAnomalyIndex: firstAnomaly)
  }
}

extension StepVerdict {
  /// Why the step did not simply pass: each reason once, in the order of the checks.
  public var reasons: [Finding.Reason] {
    findings.filter { $0.word > .pass }.reduce(into: []) { reasons, finding in
      if !reasons.contains(finding.reason) { reasons.append(finding.reason) }
    }
  }
}
