/// Time zone data that cannot be read: cut short, out of bounds, or of a kind that POSIX time does not know.
public struct ZoneFormatError: Error, Equatable, Sendable {
  /// What is wrong with the data, without the zone's name.
  public let message: String

  public init(_ message: String) {
    self.message = message
  }
}
