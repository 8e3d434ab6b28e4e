import BackfillCore
import Testing

/// Compares with systemd's own answers.
@Suite(
  "OnCalendar against systemd-analyze",
  .enabled(if: SystemdCalendar.is252, "systemd-analyze of systemd 252 is not installed"))
struct OnCalendarReferenceTests {
  @Test(arguments: [
    ("UTC", "2026-01-15 10:07:00"), ("Asia/Kathmandu", "2024-02-27 23:58:30"),
    ("America/Phoenix", "2025-12-31 23:59:59"),
    ("Asia/Tokyo", "2026-06-30 12:00:00"),
  ])
  func `generated expressions are read and named as systemd does`(_ name: String, _ base: String) throws {
    var random = FixedRandom(seed: name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    let texts = (0..<700).map { index in
      index < 20
        ? OnCalendarGenerator.shorthand(&random) : OnCalendarGenerator.expression(&random, mayBeOpen: true)
    }
    try compare(texts, zone: name, base: base)
  }

  /// Nights whose gaps are of one whole hour. Around others (Antarctica/Troll, Pacific/Chatham) systemd steps over readings
  /// after the gap too, or gives up with "Resource deadlock avoided"; in Europe/Dublin it takes the second pass at times.
  @Test(arguments: [
    ("America/New_York", "2026-03-08 05:00:00"), ("America/New_York", "2026-11-01 03:00:00"),
    ("Europe/Berlin", "2025-03-29 12:00:00"), ("Europe/London", "2026-10-24 20:00:00"),
    ("Australia/Lord_Howe", "2026-04-04 10:00:00"), ("Europe/London", "2026-03-28 20:00:00"),
    ("Africa/Cairo", "2024-04-25 20:00:00"), ("America/Santiago", "2024-04-06 22:00:00"),
  ])
  func `expressions are named as systemd does in nights when the clock changes`(_ name: String, _ base: String) throws {
    var random = FixedRandom(seed: name.utf8.reduce(UInt64(base.utf8.count)) { $0 &* 31 &+ UInt64($1) })
    let texts = (0..<300).map { _ in OnCalendarGenerator.expression(&random, mayBeOpen: false) }
    try compare(texts, zone: name, base: base)
  }

  @Test(arguments: [
    ("America/New_York", "2026-01-15 10:07:00"), ("America/New_York", "2026-10-31 12:00:00"),
    ("Europe/Dublin", "2026-10-20 10:00:00"), ("Australia/Sydney", "2026-03-20 10:00:00"),
    ("Asia/Tokyo", "2026-01-15 10:07:00"), ("Africa/Casablanca", "2026-02-10 10:00:00"),
  ])
  func `expressions with a short name of the zone end as they do in systemd`(_ name: String, _ base: String) throws {
    var random = FixedRandom(seed: name.utf8.reduce(9) { $0 &* 31 &+ UInt64($1) })
    let words = [
      ["", "", "", "Mon ", "Sat,Sun ", "Mon..Fri "],
      ["", "*-*-* ", "*-*-1,15 ", "*-1-1 ", "*-12-25 ", "*-1,7-1 ", "*-*~7/1 ", "2026..2028/2-*-10 ", "*-02-29 "],
      ["0:0", "2:30", "1:30", "*:0/30", "1..3:00", "0/6:00", "23:59:59", "*:*:0/30", "3:00"],
      [" STANDARD", " DAYLIGHT"],
    ]
    let names = try SystemZones.zone(name).abbreviations.map(\.name)
    let texts = (0..<150).map { _ in
      words.map { $0[Int.random(in: 0..<$0.count, using: &random)] }.joined()
        .replacing("STANDARD", with: names[0].lowercased()).replacing("DAYLIGHT", with: names[names.count - 1])
    }
    // systemd forgets the names of the past (JDT) with the first answer.
    try compare(name == "Asia/Tokyo" ? texts.filter { !$0.hasSuffix("JDT") } : texts, zone: name, base: base)
  }

  private func compare(_ texts: [String], zone name: String, base: String) throws {
    let answers = try SystemdCalendar.answers(to: texts, zone: name, base: base)
    let start = try #require(Instant(iso: base.replacing(" ", with: "T") + "Z"))
    var accepted = 0
    for (text, answer) in zip(texts, answers) {
      let ours = try answerOfOurs(text, zone: name, after: start)
      if ours != answer {
        Issue.record(
          "`\(text)`: \(ours.map(String.init(describing:)) ?? "refused"), systemd: \(answer.map(String.init(describing:)) ?? "refused")"
        )
      }
      accepted += answer == nil ? 0 : 1
    }
    #expect(accepted > texts.count / 2)
  }

  private func answerOfOurs(_ text: String, zone: String, after start: Instant) throws -> SystemdCalendar.Answer? {
    let expression: OnCalendarExpression
    do {
      expression = try OnCalendarExpression.parse(
        text, isZoneName: SystemZones.exists, abbreviations: SystemZones.zone(zone).abbreviations)
    } catch is CalendarSyntaxError {
      return nil
    }
    let zone = try SystemZones.zone(expression.zoneName ?? zone)
    var found: [String] = []
    var instant = CalendarInstant(start)
    while found.count < SystemdCalendar.iterations, let next = expression.next(after: instant, in: zone) {
      found.append(Instant(seconds: next.seconds).description)
      instant = next
    }
    return SystemdCalendar.Answer(normalized: expression.description, instants: found)
  }
}

/// `systemd-analyze calendar`, asked about many expressions at once.
enum SystemdCalendar {
  static let iterations = 4
  static let program = Program(path: "/usr/bin/systemd-analyze")

  struct Answer: Equatable {
    let normalized: String
    /// UTC, whole seconds.
    var instants: [String]
  }

  /// Other versions normalize and refuse in other ways.
  static let is252: Bool = {
    guard program.isInstalled else { return false }
    do {
      return try program.output(["--version"]).hasPrefix("systemd 252")
    } catch {
      return false
    }
  }()

  /// One answer for each of `texts`; `nil` where it is refused.
  static func answers(to texts: [String], zone: String, base: String) throws -> [Answer?] {
    let output = try program.output(
      ["calendar", "--iterations=\(iterations)", "--base-time=\(base) UTC", "--"] + texts, environment: ["TZ": zone])
    var blocks: [(original: String?, answer: Answer)] = []
    var original: String?
    for line in output.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = line[..<colon].drop { $0 == " " }
      let value = String(line[colon...].dropFirst(2))
      switch key {
      case "Original form": original = value
      case "Normalized form":
        blocks.append((original, Answer(normalized: value, instants: [])))
        original = nil
      case "(in UTC)": append(value, to: &blocks)
      case "Next elapse" where zone == "UTC" && value != "never": append(value, to: &blocks)
      case _ where zone == "UTC" && key.hasPrefix("Iter. #"): append(value, to: &blocks)
      default: continue
      }
    }
    var rest = blocks[...]
    return texts.map { text in
      guard let first = rest.first, (first.original ?? first.answer.normalized) == text else { return nil }
      rest = rest.dropFirst()
      return first.answer
    }
  }

  /// `Wed 2026-07-01 16:00:00 UTC`
  private static func append(_ text: String, to blocks: inout [(original: String?, answer: Answer)]) {
    let words = text.split(separator: " ")
    guard words.count == 4, !blocks.isEmpty else { return }
    blocks[blocks.count - 1].answer.instants.append("\(words[1])T\(words[2])Z")
  }
}
