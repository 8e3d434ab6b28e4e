import BackfillCore

/// Days of the week as they are written: `Mon`, `Monday`, `Mon..Fri`, `Fri..Mon`, and lists of these with commas.
enum WeekdayText {
  private static let names = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// What `field` names; a range that ends before it begins goes over the weekend.
  static func weekdays(_ field: Field) -> Set<Weekday>? {
    var found: Set<Weekday> = []
    var isWhole = true
    for item in field.oneOrMore {
      guard let text = item.scalar else { return item.refuse("a day of the week such as `Mon` or `Mon..Fri`") }
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        if let days = days(of: String(part), in: item) { found.formUnion(days) } else { isWhole = false }
      }
    }
    guard isWhole else { return nil }
    guard !found.isEmpty else { return field.refuse("at least one day of the week") }
    return found
  }

  private static func days(of text: String, in field: Field) -> [Weekday]? {
    guard let range = RangeText(text, dash: false), let low = range.low, let high = range.high else {
      return field.refuse("a day of the week such as `Mon` or `Mon..Fri`")
    }
    guard let first = weekday(low, in: field), let last = weekday(high, in: field) else { return nil }
    let length = (last.rawValue - first.rawValue + 7) % 7
    return (0...length).compactMap { Weekday(rawValue: (first.rawValue - 1 + $0) % 7 + 1) }
  }

  private static func weekday(_ word: String, in field: Field) -> Weekday? {
    let lowered = word.lowercased()
    for (index, name) in names.enumerated()
    where [name.lowercased(), String(name.lowercased().prefix(3))].contains(lowered) {
      return Weekday(rawValue: index + 1)
    }
    let known = lowered.count > 4 ? names : names.map { String($0.prefix(3)) }
    let ends = word.split(separator: "-", omittingEmptySubsequences: false)
    let isDashed = ends.count == 2 && ends.allSatisfy { !$0.isEmpty }
    field.report(
      "unknown day of the week \(quoted(word))",
      hint: isDashed ? "a range is written `Mon..Fri`" : Suggestion.hint(for: lowered, among: known))
    return nil
  }
}
