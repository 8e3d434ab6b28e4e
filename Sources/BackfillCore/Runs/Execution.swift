/// Everything a process needs to be started for one attempt.
public struct ExecutionOrder: Sendable, Equatable {
  public let attempt: AttemptIdentity
  /// Program and arguments, placeholders filled in.
  public let command: [String]
  /// What was configured for the process, and its `BACKFILL_*`; the executor adds `BACKFILL_REPORT`.
  public let environment: [String: String]
  /// What the process starts from: `PATH`, `HOME` and the like; everything else wins over it.
  public let inherited: [String: String]
  /// Read just before the start; its lines win over `inherited`, `environment` wins over them.
  public let environmentFile: String?
  public let directory: String?
  public let user: String?
  /// `nil`: no limit.
  public let timeout: Duration?
  /// The time between SIGTERM and SIGKILL.
  public let killGrace: Duration
  public let report: ReportSource
  /// So many bytes of the standard output are kept whole, and do not go to the journal line by line; 0: none.
  public let keptOutput: Int

  public init(
    attempt: AttemptIdentity, command: [String], environment: [String: String],
    inherited: [String: String] = [:], environmentFile: String? = nil, directory: String? = nil, user: String? = nil,
    timeout: Duration? = nil, killGrace: Duration = .seconds(10),
    report: ReportSource = .file, keptOutput: Int = 0
  ) {
    self.keptOutput = keptOutput
    self.attempt = attempt
    self.command = command
    self.environment = environment
    self.inherited = inherited
    self.environmentFile = environmentFile
    self.directory = directory
    self.user = user
    self.timeout = timeout
    self.killGrace = killGrace
    self.report = report
  }
}

/// Which attempt a process, a line of output or an event belongs to.
public struct AttemptIdentity: Sendable, Hashable, Codable {
  public let window: String
  public let date: CivilDate
  public let step: String
  /// 1, 2, ...: attempts of this step for this date, over all rounds.
  public let attempt: Int
  /// The same for the same attempt, also when it is executed again after an interruption.
  public let runID: String
  /// The activation the attempt belongs to.
  public let chunk: Int64

  public init(window: String, date: CivilDate, step: String, attempt: Int, runID: String, chunk: Int64) {
    self.window = window
    self.date = date
    self.step = step
    self.attempt = attempt
    self.runID = runID
    self.chunk = chunk
  }

  /// The preflight of an activation, which is to work on dates from `from` on.
  public static func preflight(of activation: Activation, from: CivilDate) -> AttemptIdentity {
    AttemptIdentity(
      window: activation.window, date: from, step: CheckKind.preflight.rawValue, attempt: 0, runID: activation.runID,
      chunk: activation.id)
  }

  /// No attempt of a step, but the preflight of a chunk.
  public var isPreflight: Bool { attempt == 0 }
}

/// How one execution went: what was measured, and the report as far as it could be read.
public struct Execution: Sendable, Equatable {
  public let ending: Ending
  public let started: Instant
  /// Wall-clock time from the start of the process to its end, monotonic.
  public let duration: Duration
  public let usage: ResourceUsage
  /// The last 64 KiB of the output, both streams as they came; of the error stream alone, where the order wanted the standard
  /// output kept.
  public let outputTail: [UInt8]
  public let report: ReportReading
  /// The last line of the output with anything in it, on one line and cut where it is long; `nil` without output.
  public var lastWords: String? {
    let lines = String(decoding: outputTail, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let last = lines.last(where: { $0.contains { !$0.isWhitespace } }) else { return nil }
    let words = last.drop(while: \.isWhitespace).onOneLine
    return words.count > Self.quoteLimit ? "\(words.prefix(Self.quoteLimit))..." : words
  }

  /// So much of the output is quoted in a sentence, in characters.
  private static let quoteLimit = 200

  /// The standard output as far as the order wanted it kept; one byte more where there was more.
  public let standardOutput: [UInt8]

  public init(
    ending: Ending, started: Instant, duration: Duration, usage: ResourceUsage = ResourceUsage(),
    outputTail: [UInt8] = [], report: ReportReading, standardOutput: [UInt8] = []
  ) {
    self.standardOutput = standardOutput
    self.ending = ending
    self.started = started
    self.duration = duration
    self.usage = usage
    self.outputTail = outputTail
    self.report = report
  }
}

/// How the process of an attempt ended.
public enum Ending: Sendable, Equatable, Codable {
  case exited(Int32)
  /// The number of the signal that nobody of ours sent.
  case signaled(Int32)
  /// Stopped because its time limit had passed.
  case timedOut(Duration)
  /// Stopped because the daemon stops or a person asked.
  case stopped
  /// Never started; the sentence says why.
  case notStarted(String)
  /// Never started because a check before it failed; the sentence names the check and what happened.
  case inputMissing(String)
}

/// CPU time and peak memory of an attempt, its waited-for descendants included.
public struct ResourceUsage: Sendable, Equatable, Codable {
  public let userCPU: Duration
  public let systemCPU: Duration
  /// Peak resident set of the largest process, in KiB; `nil` when it is not above the daemon's own peak, below which the
  /// kernel's figure says nothing about the step. Source: getrusage(2), execve(2).
  public let peakMemoryKiB: Int?

  public init(userCPU: Duration = .zero, systemCPU: Duration = .zero, peakMemoryKiB: Int? = nil) {
    self.userCPU = userCPU
    self.systemCPU = systemCPU
    self.peakMemoryKiB = peakMemoryKiB
  }
}

/// What came of reading an attempt's report.
public enum ReportReading: Sendable, Equatable {
  /// The step promises none.
  case notPromised
  /// It promises one, and there is none; the sentence says where it was looked for.
  case missing(String)
  /// There is something, but not a report; the sentence says what is wrong with it.
  case unreadable(String)
  case report(Report)
}
