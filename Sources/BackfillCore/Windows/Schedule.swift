/// When a window works, and how much of it at a time.
public struct Schedule: Sendable, Equatable {
  public let when: CalendarExpression
  public let missed: MissedFiring
  /// At most so many dates per activation, at least 1; `nil`: no limit.
  public let chunk: Int?
  /// Second of the local day, 0...86,399; no date starts that is not expected to end by then. `nil`: no limit.
  public let stopBy: Int?
  /// The sizes of the first chunks (`[1, 4]`: one date, then four, then `chunk`); each at least 1.
  public let ramp: [Int]

  public init(
    when: CalendarExpression, missed: MissedFiring = .once, chunk: Int? = nil, stopBy: Int? = nil, ramp: [Int] = []
  ) {
    self.when = when
    self.missed = missed
    self.chunk = chunk
    self.stopBy = stopBy
    self.ramp = ramp
  }
}

/// What becomes of a firing that was slept through.
public enum MissedFiring: String, Sendable, Codable {
  /// Runs once at start.
  case once
  case skip
}
