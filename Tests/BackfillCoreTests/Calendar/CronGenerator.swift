import BackfillCore

/// Makes cron expressions.
enum CronGenerator {
  private static let bounds = [0...59, 0...23, 1...31, 1...12, 0...7]

  static func expression(_ random: inout FixedRandom) -> String {
    bounds.map { bounds in
      let items = Int.random(in: 1...3, using: &random)
      return (0..<items).map { _ in item(bounds, &random) }.joined(separator: ",")
    }.joined(separator: " ")
  }

  /// An expression that fires within days, mostly.
  static func frequent(_ random: inout FixedRandom) -> String {
    func one(_ index: Int) -> String { item(bounds[index], &random) }
    return "\(one(0)) \(one(1)),\(one(1)) \(Bool.random(using: &random) ? "*" : "*/2") * \(one(4)),*"
  }

  static func accepted(_ text: String) -> CronExpression? {
    do {
      return try CronExpression.parse(text)
    } catch {
      // A date that never comes; the caller counts how many are left.
      return nil
    }
  }

  static func fires(of expression: CronExpression, after base: Int64, days: Int64, in zone: Zone) -> [Int64] {
    var found: [Int64] = []
    var instant = Instant(seconds: base)
    while let next = expression.next(after: instant, in: zone), next.seconds <= base + days * 86_400 {
      found.append(next.seconds)
      instant = next
    }
    return found
  }

  private static func item(_ bounds: ClosedRange<Int>, _ random: inout FixedRandom) -> String {
    let step = Int.random(in: 1...bounds.upperBound + 5, using: &random)
    let low = Int.random(in: bounds, using: &random)
    let high = Int.random(in: low...bounds.upperBound, using: &random)
    switch Int.random(in: 0...4, using: &random) {
    case 0: return "*"
    case 1: return "*/\(step)"
    case 2: return "\(low)"
    case 3: return "\(low)-\(high)"
    default: return "\(low)-\(high)/\(step)"
    }
  }
}

/// Reads a valid expression again in the plainest way and tries every minute: what the real one is compared with.
struct CronScan {
  private let fields: [(values: Set<Int>, star: Bool)]

  init(_ text: String) {
    let bounds = [0...59, 0...23, 1...31, 1...12, 0...7]
    fields = zip(text.split(separator: " "), bounds).map { word, bounds in
      var values: Set<Int> = []
      for item in word.split(separator: ",") {
        let parts = item.split(separator: "/")
        let ends = parts[0].split(separator: "-").compactMap { Int($0) }
        let low = parts[0] == "*" ? bounds.lowerBound : ends[0]
        let high = parts[0] == "*" ? bounds.upperBound : ends[ends.count - 1]
        for value in stride(from: low, through: high, by: parts.count > 1 ? Int(parts[1]) ?? 1 : 1) {
          values.insert(bounds == 0...7 ? value % 7 : value)
        }
      }
      return (values, word.hasPrefix("*"))
    }
  }

  /// Steps through the instants as a running cron does, minute by minute, and keeps the readings it has seen.
  func fires(after base: Int64, days: Int64, in zone: Zone) -> [Int64] {
    let isWildcard = fields[0].star || fields[1].star
    var found: Set<Int64> = []
    let start = (base - 3 * 86_400) / 60 * 60
    var latest = reading(at: start - 60, in: zone)
    for instant in stride(from: start, through: base + days * 86_400, by: 60) {
      let local = reading(at: instant, in: zone)
      if isWildcard {
        if matches(local) { found.insert(instant) }
      } else if local > latest {
        // Every reading since the latest one: more than one after a jump forward.
        if stride(from: latest + 60, through: local, by: 60).contains(where: { matches($0) }) { found.insert(instant) }
      }
      latest = max(latest, local)
    }
    return found.filter { $0 > base }.sorted()
  }

  private func reading(at instant: Int64, in zone: Zone) -> Int64 {
    instant + Int64(zone.offset(at: Instant(seconds: instant)))
  }

  private func matches(_ seconds: Int64) -> Bool {
    let local = LocalTime(secondsAsUTC: seconds)
    let (_, month, day) = local.date.components
    guard fields[0].values.contains(local.minute), fields[1].values.contains(local.hour),
      fields[3].values.contains(month)
    else { return false }
    let isDay = fields[2].values.contains(day)
    let isWeekday = fields[4].values.contains(local.date.weekday.rawValue % 7)
    return fields[2].star || fields[4].star ? isDay && isWeekday : isDay || isWeekday
  }
}
