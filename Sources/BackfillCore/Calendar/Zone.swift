public struct Zone: Sendable, Equatable {
  public let name: String
  public static let utc = Zone(name: "UTC")
  public func offset(at instant: Instant) -> Int { 0 }
  public func abbreviation(at instant: Instant) -> String { "UTC" }
  public func localTime(at instant: Instant) -> LocalTime { LocalTime(secondsAsUTC: instant.seconds) }
}
