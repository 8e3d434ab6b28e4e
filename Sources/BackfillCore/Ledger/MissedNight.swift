/// A firing that opened no chunk although its window was active: it was slept through, and its time was over.
public struct MissedNight: Sendable, Equatable, Codable {
  /// The instant that the schedule named.
  public let firing: Instant
  public let reason: String

  public init(firing: Instant, reason: String) {
    self.firing = firing
    self.reason = reason
  }
}
