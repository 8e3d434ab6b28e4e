import BackfillCore

/// Reads `expect:` of a step.
struct ExpectationReader {
  static let known = [
    "records", "completeness", "duration", "metrics", "never", "expected", "failures", "allow_empty",
  ]

  private let keys: MappingReader
  private let field: Field

  /// Returns what could be read, and where `completeness` is, which needs the counts of the calendar.
  ///
  /// `since` is the first date of the window: day 0 of bands that do not say otherwise.
  static func read(_ field: Field, since: CivilDate, report: ReportSource) -> (Expectation, completeness: Position?) {
    guard let keys = MappingReader(field, keys: known, prefix: "expect.") else { return (Expectation(), nil) }
    let reader = ExpectationReader(keys: keys, field: field)
    if report == .none { reader.refuseFacts() }
    let expectation = reader.expectation(since: since)
    return (expectation, expectation.completeness.flatMap { _ in keys["completeness"]?.position })
  }

  /// A step without a report gives no facts to compare.
  private func refuseFacts() {
    for key in ["records", "completeness", "metrics", "never", "expected", "failures"] {
      guard let fact = keys[key] else { continue }
      keys.findings.add(
        "\(fact.label) expects a report, but the step says `report: {from: none}`", at: keys.keyPosition(key))
    }
  }

  private func expectation(since: CivilDate) -> Expectation {
    let never = keys["never"].map { $0.distinct { $0.text() } } ?? []
    let expected = keys["expected"].map { $0.distinct { $0.text() } } ?? []
    let streams = streams(expected: expected, since: since)
    refuseContradictions(never: Set(never), expected: expected, streams: streams)
    return Expectation(
      records: keys["records"].flatMap { $0.range(.number) },
      completeness: keys["completeness"].flatMap { $0.range(.percent) },
      maxDuration: keys["duration"].flatMap(maxDuration), metrics: metrics(), never: never, expected: expected,
      streams: streams, allowEmpty: keys["allow_empty"]?.flag() ?? false)
  }

  /// `2m` or `<= 2m`.
  private func maxDuration(_ field: Field) -> Duration? {
    let expected = "an upper limit such as `<= 2m`"
    guard let text = field.scalar, let range = RangeText(text, dash: false), let high = range.high,
      range.low == nil || range.low == high
    else { return field.refuse(expected) }
    guard let duration = DurationText.value(of: high) else { return field.refuse(duration: high, expected: expected) }
    guard duration > .zero else { return field.refuse(expected) }
    return duration
  }

  private func metrics() -> [String: NumberRange] {
    guard let field = keys["metrics"] else { return [:] }
    guard case .mapping(let entries) = field.node.content else {
      field.report("\(field.label) must be a mapping of names to ranges, found \(field.node.found)")
      return [:]
    }
    var ranges: [String: NumberRange] = [:]
    for entry in entries {
      let metric = Field(
        label: quoted("expect.metrics." + entry.key), node: entry.value, fallback: entry.keyPosition,
        findings: keys.findings)
      ranges[entry.key] = metric.range(.either)
    }
    return ranges
  }

  private func streams(expected: [String], since: CivilDate) -> [RateStream] {
    guard let field = keys["failures"] else { return [] }
    var streams: [RateStream] = []
    for item in field.oneOrMore {
      guard let stream = StreamReader.read(item, expected: expected, since: since) else { continue }
      if streams.contains(where: { Set($0.categories) == Set(stream.categories) }) {
        item.report("two streams judge the same categories: \(quoted(stream.name))")
      }
      streams.append(stream)
    }
    return streams
  }

  private func refuseContradictions(never: Set<String>, expected: [String], streams: [RateStream]) {
    guard let field = keys["never"] else { return }
    let banded = Set(streams.flatMap(\.categories))
    for item in field.oneOrMore {
      guard let category = item.scalar, never.contains(category) else { continue }
      if expected.contains(category) {
        item.report("\(quoted(category)) is in `expect.never` and in `expect.expected`")
      } else if banded.contains(category) {
        item.report("\(quoted(category)) is in `expect.never` and in `expect.failures`")
      }
    }
  }
}

/// Reads one rate stream of `failures:`.
enum StreamReader {
  /// Returns the stream, or `nil` with a finding.
  static func read(_ field: Field, expected: [String], since: CivilDate) -> RateStream? {
    guard
      let keys = MappingReader(
        field, keys: ["categories", "since", "bands", "interpolate", "above", "below", "rho"], prefix: "failures.")
    else { return nil }
    let categories = keys["categories"].map { $0.distinct { $0.text() } } ?? expected
    if keys["categories"] == nil, expected.isEmpty {
      field.report("`failures.categories` is missing", hint: "without it, `expect.expected` must name categories")
    } else if let named = keys["categories"], named.items?.isEmpty ?? false {
      named.report("\(named.label) must name at least one category")
    }
    let bands = keys.required("bands").flatMap(BandReader.read)
    let first = keys["since"].map { $0.date() } ?? since
    let interpolate = keys["interpolate"]?.flag()
    let above = keys["above"].flatMap(severity)
    let below = keys["below"].flatMap(severity)
    let rho = keys["rho"].flatMap(dispersion)
    guard let bands, let first, !categories.isEmpty else { return nil }
    return RateStream(
      categories: categories, since: first, bands: bands, interpolate: interpolate ?? false, above: above ?? .anomaly,
      below: below ?? .warn, rho: rho ?? 0.005)
  }

  private static func severity(_ field: Field) -> Severity? {
    field.choice([Severity.warn, .anomaly].map(\.rawValue)).flatMap(Severity.init)
  }

  private static func dispersion(_ field: Field) -> Double? {
    guard let text = field.scalar, let rho = NumberText.number(text), (0..<1).contains(rho) else {
      return field.refuse("a number from 0 to below 1")
    }
    return rho
  }
}
