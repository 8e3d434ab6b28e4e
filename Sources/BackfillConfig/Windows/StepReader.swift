import BackfillCore

/// A step as far as it could be read, with the places that the checks of the whole pipeline need.
struct ReadStep {
  let step: Step
  let position: Position
  /// Every `after` of the same date.
  let after: [(name: String, field: Field)]
  /// Every `after` that looks back.
  let lookbacks: [(name: String, field: Field)]
  let completeness: Position?
}

/// Reads one step.
struct StepReader {
  static let known = ["command", "requires", "freshness", "after", "timeout", "retry", "report", "expect"]
  static let later = ["probe"]

  private static let retryKeys = KeyPlace(name: "`retry`", keys: ["attempts", "delays"])
  private static let elsewhere = [
    KeyPlace(name: "`expect`", keys: ExpectationReader.known), retryKeys,
    KeyPlace(name: "`run`, of the window", keys: RunReader.known),
    KeyPlace(name: "the window", keys: WindowReader.known, later: WindowReader.later),
  ]

  private let name: String
  private let keys: MappingReader

  /// Returns what could be read; the findings say what could not.
  static func read(_ entry: YAMLEntry, since: CivilDate, findings: FindingList) -> ReadStep? {
    if !NameText.isName(entry.key) {
      findings.add(
        "a step's name must be made of letters, digits, `-`, `_` and `.`, found \(quoted(entry.key))",
        at: entry.keyPosition)
    }
    let field = Field(
      label: "step \(quoted(entry.key))", node: entry.value, fallback: entry.keyPosition, findings: findings)
    guard let keys = MappingReader(field, keys: known, later: later, elsewhere: elsewhere) else { return nil }
    return StepReader(name: entry.key, keys: keys).step(at: entry.keyPosition, since: since)
  }

  private func step(at position: Position, since: CivilDate) -> ReadStep {
    let command = command(missingAt: position)
    var same: [(name: String, field: Field)] = []
    var earlier: [(lookback: Lookback, field: Field)] = []
    for item in keys["after"]?.oneOrMore ?? [] {
      readAfter(item, into: &same, &earlier)
    }
    let requires = keys["requires"].map(CheckReader(kind: .requires).checks)
    let freshness = keys["freshness"].map(CheckReader(kind: .freshness).checks)
    let report = keys["report"].flatMap(reportSource) ?? .file
    let (expect, completeness) =
      keys["expect"].map { ExpectationReader.read($0, since: since, report: report) } ?? (Expectation(), nil)
    let step = Step(
      name: name, command: command, requires: requires ?? [], freshness: freshness ?? [], after: same.map(\.name),
      lookbacks: earlier.map(\.lookback), timeout: keys["timeout"].flatMap { $0.duration() },
      retry: keys["retry"].flatMap(retry) ?? Retry(),
      report: report, expect: expect)
    return ReadStep(
      step: step, position: position, after: same, lookbacks: earlier.map { ($0.lookback.step, $0.field) },
      completeness: completeness)
  }

  private func command(missingAt position: Position) -> [String] {
    guard let field = keys["command"] else {
      keys.findings.add("step \(quoted(name)) has no `command`", at: position)
      return []
    }
    return CommandReader.ofStep.command(field)
  }

  private func readAfter(
    _ item: Field, into same: inout [(name: String, field: Field)],
    _ earlier: inout [(lookback: Lookback, field: Field)]
  ) {
    guard case .mapping = item.node.content else {
      guard let other = item.scalar, !other.isEmpty else {
        item.report("\(item.label) must be the name of a step or `{step, lookback, min}`, found \(item.node.found)")
        return
      }
      add(other, item, isEarlier: earlier.contains { $0.lookback.step == other }, to: &same)
      return
    }
    guard let keys = MappingReader(item, keys: ["step", "lookback", "min"], prefix: "after.") else { return }
    let stepField = keys.required("step")
    let other = stepField?.text()
    // A step may build on its own earlier dates; any other one is waited for on the same date too.
    if let stepField, let other, other != name { add(other, stepField, isEarlier: true, to: &same) }
    let dates = keys.required("lookback").flatMap { $0.wholeNumber(atLeast: 1) }
    let minimum = keys["min"].map { $0.wholeNumber(atLeast: 1) } ?? dates
    guard let dates, let minimum else { return }
    guard minimum <= dates else {
      keys["min"]?.report("`after.min` \(minimum) is above `after.lookback` \(dates)")
      return
    }
    guard let stepField, let other else { return }
    earlier.append((Lookback(step: other, dates: dates, minimum: minimum), stepField))
  }

  private func add(
    _ other: String, _ field: Field, isEarlier: Bool, to same: inout [(name: String, field: Field)]
  ) {
    if same.contains(where: { $0.name == other }) {
      field.report(
        "\(quoted(other)) is twice in `after`",
        hint: isEarlier ? "a `lookback` waits for the same date too: leave the other one out" : nil)
    } else {
      same.append((other, field))
    }
  }

  private func retry(_ field: Field) -> Retry? {
    guard let keys = MappingReader(field, keys: Self.retryKeys.keys, prefix: "retry.") else { return nil }
    let attempts = keys.required("attempts").flatMap { $0.wholeNumber(atLeast: 1) }
    let delays = keys["delays"]?.oneOrMore.compactMap { $0.duration(zeroAllowed: true) } ?? []
    guard let attempts else { return nil }
    return Retry(attempts: attempts, delays: delays)
  }

  private func reportSource(_ field: Field) -> ReportSource? {
    guard let keys = MappingReader(field, keys: ["from"], later: ["pattern"], prefix: "report."),
      let from = keys.required("from")
    else { return nil }
    if from.scalar == "pattern" {
      from.report("`report.from: pattern` is not supported yet")
      return nil
    }
    switch from.choice(["file", "output", "none"]) {
    case "file": return .file
    case "output": return .output
    case "none": return ReportSource.none
    default: return nil
    }
  }
}
