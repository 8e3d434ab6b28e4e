import ArgumentParser
import BackfillCore

/// `calendar EXPRESSION [--timezone Z] [--after T] [--count N] [--json]`.
struct CalendarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calendar", abstract: "When a schedule fires next, in UTC and in its zone.")

  // An expression may begin with a minus sign and still be refused as an expression, with the place that is wrong.
  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("The expression, in quotes: \"0 1 * * *\" or \"Mon..Fri 01:00\".", valueName: "expression"))
  var words: [String]
  @Option(help: "The zone it is read in, as America/New_York; the machine's own without it.")
  var timezone: String?
  @Option(
    help: "Fires after this time: 2026-01-15T06:00:00Z, or 2026-01-15 [06:00[:00]] in the zone; now without it.",
    transform: StartTime.init)
  var after: StartTime?
  @Option(help: "How many firings, 1 to 10000.") var count = 5
  @Flag(help: "Print JSON.") var json = false

  /// The words without the `--` that ends the options.
  private var arguments: [String] {
    guard let end = words.firstIndex(of: "--") else { return words }
    return Array(words[..<end] + words[(end + 1)...])
  }

  private var expression: String { arguments.joined(separator: " ") }

  func validate() throws {
    let options = words.prefix { $0 != "--" }
    if let option = options.first(where: { $0.hasPrefix("--") }) {
      throw ValidationError("Unknown option '\(option)'.")
    }
    if arguments.count != 1 { throw ValidationError("Put the expression in quotes: it is one argument.") }
    if !(1...10_000).contains(count) { throw ValidationError("--count is \(count), not 1 to 10000.") }
  }

  func run() throws {
    let zones = ZoneFiles()
    let given = try timezone.map { try load($0, from: zones) } ?? local(zones)
    let schedule = try parsed(in: given)
    // A zone in the expression itself wins over the one it is read in.
    let zone = try schedule.zoneName.map { try named($0, in: zones) } ?? given
    var instant = CalendarInstant(after?.instant(in: zone) ?? Console.now())
    var next: [CalendarInstant] = []
    while next.count < count, let firing = schedule.next(after: instant, in: zone) {
      next.append(firing)
      instant = firing
    }
    let answer = CalendarAnswer(
      expression: expression, normalized: schedule.description, kind: schedule.kind, timezone: zone.name, next: next)
    if json { return try Console.print(json: answer) }
    try Console.print(CalendarRendering.lines(answer, of: schedule, zone: zone, asked: count))
  }

  private func load(_ name: String, from zones: ZoneFiles, said: String = "") throws(CommandFailure) -> Zone {
    guard let zone = zones.zone(named: name) else {
      let hint = Suggestion.zone(for: name, among: zones.zoneNames)
      throw CommandFailure(.refused, "this machine knows no time zone `\(Text.printable(name))`\(said); \(hint)")
    }
    return zone
  }

  /// The machine's own zone. A zone in `TZ` that is not there is refused as one of `--timezone` is.
  private func local(_ zones: ZoneFiles) throws(CommandFailure) -> Zone {
    guard let name = ZoneFiles.nameInEnvironment else { return zones.localZone }
    return try load(name, from: zones, said: ", which `TZ` of the environment names")
  }

  private func parsed(in zone: Zone) throws(CommandFailure) -> CalendarExpression {
    do {
      return try CalendarExpression.parse(expression, abbreviations: zone.abbreviations)
    } catch {
      throw refused(error)
    }
  }

  /// The zone that the expression ends with.
  private func named(_ name: String, in zones: ZoneFiles) throws(CommandFailure) -> Zone {
    if let zone = zones.zone(named: name) { return zone }
    let hint = Suggestion.hint(for: name, among: zones.zoneNames)
    throw refused(
      CalendarSyntaxError(
        position: expression.count - name.count, message: "`\(name)` is not a time zone",
        hint: hint ?? "a name of tzdata, `America/New_York`, or `UTC`"))
  }

  private func refused(_ error: CalendarSyntaxError) -> CommandFailure {
    CommandFailure(.refused, CalendarRendering.lines(error, in: expression).joined(separator: "\n"))
  }
}

extension CalendarExpression {
  /// The dialect, as `--json` names it.
  fileprivate var kind: String {
    switch self {
    case .cron: "cron"
    case .onCalendar: "oncalendar"
    }
  }
}

/// The time that `--after` names.
enum StartTime: Sendable, Equatable {
  case utc(Instant)
  /// On the clocks of a zone.
  case local(LocalTime)

  init(_ text: String) throws {
    if let instant = Instant(iso: text) {
      self = .utc(instant)
      return
    }
    if let missing = DateArguments.missingDay(text.prefix(10)) { throw missing }
    let words = text.split(separator: " ")
    guard (1...2).contains(words.count), let date = CivilDate(iso: words[0]),
      let second = words.count == 1 ? 0 : Self.secondOfDay(words[1])
    else {
      throw ValidationError("`\(text)` is neither 2026-01-15T06:00:00Z nor 2026-01-15 nor 2026-01-15 06:00.")
    }
    self = .local(LocalTime(date: date, secondOfDay: second))
  }

  /// The instant: of a wall-clock time of `zone` the first pass where it repeats, the end of the gap where it does not exist.
  func instant(in zone: Zone) -> Instant {
    switch self {
    case .utc(let instant): instant
    case .local(let time): zone.instant(ofFirst: time)
    }
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
