extension OnCalendarExpression {
  /// Reads `[weekdays] [date] [time] [zone]`, `@SECONDS`, or a shorthand as `daily`.
  ///
  /// A word at the end that is a short name of the default zone's time (`EDT`, in any case) is that, also where tzdata has
  /// a zone of the same name: systemd then fires only while the zone shows that time.
  /// - Parameters:
  ///   - text: One blank or more between the parts, none around them, as systemd has it.
  ///   - isZoneName: Whether tzdata has a zone of that name; asked only for words that could be one. Where it cannot be
  ///     known yet, the default takes each such word, and loading the zone tells.
  ///   - abbreviations: Those of the default zone, `Zone.abbreviations`; none where it is not known.
  /// - Returns: The expression, as a value.
  /// - Throws: `CalendarSyntaxError`: the first thing that is wrong, with its place.
  public static func parse(
    _ text: String, isZoneName: (String) -> Bool = { _ in true }, abbreviations: [ZoneAbbreviation] = []
  ) throws(CalendarSyntaxError) -> OnCalendarExpression {
    let characters = Array(text)
    guard let first = characters.first else {
      throw CalendarSyntaxError(
        position: 0, message: "the schedule is empty", hint: "`*-*-* 01:00` is every day at 01:00")
    }
    guard first != " " else {
      throw CalendarSyntaxError(position: 0, message: "a blank before the schedule")
    }
    let (body, zone) = try splitZone(characters[...], isZoneName, abbreviations)
    if let shorthand = shorthand(body, zone) { return shorthand }
    var reader = OnCalendarReader(text: body, start: 0)
    return try reader.expression(zone: zone)
  }

  /// The shorthands of systemd.time(7), and the misspelt one that systemd keeps.
  static let shorthands = [
    "minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "semiannually", "semi-annually", "biannually",
    "bi-annually", "yearly", "annually", "anually",
  ]

  private static func shorthand(_ body: ArraySlice<Character>, _ zone: OnCalendarZone?) -> OnCalendarExpression? {
    let zero = [CalendarComponent(0)]
    let one = [CalendarComponent(1)]
    func every(
      weekdays: UInt64 = everyWeekday, months: [Int] = [], days: [CalendarComponent] = [],
      hours: [CalendarComponent] = zero, minutes: [CalendarComponent] = zero
    ) -> OnCalendarExpression {
      OnCalendarExpression(
        weekdays: weekdays, months: months.map { CalendarComponent($0) }, days: days, hours: hours, minutes: minutes,
        microseconds: zero, zone: zone)
    }
    switch String(body).lowercased() {
    case "minutely": return every(hours: [], minutes: [])
    case "hourly": return every(hours: [])
    case "daily": return every()
    case "weekly": return every(weekdays: 1)
    case "monthly": return every(days: one)
    case "quarterly": return every(months: [1, 4, 7, 10], days: one)
    case "semiannually", "semi-annually", "biannually", "bi-annually": return every(months: [1, 7], days: one)
    case "yearly", "annually", "anually": return every(months: [1], days: one)
    default: return nil
    }
  }

  /// Takes a zone off the end: `UTC` in any case, a short name of the default zone's time, or a name of tzdata.
  private static func splitZone(
    _ text: ArraySlice<Character>, _ isZoneName: (String) -> Bool, _ abbreviations: [ZoneAbbreviation]
  ) throws(CalendarSyntaxError) -> (body: ArraySlice<Character>, zone: OnCalendarZone?) {
    guard let blank = text.lastIndex(of: " ") else { return (text, nil) }
    let word = text[(blank + 1)...]
    let body = text[..<blank]
    let name = String(word)
    if name.lowercased() == "utc" { return (body, .named(Zone.utc.name)) }
    if let abbreviation = abbreviations.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return (body, .pinned(abbreviation))
    }
    guard isShapedAsZone(word) else { return (text, nil) }
    if isZoneName(name) { return (body, .named(name)) }
    throw CalendarSyntaxError(
      position: blank + 1, message: "\(word.quoted) is not a time zone",
      hint: "a name of tzdata, `America/New_York`, or `UTC`")
  }

  /// Letters first, then what names of tzdata have; no weekday and no shorthand.
  static func isShapedAsZone(_ word: ArraySlice<Character>) -> Bool {
    guard let first = word.first, first.isASCII, first.isLetter, word.last != "/" else { return false }
    let lowered = String(word).lowercased()
    guard OnCalendarReader.weekday(at: lowered[...]) == nil, !shorthands.contains(lowered) else {
      return false
    }
    var last: Character = " "
    for character in word {
      guard character.isASCII, character.isLetter || character.isNumber || "_+-/".contains(character) else {
        return false
      }
      if character == "/", last == "/" { return false }
      last = character
    }
    return true
  }
}
