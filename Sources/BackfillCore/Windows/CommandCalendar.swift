/// The dates that the command of `dates.from_command` printed, as the ledger keeps them.
public struct CommandCalendar: Sendable, Equatable {
  /// The program that printed them, and its arguments.
  public let command: [String]
  public let dates: [CivilDate: ListedDate]

  public init(command: [String], dates: [CivilDate: ListedDate]) {
    self.command = command
    self.dates = dates
  }
}

/// What a command printed, read as a calendar.
public enum CalendarReading: Sendable, Equatable {
  case dates([CivilDate: ListedDate])
  /// Some of it is no calendar; each `output:LINE:COLUMN: what`.
  case unreadable([String])
}

extension CommandCalendar {
  /// Why what the command of `window` has brought is not taken over; `nil` when it is.
  ///
  /// `reading` is what it printed, of which at most `limit` bytes are allowed; `before` is the last good calendar.
  public static func problem(
    with execution: Execution, _ reading: CalendarReading, limit: Int, of window: Window, before: CommandCalendar?
  ) -> String? {
    let said = execution.lastWords.map { " (\($0))" } ?? ""
    guard case .exited(0) = execution.ending else {
      return "failed: \(execution.ending.sentence)\(said)"
    }
    guard execution.standardOutput.count <= limit else { return "printed more than \(limit >> 20) MiB" }
    switch reading {
    case .unreadable(let findings):
      let more = findings.count > 1 ? " (and \(findings.count - 1) more)" : ""
      return "printed what is no calendar: \(findings.first ?? "output")\(more)"
    case .dates(let dates) where dates.isEmpty: return "printed no dates\(said)"
    case .dates(let dates): return missingCount(in: dates, for: window) ?? lost(from: before, in: dates, of: window)
    }
  }

  /// The sentence with which the window pauses.
  public static func sentence(_ problem: String, of window: Window, before: CommandCalendar?) -> String {
    let command = window.dates.command?.quotedCommand ?? "?"
    let rest = before == nil ? "there is no calendar yet" : "the last good calendar stays in force"
    return "the calendar's command `\(command)` \(problem); \(rest)"
  }

  /// `expect.completeness` is a part of the COUNT, so every date must have one that the window is to compute, now or when it
  /// has followed the calendar to the last date.
  private static func missingCount(in dates: [CivilDate: ListedDate], for window: Window) -> String? {
    guard let step = window.steps.first(where: { $0.expect.completeness != nil }), let last = dates.keys.max() else {
      return nil
    }
    let selection = window.dates.asOf(
      last.adding(days: window.dates.daysBeforeToday ?? 0), printed: CommandCalendar(command: [], dates: dates))
    guard let date = WindowCalendar(selection).workDates.first(where: { $0.count == nil })?.date else { return nil }
    return "printed no COUNT for \(date), which `expect.completeness` of step `\(step.name)` needs"
  }

  /// Only the same command can lose a date, and only one that the window covers still.
  private static func lost(
    from before: CommandCalendar?, in dates: [CivilDate: ListedDate], of window: Window
  ) -> String? {
    guard let before, before.command == window.dates.command else { return nil }
    let selection = window.dates
    let lost = before.dates.keys.filter { date in
      dates[date] == nil && date >= selection.from && date <= selection.to && !selection.except.contains(date)
        && selection.weekdays.contains(date.weekday)
    }.sorted()
    guard !lost.isEmpty else { return nil }
    let named = lost.prefix(3).map(\.description).joined(separator: ", ")
    let more = lost.count > 3 ? " and \(lost.count - 3) more" : ""
    return "left out \(named)\(more), which it printed before (`dates.except` is for dates that are gone for good)"
  }
}
