import BackfillCore

/// Reads `dates:` of a window.
struct DatesReader {
  static let known = ["from", "to", "skip_first", "except", "weekdays", "from_file", "from_command"]

  /// What `dates:` says.
  struct Result {
    /// `nil` with a finding.
    let selection: DateSelection?
    let counts: Counts
  }

  /// The COUNTs that the dates have, as far as that is known whatever else is wrong with them.
  enum Counts {
    case none
    /// A list, in which each date may have one.
    case listed([CivilDate: ListedDate])
    /// There may be some: from a command, or from a list that could not be read.
    case unknown
  }

  /// A window of more dates than this is taken for a slip of the pen.
  private static let limit = 1_000_000

  private let keys: MappingReader
  /// Where `dates` is written.
  private let position: Position
  private let findings: FindingList

  /// Returns the dates as far as they could be read.
  ///
  /// The key `dates` is at `position`; `from_file` is relative to `directory`, that of the window file.
  static func read(_ field: Field, keyPosition position: Position, directory: String) -> Result {
    guard let keys = MappingReader(field, keys: known, prefix: "dates.") else {
      return Result(selection: nil, counts: .unknown)
    }
    let reader = DatesReader(keys: keys, position: position, findings: field.findings)
    let listed = reader.listedDates(directory: directory)
    return Result(selection: reader.selection(listed: listed), counts: reader.counts(listed: listed))
  }

  private func counts(listed: [CivilDate: ListedDate]?) -> Counts {
    if let listed { return .listed(listed) }
    return ["from_file", "from_command"].contains(where: keys.mayHave) ? .unknown : .none
  }

  private func selection(listed: [CivilDate: ListedDate]?) -> DateSelection? {
    let command = keys["from_command"].map(CommandReader.ofCalendar.command)
    if let field = keys["from_command"], keys["from_file"] != nil {
      field.report("the dates have both `from_file` and `from_command`", hint: "use one of them")
    }
    let from = bound("from", otherwise: listed?.keys.min())
    let daysBeforeToday = daysBeforeToday()
    // A window that follows the calendar has no last date before it is said which day today is.
    let to =
      daysBeforeToday == nil ? bound("to", otherwise: listed?.keys.max()) : from.map { $0.adding(days: -1) }
    let skipFirst = keys["skip_first"].flatMap(skipFirst)
    let weekdays = keys["weekdays"].map(WeekdayText.weekdays)
    let except = exceptions()
    guard let from, let to else { return nil }
    guard from <= to || daysBeforeToday != nil else {
      findings.add(
        "`dates.from` \(from) is after `dates.to` \(to)", at: keys["from"]?.position ?? position)
      return nil
    }
    guard to.daysSinceEpoch - from.daysSinceEpoch < Self.limit else {
      findings.add("`dates` cover more than \(Self.limit) days", at: position)
      return nil
    }
    for (field, date) in except where date < from || (date > to && daysBeforeToday == nil) {
      field.report(
        daysBeforeToday == nil
          ? "`dates.except` names \(date), which is not within \(from)..\(to)"
          : "`dates.except` names \(date), which is before \(from)")
    }
    if case .some(.none) = weekdays { return nil }
    let selection = DateSelection(
      from: from, to: to, skipFirst: skipFirst, except: Set(except.map(\.date)),
      weekdays: (weekdays ?? nil) ?? Set(Weekday.allCases), listed: listed, daysBeforeToday: daysBeforeToday,
      command: command)
    if findings.isEmpty, daysBeforeToday == nil, command == nil { checkSomethingIsLeft(of: selection) }
    return selection
  }

  private func listedDates(directory: String) -> [CivilDate: ListedDate]? {
    guard let field = keys["from_file"], let name = field.text() else { return nil }
    let (dates, others) = DateFile.read(Path.join(directory, name))
    findings.add(others)
    return dates
  }

  /// `from` or `to`; a list of dates stands in for a missing one.
  private func bound(_ key: String, otherwise: CivilDate?) -> CivilDate? {
    if keys[key] == nil, keys["from_file"] != nil { return otherwise }
    guard let field = keys.required(key) else { return nil }
    if let text = field.scalar, Self.followsCalendar(text) {
      guard key == "to" else {
        return field.refuse("a date such as `2021-10-19`", hint: "only `dates.to` follows the calendar")
      }
      return field.refuse("a date such as `2021-10-19`, `yesterday`, `today` or `today-3d`")
    }
    return field.date()
  }

  /// How many days before today the last date is; `nil` when `to` names a date, or nothing that can be read.
  private func daysBeforeToday() -> Int? {
    switch keys["to"]?.scalar {
    case "today": return 0
    case "yesterday": return 1
    case let text?:
      guard text.hasPrefix("today-"), text.hasSuffix("d") else { return nil }
      return WholeNumber.value(of: text.dropFirst(6).dropLast()).flatMap { $0 < Self.limit ? $0 : nil }
    case nil: return nil
    }
  }

  private static func followsCalendar(_ text: String) -> Bool {
    ["yesterday", "today", "tomorrow"].contains(where: text.lowercased().hasPrefix)
  }

  private func skipFirst(_ field: Field) -> SkipFirst? {
    let expected = "a number of days such as `14d` or of calendar dates such as `14`"
    guard let text = field.scalar else { return field.refuse(expected) }
    if let count = WholeNumber.value(of: text) { return .dates(count) }
    guard text.hasSuffix("d"), let days = WholeNumber.value(of: text.dropLast()) else { return field.refuse(expected) }
    return .days(days)
  }

  private func exceptions() -> [(field: Field, date: CivilDate)] {
    guard let field = keys["except"] else { return [] }
    var dates: [(field: Field, date: CivilDate)] = []
    for item in field.oneOrMore {
      guard let date = item.date() else { continue }
      if dates.contains(where: { $0.date == date }) {
        item.report("`\(date)` is twice in `dates.except`")
      } else {
        dates.append((item, date))
      }
    }
    return dates
  }

  private func checkSomethingIsLeft(of selection: DateSelection) {
    let calendar = WindowCalendar(selection)
    if calendar.dates.isEmpty {
      findings.add("no date is left between \(selection.from) and \(selection.to)", at: position)
    } else if calendar.workDates.isEmpty {
      findings.add(
        "`dates.skip_first` skips every date of the window", at: keys["skip_first"]?.position ?? position)
    }
  }
}
