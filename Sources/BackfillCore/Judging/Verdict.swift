/// How a step, a date or a window did; ordered from good to bad.
public enum Verdict: String, Sendable, Codable, Comparable, CaseIterable {
  case pass, inconclusive, warn, anomaly

  public static func < (left: Verdict, right: Verdict) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .pass: 0
    case .inconclusive: 1
    case .warn: 2
    case .anomaly: 3
    }
  }
}

/// What the judge says about one attempt of one step: the worst finding, every finding, and the sentence a person reads.
public struct StepVerdict: Sendable, Equatable, Codable {
  /// The worst of the findings; pass when there is none that is worse.
  public let word: Verdict
  /// In the order of the checks.
  public let findings: [Finding]
  /// The sentence of the worst finding first, then the other findings of note.
  public let sentence: String

  public init(word: Verdict, findings: [Finding], sentence: String) {
    self.word = word
    self.findings = findings
    self.sentence = sentence
  }
}

/// What one check says.
public struct Finding: Sendable, Equatable, Codable {
  public let reason: Reason
  public let word: Verdict
  /// With the numbers, the expectation and the odds; one line, whatever the names in the report hold.
  public let sentence: String
  /// The stream, category or metric it is about; `nil` when it is about the step.
  public let subject: String?
  /// Frozen at judging time; `nil` for facts.
  public let rate: RateEvidence?

  public init(reason: Reason, word: Verdict, sentence: String, subject: String? = nil, rate: RateEvidence? = nil) {
    self.reason = reason
    self.word = word
    self.sentence = sentence.onOneLine
    self.subject = subject
    self.rate = rate
  }

  /// Which check it was. The raw values are the words that `judge` prints.
  public enum Reason: String, Sendable, Codable, CaseIterable {
    case badFacts = "bad_facts"
    case noAttempts = "no_attempts"
    case noRecords = "no_records"
    case recordsOutside = "records"
    case completeness
    case metric
    case zeroTolerance = "zero_tolerance"
    case unknownCategory = "unknown_category"
    case slow
    case noBand = "no_band"
    case rateAnomaly = "rate_anomaly"
    case rateWarn = "rate_warn"
    case rateInconclusive = "rate_inconclusive"
    case ratePass = "rate_pass"
  }
}

/// The numbers a rate was judged by, with the limits in force at that time.
public struct RateEvidence: Sendable, Equatable, Codable {
  /// Entities attempted, and how many of them failed.
  public let n: Int
  public let k: Int
  /// The band, 0...1.
  public let low: Double
  public let high: Double
  public let rho: Double
  /// What a rate above the band, and one below it, is at worst.
  public let above: Severity
  public let below: Severity
  /// Tail probabilities at the upper and the lower edge, and the two-sided one.
  public let pHigh: Double
  public let pLow: Double
  public let p: Double
  public let alphaWarn: Double
  public let alphaAnomaly: Double
  /// N and S that `alphaAnomaly` came from.
  public let windowDates: Int
  public let streams: Int

  public init(
    n: Int, k: Int, low: Double, high: Double, rho: Double, above: Severity = .anomaly, below: Severity = .warn,
    pHigh: Double, pLow: Double, p: Double, alphaWarn: Double, alphaAnomaly: Double, windowDates: Int, streams: Int
  ) {
    self.n = n
    self.k = k
    self.low = low
    self.high = high
    self.rho = rho
    self.above = above
    self.below = below
    self.pHigh = pHigh
    self.pLow = pLow
    self.p = p
    self.alphaWarn = alphaWarn
    self.alphaAnomaly = alphaAnomaly
    self.windowDates = windowDates
    self.streams = streams
  }
}

/// What the judge must know besides the report and the expectation.
public struct JudgingContext: Sendable, Equatable {
  public let date: CivilDate
  public let step: String
  /// How many entities the date should have, from the calendar; `nil` where nobody said.
  public let calendarCount: Int?
  /// N: the dates the window plans to judge, at least 1.
  public let windowDates: Int
  /// S: the rate streams of all steps of the window, at least 1.
  public let streams: Int
  /// How many of the four dates before were slow.
  public let slowInPrevious4: Int
  /// How long the attempt took.
  public let duration: Duration

  public init(
    date: CivilDate, step: String, calendarCount: Int? = nil, windowDates: Int = 180, streams: Int = 1,
    slowInPrevious4: Int = 0, duration: Duration = .zero
  ) {
    self.date = date
    self.step = step
    self.calendarCount = calendarCount
    self.windowDates = windowDates
    self.streams = streams
    self.slowInPrevious4 = slowInPrevious4
    self.duration = duration
  }
}
