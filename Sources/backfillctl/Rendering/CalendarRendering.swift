import BackfillCore

/// What `calendar` prints: the next firings, in UTC and in the zone.
struct CalendarAnswer: Encodable, Sendable, Equatable {
  let expression: String
  /// The canonical text of the same expression.
  let normalized: String
  /// `cron` or `oncalendar`.
  let kind: String
  let timezone: String
  /// In UTC, to the microsecond; fewer than asked for when the schedule ends.
  let next: [CalendarInstant]
}

enum CalendarRendering {
  static func lines(
    _ answer: CalendarAnswer, of schedule: CalendarExpression, zone: Zone, asked: Int
  ) -> [String] {
    var lines = ["\(Text.printable(answer.normalized))  (\(answer.kind), \(answer.timezone))"]
    for instant in answer.next {
      let local = zone.localTime(at: instant.second)
      lines.append("  \(time(instant, in: .utc))   \(local.date.weekday.shortName) \(time(instant, in: zone))")
    }
    guard answer.next.count < asked else { return lines }
    let end = answer.next.isEmpty ? "never" : "then never again"
    // As systemd has it, and not what one expects.
    let why = schedule.abbreviation.map {
      ": `\($0.name)` ends it where \(zone.name) shows another time; leave it out for \(zone.name) all year"
    }
    return lines + ["  \(end)\(why ?? "")"]
  }

  /// `2013-02-09 01:00:07.5 EST`, the decimals where there are any.
  private static func time(_ instant: CalendarInstant, in zone: Zone) -> String {
    let second = instant.second
    let microseconds = instant.microseconds - CalendarInstant(second).microseconds
    guard microseconds > 0 else { return Times.second(second, in: zone) }
    var decimals = String(String(1_000_000 + microseconds).dropFirst())
    while decimals.last == "0" { decimals.removeLast() }
    return "\(Times.bare(second, in: zone)).\(decimals) \(zone.abbreviation(at: second))"
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

extension CalendarInstant {
  /// The whole second that it lies in.
  fileprivate var second: Instant { Instant(seconds: seconds) }
}
