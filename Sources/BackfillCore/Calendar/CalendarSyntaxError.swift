/// A schedule that cannot be read, or that names no time at all.
public struct CalendarSyntaxError: Error, Equatable, Sendable {
  /// Where it is wrong, counted in characters from 0.
  public let position: Int
  /// What is wrong, in one line.
  public let message: String
  /// What to write instead, where that can be said.
  public let hint: String?

  public init(position: Int, message: String, hint: String? = nil) {
    self.position = position
    self.message = message
    self.hint = hint
  }
}
