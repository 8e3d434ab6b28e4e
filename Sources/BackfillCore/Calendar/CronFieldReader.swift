/// Reads one field of a cron expression: items separated by commas, each `*`, a value or a range, with or without a step.
struct CronFieldReader {
  let kind: CronFieldKind
  let word: CalendarWord

  func field() throws(CalendarSyntaxError) -> CronField {
    var values: UInt64 = 0
    for item in word.characters.split(separator: ",", omittingEmptySubsequences: false) {
      values |= try self.values(of: item)
    }
    return CronField(values: values, startsWithStar: word.characters.first == "*")
  }

  private func values(of item: ArraySlice<Character>) throws(CalendarSyntaxError) -> UInt64 {
    guard let first = item.first else {
      throw failure(item.startIndex, "an empty item", hint: "take the comma out")
    }
    try refuseExtensions(item)
    let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let step = parts.count == 2 ? try self.step(parts[1]) : nil
    if first == "*" {
      guard parts[0].count == 1 else {
        let next = item.startIndex + 1
        throw failure(next, "\(item[next].quoted) cannot follow `*`", hint: "`*` or `*/STEP`")
      }
      return kind.values(everyStep: step ?? 1)
    }
    let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let low = try value(ends[0])
    guard ends.count == 2 else {
      if let step {
        let first = sundayAsZero(low)
        throw failure(
          item.startIndex, "\(item.quoted) has a step and no range",
          hint: "write `\(first)-\(upperBound)/\(step)`, or `\(first)` alone")
      }
      return kind.values(from: low, through: low, step: 1)
    }
    var high = try value(ends[1])
    // cronie: a range that ends in the word `sun` ends in 7, `fri-sun` is 5-7.
    if kind == .dayOfWeek, high == 0, low > 0, String(ends[1]).lowercased() == "sun" { high = 7 }
    guard low <= high else {
      let turned = turned(low: sundayAsZero(low), high: high, step: step ?? 1)
      throw failure(item.startIndex, "\(item.quoted) runs backwards", hint: "write `\(turned)`")
    }
    return kind.values(from: low, through: high, step: step ?? 1)
  }

  private func step(_ text: ArraySlice<Character>) throws(CalendarSyntaxError) -> Int {
    guard let value = Self.number(text) else {
      throw failure(text.startIndex, text.isEmpty ? "a step is missing after `/`" : "\(text.quoted) is not a step")
    }
    guard value >= 1 else { throw failure(text.startIndex, "a step is at least 1") }
    return value
  }

  private func value(_ text: ArraySlice<Character>) throws(CalendarSyntaxError) -> Int {
    guard !text.isEmpty else { throw failure(text.startIndex, "a value is missing") }
    let lowered = String(text).lowercased()
    if let index = kind.words.firstIndex(of: lowered) { return kind.bounds.lowerBound + index }
    guard let value = Self.number(text) else {
      let near = kind.words.first { lowered.hasPrefix($0) || (lowered.count == 2 && $0.hasPrefix(lowered)) }
      let all = kind.words.isEmpty ? range : "\(range) or `\(kind.words[0])`...`\(kind.words[kind.words.count - 1])`"
      throw failure(
        text.startIndex, "\(text.quoted) is not a value", hint: near.map { "did you mean `\($0)`?" } ?? "write \(all)")
    }
    guard kind.bounds.contains(value) else {
      throw failure(text.startIndex, "\(text.quoted) is outside \(range)")
    }
    return value
  }

  /// What other programs take and cronie does not, or reads in another way: said by name.
  private func refuseExtensions(_ item: ArraySlice<Character>) throws(CalendarSyntaxError) {
    let isAlone = item.count == 1
    let hints: [Character: String] = [
      "?": isAlone ? "write `*`" : "write the values you want", "~": "write the time you want",
      "#": "OnCalendar has it: `Mon *-*-8..14` is the second Monday of a month",
      "%": isAlone ? "write `*` or a value" : "write the values you want",
    ]
    if let index = item.firstIndex(where: { hints[$0] != nil }) {
      throw failure(index, "`\(item[index])` is not supported", hint: hints[item[index]])
    }
    guard kind == .dayOfMonth || kind == .dayOfWeek, let last = item.last, last == "L" || last == "W" else { return }
    let stem = item.dropLast()
    guard stem.isEmpty || stem.allSatisfy({ $0.isNumber || $0 == "L" }) else { return }
    let hint =
      switch (last, kind) {
      case ("L", .dayOfMonth): "OnCalendar has it: `*-*~1` is the last day of a month"
      case ("L", _): "OnCalendar has it: `Fri *-*~7/1` is the last Friday of a month"
      default: "write the days you want"
      }
    throw failure(item.endIndex - 1, "`\(last)` is not supported", hint: hint)
  }

  /// How `low-high/step` is written when it is meant to go round: up to the end of the field and on from its start, the
  /// step going on too.
  private func turned(low: Int, high: Int, step: Int) -> String {
    // `7-3` is 0-3: nothing goes round.
    guard low > high else { return Self.range(low, high, step) }
    let last = low + (upperBound - low) / step * step
    let next = last + step - (upperBound - kind.bounds.lowerBound + 1)
    let upper = Self.range(low, upperBound, step)
    return next <= high ? "\(upper),\(Self.range(next, high, step))" : upper
  }

  /// `5` where the step leads nowhere, else `5-9` or `5-9/2`.
  private static func range(_ low: Int, _ high: Int, _ step: Int) -> String {
    guard high - low >= step else { return "\(low)" }
    return step == 1 ? "\(low)-\(high)" : "\(low)-\(high)/\(step)"
  }

  private func sundayAsZero(_ value: Int) -> Int { kind == .dayOfWeek ? value % 7 : value }

  /// Sunday is 0 in what we propose to write, so that a week ends at 6.
  private var upperBound: Int { kind == .dayOfWeek ? 6 : kind.bounds.upperBound }

  private var range: String { "\(kind.bounds.lowerBound)-\(kind.bounds.upperBound)" }

  private func failure(_ position: Int, _ message: String, hint: String? = nil) -> CalendarSyntaxError {
    CalendarSyntaxError(position: position, message: "\(kind.name): \(message)", hint: hint)
  }

  /// ASCII digits only; more than nine are as good as out of range.
  private static func number(_ text: ArraySlice<Character>) -> Int? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(String(text.drop { $0 == "0" }.prefix(10))) ?? (text.allSatisfy { $0 == "0" } ? 0 : nil)
  }
}
