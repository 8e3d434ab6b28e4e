// The keys of the attempts and decisions in `show WINDOW DATE --json`; stable as those of the view around them.

extension AttemptRecord {
  enum CodingKeys: String, CodingKey {
    case step, attempt, chunk, executions, started, ended, ending, usage, report, verdict
    case runID = "run_id"
    case durationMilliseconds = "duration_ms"
    case outputTail = "output_tail"
    case definitionHash = "definition"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encode(attempt, forKey: .attempt)
    try container.encode(runID, forKey: .runID)
    try container.encode(chunk, forKey: .chunk)
    try container.encode(executions, forKey: .executions)
    try container.encode(started, forKey: .started)
    try container.encode(ended, forKey: .ended)
    try container.encode(durationMilliseconds, forKey: .durationMilliseconds)
    try container.encode(ending, forKey: .ending)
    try container.encode(usage, forKey: .usage)
    try container.encode(report, forKey: .report)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(outputTail, forKey: .outputTail)
    try container.encode(definitionHash, forKey: .definitionHash)
  }
}

extension DecisionRecord {
  enum CodingKeys: String, CodingKey {
    case action, date, step, reason, by, at
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(action, forKey: .action)
    try container.encode(date, forKey: .date)
    try container.encode(step, forKey: .step)
    try container.encode(reason, forKey: .reason)
    try container.encode(by, forKey: .by)
    try container.encode(at, forKey: .at)
  }
}

extension ChangeRecord {
  enum CodingKeys: String, CodingKey {
    case action, step, reason, by, at, from, to, dates, firing
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(action, forKey: .action)
    try container.encode(step, forKey: .step)
    try container.encode(reason, forKey: .reason)
    try container.encode(by, forKey: .by)
    try container.encode(at, forKey: .at)
    try container.encode(from, forKey: .from)
    try container.encode(to, forKey: .to)
    try container.encode(dates, forKey: .dates)
    try container.encode(firing, forKey: .firing)
  }
}

/// Microseconds, as getrusage(2) counts them, instead of the pair of numbers that `Duration` is coded as.
extension ResourceUsage {
  enum CodingKeys: String, CodingKey {
    case userCPU = "user_cpu_us"
    case systemCPU = "system_cpu_us"
    case peakMemoryKiB = "peak_memory_kib"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      userCPU: .microseconds(try container.decode(Int64.self, forKey: .userCPU)),
      systemCPU: .microseconds(try container.decode(Int64.self, forKey: .systemCPU)),
      peakMemoryKiB: try container.decodeIfPresent(Int.self, forKey: .peakMemoryKiB))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.microseconds(userCPU), forKey: .userCPU)
    try container.encode(Self.microseconds(systemCPU), forKey: .systemCPU)
    try container.encode(peakMemoryKiB, forKey: .peakMemoryKiB)
  }

  private static func microseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
  }
}

/// The words of the reference cases: `lo`, `hi`, `p_hi`, `p_lo`, `alpha_warn`, ...
extension RateEvidence {
  enum CodingKeys: String, CodingKey {
    case n, k, rho, above, below, p, streams
    case low = "lo"
    case high = "hi"
    case pHigh = "p_hi"
    case pLow = "p_lo"
    case alphaWarn = "alpha_warn"
    case alphaAnomaly = "alpha_anomaly"
    case windowDates = "window_dates"
  }
}
