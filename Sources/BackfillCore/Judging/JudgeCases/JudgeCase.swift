/// One line that `judge` reads. Source: DESIGN, "The operator's commands".
///
/// A line with `dates` is a sequence, one with `records`, `failures` or `duration_s` is a report with its expectation, any
/// other is a single date. Unknown keys are ignored, so that a file of cases with their answers can be fed as it is.
/// `lo` defaults to 0 and `hi` to 1 where the other is given: a band may be one-sided.
public enum JudgeCase: Sendable, Equatable {
  case date(JudgeIdentity, DateTest)
  case sequence(JudgeIdentity, SequenceCase)
  case facts(JudgeIdentity, FactsCase)
  /// Makes no sense; the sentence says why.
  case invalid(JudgeIdentity, String)
}

/// What a line calls itself, handed back as it came.
public enum JudgeIdentity: Sendable, Equatable {
  case text(String)
  case number(Int)
  case none
}

/// The dates of one stream, for the drift test.
public struct SequenceCase: Sendable, Equatable {
  /// The stream before its first date.
  public let start: DriftTest
  public let dates: [Date]

  /// One date; `low` and `high` are `nil` where no band covers it.
  public struct Date: Sendable, Equatable {
    public let n: Int
    public let k: Int
    public let edges: Edges?
  }

  /// The band of one date, 0...1.
  public struct Edges: Sendable, Equatable {
    public let low: Double
    public let high: Double
  }
}

/// A report with what was expected of it.
public struct FactsCase: Sendable, Equatable {
  public let report: Report
  public let expectation: Expectation
  public let context: JudgingContext
  public let limits: AlarmLimits
}
