/// When a window fires, in one of two dialects: cron as cronie reads it, or OnCalendar as systemd reads it.
public enum CalendarExpression: Sendable, Equatable {
  case cron(CronExpression)
}
public struct CronExpression: Sendable, Equatable {
}
public struct CalendarSyntaxError: Error, Equatable, Sendable {
  /// Counted in characters from 0.
  public let position: Int
  public let message: String
  public let hint: String?
}
extension CalendarExpression {
  public static func parse(_ text: String) throws(CalendarSyntaxError) -> CalendarExpression { .cron(CronExpression()) }
  public func next(after instant: Instant, in zone: Zone) -> Instant? { nil }
}
