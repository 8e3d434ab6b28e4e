/// A list of components as written, before it is known which field it is (`1-2` is month and day, `1-2-3` is not).
struct OnCalendarChain {
  /// Empty: the star.
  let items: [Item]

  static let star = OnCalendarChain(items: [])
  static let zero = OnCalendarChain(items: [Item(text: [], start: 0, stop: nil, step: 0)])

  struct Item {
    /// As written, with its place.
    let text: ArraySlice<Character>
    let start: Int
    let stop: Int?
    /// 0: none.
    let step: Int
  }

  /// The components, checked against the bounds of `field`.
  func components(of field: CalendarField) throws(CalendarSyntaxError) -> [CalendarComponent] {
    var components: [CalendarComponent] = []
    for item in items { components.append(try item.component(of: field)) }
    if field == .dayFromMonthEnd { try checkMonthEnd(components) }
    return components
  }

  /// Of days from the end of the month the first of a list may be 28, the second 25, each further one three days less, in
  /// ascending order: systemd lowers its limit again for every item. Source: `chain_valid` of systemd 252.
  private func checkMonthEnd(_ components: [CalendarComponent]) throws(CalendarSyntaxError) {
    let limit = CalendarField.dayFromMonthEnd.bounds.upperBound
    for (index, component) in components.inOrder.enumerated()
    where max(component.start, component.stop ?? 0) > limit - 3 * index {
      let item = zip(items, components).first { $0.1 == component }?.0
      let place = item?.text ?? []
      throw CalendarSyntaxError(
        position: place.startIndex,
        message: "day: \(place.quoted) as number \(index + 1) of a list of days from the end of the month is above "
          + "\(limit - 3 * index)",
        hint: "systemd takes 28 for the lowest and 3 less for each further one: a range or a step counts once")
    }
  }
}

extension OnCalendarChain.Item {
  fileprivate func component(of field: CalendarField) throws(CalendarSyntaxError) -> CalendarComponent {
    let component = CalendarComponent(
      start: Self.fullYear(start, field), stop: stop.map { Self.fullYear($0, field) }, step: step)
    let bounds = field.bounds
    guard bounds.contains(component.start), component.stop.map({ bounds.contains($0) }) ?? true else {
      throw failure(field, "\(text.quoted) is outside \(Self.range(field))")
    }
    if let stop = component.stop, component.start > stop {
      throw failure(field, "\(text.quoted) runs backwards")
    }
    // Without an end a repetition must come once: from the end of the month it runs toward the last day.
    let room = field == .dayFromMonthEnd ? component.start - bounds.lowerBound : bounds.upperBound - component.start
    guard component.step <= (component.stop == nil ? room : bounds.count - 1) else {
      throw failure(field, "\(text.quoted) never repeats", hint: "leave the step out")
    }
    return component
  }

  /// 0...69 are 2000...2069, 70...99 are 1970...1999.
  private static func fullYear(_ value: Int, _ field: CalendarField) -> Int {
    guard case .year = field, value < 100 else { return value }
    return value + (value < 70 ? 2000 : 1900)
  }

  private static func range(_ field: CalendarField) -> String {
    let bounds = field.bounds
    switch field {
    case .dayFromMonthEnd: return "1-28 (days from the end of the month)"
    default: return "\(bounds.lowerBound)-\(bounds.upperBound / field.scale)"
    }
  }

  private func failure(_ field: CalendarField, _ message: String, hint: String? = nil) -> CalendarSyntaxError {
    CalendarSyntaxError(position: text.startIndex, message: "\(field.name): \(message)", hint: hint)
  }
}

/// Reads one list of components.
struct OnCalendarChainReader {
  let text: ArraySlice<Character>
  var position: Int
  /// Which field it seems to be: it decides about decimals, and what errors say.
  let field: CalendarField

  mutating func chain() throws(CalendarSyntaxError) -> OnCalendarChain {
    if take("*") {
      if position < text.endIndex, text[position] == "/" {
        throw CalendarSyntaxError(
          position: position, message: "`*` takes no step", hint: "`0/15` for minutes, `1/2` for days and months")
      }
      guard field.scale > 1 else { return .star }
      let every = OnCalendarChain.Item(text: text[(position - 1)..<position], start: 0, stop: nil, step: field.scale)
      return OnCalendarChain(items: [every])
    }
    var items: [OnCalendarChain.Item] = []
    repeat {
      items.append(try item())
      guard items.count <= 241 else {
        throw CalendarSyntaxError(position: position, message: "a list has at most 241 items")
      }
    } while take(",")
    return OnCalendarChain(items: items)
  }

  private mutating func item() throws(CalendarSyntaxError) -> OnCalendarChain.Item {
    let begin = position
    let start = try number()
    var stop: Int?
    var step = 0
    if take("..") {
      stop = try number()
      step = field.scale
    }
    if take("/") {
      step = try number()
      guard step > 0 else { throw CalendarSyntaxError(position: position - 1, message: "a step is not 0") }
    } else if let stop, field.scale > 1, start + step > stop {
      // Without a step, seconds repeat every second: a shorter range would name one value only.
      let shown = text[begin..<position].quoted
      throw CalendarSyntaxError(
        position: begin,
        message: start > stop ? "second: \(shown) runs backwards" : "second: \(shown) is shorter than a second")
    }
    if position < text.endIndex, !" ,-~:".contains(text[position]) {
      throw CalendarSyntaxError(position: position, message: "\(text[position].quoted) does not belong here")
    }
    return OnCalendarChain.Item(text: text[begin..<position], start: start, stop: stop, step: step)
  }

  /// A number in the units of the field; seconds may have decimals, rounded to microseconds.
  private mutating func number() throws(CalendarSyntaxError) -> Int {
    let whole = digits()
    guard !whole.isEmpty else {
      let found =
        position < text.endIndex ? "\(text[position].quoted) where a number is expected" : "a number is missing"
      throw CalendarSyntaxError(position: position, message: found)
    }
    // Ten digits are beyond every bound already.
    let value = (Int(String(whole.drop { $0 == "0" }.prefix(10))) ?? 0) * field.scale
    guard field.scale > 1, position < text.endIndex, text[position] == ".",
      position + 1 == text.endIndex || text[position + 1] != "."
    else { return value }
    position += 1
    let decimals = digits()
    guard !decimals.isEmpty else {
      throw CalendarSyntaxError(position: position, message: "a decimal is missing")
    }
    let padding = Array(repeating: Character("0"), count: 7)
    let seven = Int(String((decimals + padding).prefix(7))) ?? 0
    return value + (seven + 5) / 10
  }

  private mutating func digits() -> ArraySlice<Character> {
    let found = text[position...].prefix { $0.isASCII && $0.isNumber }
    position += found.count
    return found
  }

  private mutating func take(_ expected: String) -> Bool {
    guard text[position...].starts(with: expected) else { return false }
    position += expected.count
    return true
  }
}
