/// When a window fires, in one of two dialects: cron as cronie reads it, or OnCalendar as systemd reads it.
///
/// An expression is a value without a cursor and without a zone: what it names is asked for with `next(after:in:)`.
public enum CalendarExpression: Sendable, Equatable {
  case cron(CronExpression)
  case onCalendar(OnCalendarExpression)
}

extension CalendarExpression {
  /// Reads an expression of either dialect.
  ///
  /// Five words or more, or a nickname as `@daily`, are cron; everything else is OnCalendar.
  /// - Parameters:
  ///   - text: The expression.
  ///   - isZoneName: Whether tzdata has a zone of that name; asked for the last word of an OnCalendar expression when it
  ///     could be one. Where it cannot be known yet, the default takes each such word, and loading `zoneName` tells.
  ///   - abbreviations: The short names of the zone that the expression is read in where it names none; an OnCalendar
  ///     expression may end with one of them.
  /// - Returns: The expression, as a value.
  /// - Throws: `CalendarSyntaxError`: the first thing that is wrong, with its place.
  public static func parse(
    _ text: String, isZoneName: (String) -> Bool = { _ in true }, abbreviations: [ZoneAbbreviation] = []
  ) throws(CalendarSyntaxError) -> CalendarExpression {
    let words = CalendarWord.words(of: text)
    guard !isCron(words) else { return .cron(try CronExpression.parse(text, isZoneName: isZoneName)) }
    do {
      return .onCalendar(
        try OnCalendarExpression.parse(text, isZoneName: isZoneName, abbreviations: abbreviations))
    } catch {
      // `0 1 * *` is cron with a field too few, and says so.
      if isCronLike(words) { _ = try CronExpression.parse(text) }
      throw error
    }
  }

  /// The zone that the expression names itself, to be loaded and given to `next(after:in:)` in place of the window's own;
  /// `nil` for cron.
  public var zoneName: String? {
    switch self {
    case .cron: nil
    case .onCalendar(let expression): expression.zoneName
    }
  }

  /// The short name of the default zone's time that an OnCalendar expression ends with (`daily EST`): it fires only while
  /// the zone shows that time.
  public var abbreviation: ZoneAbbreviation? {
    switch self {
    case .cron: nil
    case .onCalendar(let expression): expression.abbreviation
    }
  }

  /// Returns the first instant after `instant` that this expression names in `zone`, for a clock of milliseconds.
  ///
  /// - Parameters:
  ///   - instant: Itself excluded.
  ///   - zone: Whose wall clock the expression is read by: that of `zoneName`, else the window's.
  /// - Returns: `nil` when nothing is named before the year 2200. Whole seconds, but for an OnCalendar expression with
  ///   decimals, which is rounded up to milliseconds.
  public func next(after instant: Instant, in zone: Zone) -> Instant? {
    next(after: CalendarInstant(instant), in: zone)?.roundedUp
  }

  /// As above, to the microsecond.
  public func next(after instant: CalendarInstant, in zone: Zone) -> CalendarInstant? {
    switch self {
    case .cron(let expression):
      expression.next(after: Instant(seconds: instant.seconds), in: zone).map { CalendarInstant($0) }
    case .onCalendar(let expression): expression.next(after: instant, in: zone)
    }
  }

  /// Five words or more, a nickname, or a zone before the fields, as some crons have it.
  private static func isCron(_ words: [CalendarWord]) -> Bool {
    guard let first = words.first, words.count < 5 else { return true }
    if CronExpression.namesZone(first) { return true }
    guard first.characters.first == "@" else { return false }
    // `@ 5` and `@+5` are seconds of OnCalendar.
    let next = first.characters.dropFirst().first ?? words.dropFirst().first?.characters.first
    return next?.isLetter ?? true
  }

  /// Two to four words of digits and the signs of cron, without those of dates and times.
  private static func isCronLike(_ words: [CalendarWord]) -> Bool {
    words.count > 1 && words.allSatisfy { $0.characters.allSatisfy { $0.isNumber || "*/,".contains($0) } }
  }
}

extension CalendarExpression: CustomStringConvertible {
  /// The canonical text; read again it gives an equal expression.
  public var description: String {
    switch self {
    case .cron(let expression): expression.description
    case .onCalendar(let expression): expression.description
    }
  }
}
