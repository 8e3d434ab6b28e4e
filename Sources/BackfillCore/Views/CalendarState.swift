/// Whether a window has dates to work on.
public enum CalendarState: String, Sendable, Codable, CaseIterable {
  case known
  /// There is none yet: the command of `dates.from_command` runs, or is about to.
  case running
  /// There is none yet: that command has not brought one.
  case missing
}
