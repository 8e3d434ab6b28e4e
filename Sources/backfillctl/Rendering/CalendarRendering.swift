import BackfillCore

/// What `calendar` prints: the next firings, in UTC and in the zone.
struct CalendarAnswer: Encodable, Sendable, Equatable {
  let expression: String
  /// The canonical text of the same expression.
  let normalized: String
  /// `cron` or `oncalendar`.
  let kind: String
  let timezone: String
  /// In UTC; fewer than asked for when the schedule ends.
  let next: [Instant]
}

enum CalendarRendering {
  static func lines(_ answer: CalendarAnswer, zone: Zone, asked: Int) -> [String] {
    var lines = ["\(Text.printable(answer.normalized))  (\(answer.kind), \(answer.timezone))"]
    for instant in answer.next {
      lines.append("  \(Times.second(instant, in: .utc))   \(Times.withWeekday(instant, in: zone))")
    }
    if answer.next.isEmpty {
      lines.append("  never")
    } else if answer.next.count < asked {
      lines.append("  then never again")
    }
    return lines
  }

  /// An expression with a mark under the place that is wrong.
  static func lines(_ error: CalendarSyntaxError, in expression: String) -> [String] {
    let mark = String(repeating: " ", count: max(0, error.position)) + "^"
    return [
      "position \(error.position): \(error.message)" + (error.hint.map { "; \($0)" } ?? ""),
      "  \(Text.printable(expression))",
      "  \(mark)",
    ]
  }
}
