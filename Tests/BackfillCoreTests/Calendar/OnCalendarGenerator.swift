import BackfillCore

/// Makes OnCalendar expressions, most of them right.
enum OnCalendarGenerator {
  /// An expression drawn from `random`.
  ///
  /// Where `isOpen`, hours and dates may repeat up to the end of the day, month or year (`5/7`). In nights in which the clock
  /// changes, systemd 252 loses its way with them: "Resource deadlock avoided", or the first hours of the next day left out.
  static func expression(_ random: inout FixedRandom, mayBeOpen isOpen: Bool) -> String {
    var parts: [String] = []
    if chance(3, &random) { parts.append(weekdays(&random)) }
    if chance(2, &random) { parts.append(date(&random, isOpen)) }
    if parts.isEmpty || !chance(4, &random) { parts.append(time(&random, isOpen)) }
    if chance(8, &random) { parts.append(pick(["UTC", "utc", "America/Phoenix", "Asia/Tokyo"], &random)) }
    let text = parts.joined(separator: chance(20, &random) ? "  " : " ")
    // A damaged step could become one that systemd carries over, see `open`.
    return !text.contains("/") && chance(6, &random) ? damaged(text, &random) : text
  }

  static func shorthand(_ random: inout FixedRandom) -> String {
    pick(
      [
        "minutely", "hourly", "daily", "Weekly", "monthly", "quarterly", "semiannually", "bi-annually", "YEARLY",
        "anually",
        "@1767225600", "@4102444800", "Mon @1767225600", "daily UTC", "hourly Asia/Tokyo", "weekly America/Phoenix",
      ], &random)
  }

  private static func weekdays(_ random: inout FixedRandom) -> String {
    let days = ["Mon", "tue", "Wednesday", "THU", "friday", "Sat", "sun"]
    var items: [String] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let low = Int.random(in: 0...6, using: &random)
      let high = Int.random(in: max(low - 1, 0)...6, using: &random)
      items.append(chance(2, &random) ? days[low] : days[low] + pick(["..", "-"], &random) + days[high])
    }
    return items.joined(separator: ",") + (chance(10, &random) ? "," : "")
  }

  private static func date(_ random: inout FixedRandom, _ isOpen: Bool) -> String {
    let year = pick(["*", "*", "*", "2026", "26", "2026..2030", "2024/2", "2026,2028", "1970..2199/7"], &random)
    let month = chance(2, &random) ? "*" : list(1...12, &random, isOpen: isOpen)
    let isFromEnd = chance(4, &random)
    // systemd 252 takes the third of three days from the end of a month up to 22 only.
    let day =
      chance(3, &random)
      ? "*" : isFromEnd ? list(1...22, &random, isOpen: isOpen) : list(1...31, &random, isOpen: isOpen)
    let monthAndDay = month + (isFromEnd ? "~" : "-") + day
    return chance(3, &random) ? monthAndDay : "\(year)-\(monthAndDay)"
  }

  private static func time(_ random: inout FixedRandom, _ isOpen: Bool) -> String {
    let hour = chance(2, &random) ? "*" : list(0...23, &random, isOpen: isOpen)
    let minute = chance(4, &random) ? "*" : list(0...59, &random)
    if chance(2, &random) { return "\(hour):\(minute)" }
    let second = chance(4, &random) ? "*" : list(0...59, &random)
    let decimals =
      chance(3, &random) && !second.contains("/") && second != "*"
      ? pick([".5", ".25", ".125", ".0", ".999"], &random) : ""
    return "\(hour):\(minute):\(second)\(decimals)"
  }

  private static func list(
    _ bounds: ClosedRange<Int>, _ random: inout FixedRandom, isOpen: Bool = true
  ) -> String {
    if isOpen, chance(4, &random) { return open(bounds, &random) }
    return (0..<(chance(3, &random) ? 3 : 1)).map { _ in item(bounds, &random) }.joined(separator: ",")
  }

  /// A repetition without an end whose step is at most its start.
  ///
  /// With larger steps systemd 252 adds the step beyond the end of the field, carries over, and so leaves out the first
  /// values of the next month, day or hour: `*-*-06/8` goes from 30 December to 14 January.
  private static func open(_ bounds: ClosedRange<Int>, _ random: inout FixedRandom) -> String {
    if chance(4, &random), bounds.lowerBound == 0 { return pick(["0/2", "0/3", "00/4", "0/6"], &random) }
    let start = Int.random(in: 1...bounds.upperBound - 1, using: &random)
    let step = Int.random(in: 1...min(start, bounds.upperBound / 3), using: &random)
    return "\(start)/\(step)"
  }

  private static func item(_ bounds: ClosedRange<Int>, _ random: inout FixedRandom) -> String {
    let low = Int.random(in: bounds, using: &random)
    let high = Int.random(in: max(low - 1, 0)...bounds.upperBound, using: &random)
    let step = Int.random(in: 1...max(2, bounds.upperBound / 3), using: &random)
    let padded = low < 10 && chance(3, &random) ? "0\(low)" : "\(low)"
    switch Int.random(in: 0...3, using: &random) {
    case 0: return "\(padded)..\(high)"
    case 1: return "\(padded)..\(high)/\(step)"
    default: return padded
    }
  }

  private static func damaged(_ text: String, _ random: inout FixedRandom) -> String {
    var characters = Array(text)
    let index = Int.random(in: 0..<characters.count, using: &random)
    switch Int.random(in: 0...2, using: &random) {
    case 0: characters.remove(at: index)
    case 1: characters.insert(pick(Array("0159*-~:., "), &random), at: index)
    default: characters[index] = pick(Array("0159*-~:., "), &random)
    }
    return String(characters)
  }

  private static func chance(_ oneIn: Int, _ random: inout FixedRandom) -> Bool {
    Int.random(in: 0..<oneIn, using: &random) == 0
  }

  private static func pick<T>(_ values: [T], _ random: inout FixedRandom) -> T {
    values[Int.random(in: 0..<values.count, using: &random)]
  }
}
