/// `backfillctl plan`.
public struct PlanRequest: Sendable, Equatable {
  public let window: String
  /// Only the dates of so many activations, at least 1; `nil`: every date.
  public let nights: Int?

  public init(window: String, nights: Int? = nil) {
    self.window = window
    self.nights = nights
  }
}

/// `backfillctl failures`.
public struct FailuresRequest: Sendable, Equatable {
  /// What the failures are counted by; within it, by step.
  public enum Grouping: String, Sendable, Codable, CaseIterable {
    case category, step, date, week
  }

  public let window: String
  public let by: Grouping

  public init(window: String, by: Grouping = .category) {
    self.window = window
    self.by = by
  }
}

/// `backfillctl validate`.
public struct ValidationRequest: Sendable, Equatable {
  public let window: String
  /// Only these; `nil`: every date.
  public let dates: [DateRange]?
  /// Write the new verdicts down, and what follows from them.
  public let isApplied: Bool
  /// Kept with each new verdict.
  public let reason: String?

  public init(window: String, dates: [DateRange]? = nil, isApplied: Bool = false, reason: String? = nil) {
    self.window = window
    self.dates = dates
    self.isApplied = isApplied
    self.reason = reason
  }
}
