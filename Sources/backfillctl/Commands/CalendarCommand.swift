import ArgumentParser
import BackfillCore

/// `calendar EXPRESSION [--timezone Z] [--after T] [--count N] [--json]`.
struct CalendarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calendar", abstract: "When a schedule fires next, in UTC and in its zone.")

  @Argument(help: "The expression, in quotes: \"0 1 * * *\".") var expression: String
  @Option(help: "The zone it is read in, as America/New_York; the machine's own without this option.")
  var timezone: String?
  @Option(help: "Fires after this time: 2026-01-15T06:00:00Z, or 2026-01-15 [06:00[:00]] in the zone; now without it.")
  var after: String?
  @Option(help: "How many firings, 1 to 10000.") var count = 5
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if !(1...10_000).contains(count) { throw ValidationError("--count is \(count), not 1 to 10000.") }
  }

  func run() throws {
    let zone = try zone()
    var instant = try after.map { try StartTime.instant($0, in: zone) } ?? Console.now()
    let schedule = try schedule()
    var next: [Instant] = []
    while next.count < count, let firing = schedule.next(after: instant, in: zone) {
      next.append(firing)
      instant = firing
    }
    let answer = CalendarAnswer(
      expression: expression, normalized: schedule.description, kind: schedule.kind, timezone: zone.name, next: next)
    if json { return try Console.print(json: answer) }
    try Console.print(CalendarRendering.lines(answer, zone: zone, asked: count))
  }

  private func zone() throws -> Zone {
    let zones = ZoneFiles()
    guard let timezone else { return zones.localZone }
    guard let zone = zones.zone(named: timezone) else {
      throw CommandFailure(.refused, "this machine knows no time zone `\(timezone)`")
    }
    return zone
  }

  private func schedule() throws -> CalendarExpression {
    do {
      return try CalendarExpression.parse(expression)
    } catch {
      throw CommandFailure(.refused, CalendarRendering.lines(error, in: expression).joined(separator: "\n"))
    }
  }
}

extension CalendarExpression {
  /// The dialect, as `--json` names it.
  fileprivate var kind: String {
    switch self {
    case .cron: "cron"
    }
  }
}

/// The time that `--after` names.
enum StartTime {
  /// Reads an instant in UTC, or a wall-clock time of `zone`: the first pass where it repeats, the end of the gap where it
  /// does not exist.
  static func instant(_ text: String, in zone: Zone) throws -> Instant {
    if let instant = Instant(iso: text) { return instant }
    let words = text.split(separator: " ")
    guard (1...2).contains(words.count), let date = CivilDate(iso: words[0]),
      let second = words.count == 1 ? 0 : secondOfDay(words[1])
    else {
      throw ValidationError("`\(text)` is neither 2026-01-15T06:00:00Z nor 2026-01-15 nor 2026-01-15 06:00.")
    }
    return zone.instant(ofFirst: LocalTime(date: date, secondOfDay: second))
  }

  /// `HH:MM` or `HH:MM:SS`.
  private static func secondOfDay(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count) else { return nil }
    var values: [Int] = []
    for part in parts {
      guard part.count == 2, part.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(part) else { return nil }
      values.append(value)
    }
    guard values[0] < 24, values[1] < 60, values.count == 2 || values[2] < 60 else { return nil }
    return values[0] * 3600 + values[1] * 60 + (values.count == 3 ? values[2] : 0)
  }
}
