/// One line of `backfillctl doctor`: what was looked at, what was found, what to do.
public struct DoctorFinding: Sendable, Equatable, Codable {
  public enum Level: String, Sendable, Codable, CaseIterable {
    case ok
    /// It works, but not as a person would want it to, or not for long.
    case warning
    /// Something does not work.
    case error
    /// It could not be looked at.
    case unknown
  }

  /// What was looked at.
  public enum Check: String, Sendable, Codable, CaseIterable {
    case daemon, configuration, permissions, ledger, room, clock, zones, journal, lingering, wsl, window
  }

  public let check: Check
  public let level: Level
  public let found: String
  /// What to do; `nil` where there is nothing.
  public let advice: String?

  public init(_ check: Check, _ level: Level, _ found: String, advice: String? = nil) {
    self.check = check
    self.level = level
    self.found = found
    self.advice = advice
  }

  /// Whether a person has to do something.
  public var wantsAttention: Bool { level == .warning || level == .error }

  enum CodingKeys: String, CodingKey {
    case check, level, found, advice
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(check, forKey: .check)
    try container.encode(level, forKey: .level)
    try container.encode(found, forKey: .found)
    try container.encode(advice, forKey: .advice)
  }
}
