extension CronExpression {
  /// Reads five fields separated by blanks or tabs, or a nickname (`@daily`).
  ///
  /// - Parameters:
  ///   - text: The expression.
  ///   - isZoneName: Whether tzdata has a zone of that name: a zone after the fields is refused with the place where it
  ///     belongs.
  /// - Returns: The expression, as a value.
  /// - Throws: `CalendarSyntaxError`: the first thing that is wrong, with its place.
  public static func parse(
    _ text: String, isZoneName: (String) -> Bool = { _ in true }
  ) throws(CalendarSyntaxError) -> CronExpression {
    let words = CalendarWord.words(of: text)
    guard let first = words.first else {
      throw CalendarSyntaxError(
        position: 0, message: "the schedule is empty",
        hint: "`0 1 * * *` is every day at 01:00: minute, hour, day of month, month, day of week")
    }
    if namesZone(first) {
      let zone = first.characters.drop { $0 != "=" }.dropFirst()
      throw CalendarSyntaxError(
        position: first.position, message: "\(first.quoted) is not part of a schedule", hint: zoneHint(zone))
    }
    if first.characters.first == "@" { return try nickname(words, isZoneName) }
    try checkCount(words, isZoneName)
    var fields: [CronField] = []
    for (kind, word) in zip(CronFieldKind.allCases, words) {
      fields.append(try CronFieldReader(kind: kind, word: word).field())
    }
    let expression = CronExpression(
      minutes: fields[0], hours: fields[1], daysOfMonth: fields[2], months: fields[3], daysOfWeek: fields[4])
    guard expression.namesADate else {
      throw CalendarSyntaxError(
        position: words[2].position,
        message: "never fires: no month of \(words[3].quoted) has a day of \(words[2].quoted)")
    }
    return expression
  }

  /// The nicknames and the fields they stand for.
  static let nicknames: [(name: String, fields: String)] = [
    ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"), ("@monthly", "0 0 1 * *"), ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@hourly", "0 * * * *"),
  ]

  /// `CRON_TZ=Europe/Berlin` or `TZ=Europe/Berlin`: cronie and others take it before the fields.
  static func namesZone(_ word: CalendarWord) -> Bool {
    word.text.hasPrefix("CRON_TZ=") || word.text.hasPrefix("TZ=")
  }

  /// Where a zone belongs; `nil` for a word that is none. `UTC` and `Europe/Berlin` are, `root` is not.
  private static func zoneHint(_ word: CalendarWord?, _ isZoneName: (String) -> Bool) -> String? {
    guard let word, OnCalendarExpression.isShapedAsZone(word.characters),
      word.characters.contains("/") || word.characters.allSatisfy({ $0.isUppercase }), isZoneName(word.text)
    else { return nil }
    return zoneHint(word.characters)
  }

  private static func zoneHint(_ name: ArraySlice<Character>) -> String {
    let shown = name.isEmpty || name.count > 40 ? "ZONE" : String(name).onOneLine
    return
      "the zone stands beside the schedule: `timezone: \(shown)` in a file, `--timezone \(shown)` on a command line"
  }

  private static func nickname(
    _ words: [CalendarWord], _ isZoneName: (String) -> Bool
  ) throws(CalendarSyntaxError) -> CronExpression {
    let word = words[0]
    if let known = nicknames.first(where: { $0.name == word.text }) {
      guard words.count == 1 else {
        throw CalendarSyntaxError(
          position: words[1].position, message: "nothing may follow `\(word.text)`",
          hint: words.count == 2 ? zoneHint(words[1], isZoneName) : nil)
      }
      return try parse(known.fields)
    }
    if word.text == "@reboot" {
      throw CalendarSyntaxError(
        position: word.position, message: "`@reboot` names no time",
        hint: "with `missed: once` a firing that was slept through runs at start")
    }
    if word.text == "@every" {
      throw CalendarSyntaxError(
        position: word.position, message: "`@every` is not supported", hint: "`*/5 * * * *` is every five minutes")
    }
    let lowered = word.text.lowercased()
    let names = nicknames.map(\.name)
    let near = lowered == "@" ? nil : names.first { $0.hasPrefix(lowered) || lowered.hasPrefix($0) }
    throw CalendarSyntaxError(
      position: word.position, message: "\(word.quoted) is not a schedule",
      hint: near.map { "did you mean `\($0)`?" } ?? Suggestion.hint(for: lowered, among: names)
        ?? "one of \(names.map { "`\($0)`" }.joined(separator: ", "))")
  }

  private static func checkCount(
    _ words: [CalendarWord], _ isZoneName: (String) -> Bool
  ) throws(CalendarSyntaxError) {
    guard words.count != 5 else { return }
    let meaning = "minute, hour, day of month, month, day of week"
    guard words.count > 5 else {
      throw CalendarSyntaxError(
        position: words.last?.end ?? 0,
        message: "\(words.count) field\(words.count == 1 ? "" : "s") where cron has 5: \(meaning)")
    }
    throw CalendarSyntaxError(
      position: words[5].position, message: "\(words.count) fields where cron has 5: \(meaning)",
      hint: words.count == 6
        ? zoneHint(words[5], isZoneName) ?? "seconds and years are not supported; a command does not belong here" : nil)
  }

  /// Whether any date matches at all; `0 0 30 2 *` names none.
  ///
  /// Where either day field alone is enough, a weekday always comes. Every day of every month falls on every weekday within
  /// the 400 years of the calendar's cycle, 29 February within 40.
  private var namesADate: Bool {
    if !daysOfMonth.startsWithStar, !daysOfWeek.startsWithStar { return true }
    return (1...12).contains { month in
      guard months.contains(month), let day = daysOfMonth.first(from: 1) else { return false }
      // 2000 is a leap year: the longest that each month can be.
      return day <= CivilDate.daysInMonth(month, of: 2000)
    }
  }
}
