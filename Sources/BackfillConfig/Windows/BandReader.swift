import BackfillCore

/// Reads `bands:` of a rate stream.
struct BandReader {
  /// Weeks are counted from 1, days from 0.
  private enum Unit: String {
    case weeks, days
  }

  /// A band as it is written.
  private struct Entry {
    let field: Field
    /// Counted in `unit`.
    let first: Int
    /// Inclusive; `nil`: open-ended.
    let last: Int?
    /// `nil` with a finding: the spans of the bands are checked all the same.
    let rate: NumberRange?
  }

  /// Returns the bands in order, or `nil` with a finding.
  static func read(_ field: Field) -> [Band]? {
    guard let items = field.items, !items.isEmpty else {
      return field.refuse("a list of bands such as `{weeks: 1-2, rate: 90-100%}`")
    }
    var unit: Unit?
    var entries: [Entry] = []
    var isWhole = true
    for item in items {
      guard let (found, keys) = unitAndKeys(item) else {
        isWhole = false
        continue
      }
      if let unit, unit != found {
        item.report("one band is in `\(unit.rawValue)` and this one is in `\(found.rawValue)`", hint: "use one of them")
        isWhole = false
        continue
      }
      unit = found
      if let entry = entry(keys, of: item, in: found) { entries.append(entry) } else { isWhole = false }
    }
    guard isWhole, let unit else { return nil }
    entries.sort { $0.first < $1.first }
    let bands = entries.compactMap { band($0, in: unit) }
    return isContinuous(entries, in: unit) && bands.count == entries.count ? bands : nil
  }

  private static func unitAndKeys(_ item: Field) -> (Unit, MappingReader)? {
    guard let keys = MappingReader(item, keys: ["weeks", "days", "rate"]) else { return nil }
    switch (keys["weeks"], keys["days"]) {
    case (nil, nil): item.report("\(item.label) has neither `weeks` nor `days`")
    case (.some, nil): return (.weeks, keys)
    case (nil, .some): return (.days, keys)
    case (.some, .some): item.report("\(item.label) has both `weeks` and `days`", hint: "use one of them")
    }
    return nil
  }

  private static func entry(_ keys: MappingReader, of item: Field, in unit: Unit) -> Entry? {
    let reach = keys[unit.rawValue].flatMap { span($0, in: unit) }
    let edges = keys.required("rate").flatMap(rate)
    guard let reach else { return nil }
    return Entry(field: item, first: reach.first, last: reach.last, rate: edges)
  }

  /// `1-2`, `3` or `5-`; also `1..2`.
  private static func span(_ field: Field, in unit: Unit) -> (first: Int, last: Int?)? {
    let expected = "a span of \(unit.rawValue) such as `1-2`, `3` or `5-`"
    guard let text = field.scalar else { return field.refuse(expected) }
    let isOpen = text.hasSuffix("-")
    guard let range = RangeText(isOpen ? String(text.dropLast()) : text, dash: true),
      let first = range.low.flatMap(WholeNumber.value), let last = range.high.flatMap(WholeNumber.value),
      last < 1_000_000, !isOpen || first == last
    else { return field.refuse(expected) }
    guard unit == .days || first >= 1 else {
      return field.refuse(expected, hint: "week 1 is the first")
    }
    guard first <= last else {
      field.report("\(field.label) ends before it begins: \(quoted(text))", hint: "did you mean `\(last)-\(first)`?")
      return nil
    }
    return (first, isOpen ? nil : last)
  }

  private static func rate(_ field: Field) -> NumberRange? {
    guard let range = field.range(.percent) else { return nil }
    for end in [range.minimum, range.maximum].compactMap({ $0 }) where !(0...1).contains(end) {
      field.report("\(field.label) must be within 0 % and 100 %, found \(field.node.found)")
      return nil
    }
    return range
  }

  private static func isContinuous(_ entries: [Entry], in unit: Unit) -> Bool {
    var isContinuous = true
    for (left, right) in zip(entries, entries.dropFirst()) {
      let end = left.last ?? Int.max - 1
      if right.first <= end {
        let shared = name(right.first, min(end, right.last ?? .max - 1), unit)
        right.field.report(
          "bands overlap: \(shared) also in the band at \(left.field.position.line):\(left.field.position.column)")
        isContinuous = false
      } else if right.first > end + 1 {
        right.field.report("bands have a hole: \(name(end + 1, right.first - 1, unit)) in no band")
        isContinuous = false
      }
    }
    return isContinuous
  }

  /// `week 3 is`, `days 4-9 are`, `weeks 5- are`.
  private static func name(_ first: Int, _ last: Int, _ unit: Unit) -> String {
    if first == last { return "\(unit.rawValue.dropLast()) \(first) is" }
    return "\(unit.rawValue) \(first)-\(last >= Int.max - 1 ? "" : String(last)) are"
  }

  private static func band(_ entry: Entry, in unit: Unit) -> Band? {
    guard let rate = entry.rate else { return nil }
    let low = rate.minimum ?? 0
    let high = rate.maximum ?? 1
    switch unit {
    case .days: return Band(firstDay: entry.first, lastDay: entry.last, low: low, high: high)
    case .weeks:
      return Band(firstDay: (entry.first - 1) * 7, lastDay: entry.last.map { $0 * 7 - 1 }, low: low, high: high)
    }
  }
}
