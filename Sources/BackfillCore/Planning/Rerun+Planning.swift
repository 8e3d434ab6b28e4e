/// What came of planning a rerun.
public struct RerunPlan: Sendable, Equatable {
  public let rerun: Rerun
  /// The named dates on which nothing runs again, and why.
  public let refused: [DecisionOutcome.Refused]

  /// Works out what becomes stale when `step` (`nil`: every step) of `dates` runs again, as the dates of the window stand.
  ///
  /// Skipped dates are nobody's work: nothing becomes stale on them, nor through them. Only done, held and half-done dates
  /// can be named; `isDownstream`: the steps above the named one need not be done, they run as well.
  public init(
    of dates: [CivilDate], step: String?, isDownstream: Bool, standings: [CivilDate: DateStanding],
    staleness: Staleness
  ) {
    let all = staleness.window.steps
    let names = Set(step.map { [$0] } ?? all.map(\.name))
    var refused: [DecisionOutcome.Refused] = []
    var named: Set<CivilDate> = []
    for date in dates {
      let standing = standings[date] ?? DateStanding()
      if let why = Self.refusal(of: standing, step: staleness.window.steps.first { $0.name == step }, isDownstream) {
        refused.append(DecisionOutcome.Refused(date: date, why: why))
      } else {
        named.insert(date)
      }
    }
    let reached = staleness.reached(from: named, steps: names) { date, step in
      guard let standing = standings[date], standing.state != .skipped else { return false }
      return standing.steps[step]?.hasResult ?? false
    }
    let entries = reached.keys.sorted().map { date in
      let isNamed = named.contains(date)
      let steps = all.map(\.name).filter { reached[date]?.contains($0) ?? false }
      let stale = steps.filter { !(isNamed && names.contains($0)) }
      return RerunDate(
        date: date, again: isNamed ? steps.filter(names.contains) : [], stale: stale,
        isPending: isNamed || Self.becomesPending(standings[date] ?? DateStanding(), stale: stale))
    }
    rerun = Rerun(step: step, isDownstream: isDownstream, dates: entries)
    self.refused = refused
  }

  /// Why nothing of a date can run again; `nil` when it can.
  private static func refusal(of standing: DateStanding, step: Step?, _ isDownstream: Bool) -> String? {
    switch standing.state {
    case .running, .verifying: return "is being worked on"
    case .skipped: return "is skipped (\(standing.reason ?? "no reason")): retry it"
    case .pending:
      let hasResult = standing.steps.contains { name, known in known.hasResult && (step?.name ?? name) == name }
      if !hasResult {
        return step.map { "`\($0.name)` has no result there yet: run it" } ?? "has no result yet: run it"
      }
    case .done, .held: break
    }
    guard !isDownstream, let step else { return nil }
    let above = step.after.first { !(standing.steps[$0]?.opensGate ?? false) }
    return above.map { "`\(step.name)` needs `\($0)` first, which is not done" }
  }

  /// A held date that was not named waits for a person as long as a step holds it that did not become stale.
  private static func becomesPending(_ standing: DateStanding, stale: [String]) -> Bool {
    guard standing.state == .held, !standing.awaitsInput else { return true }
    let holding = Set(standing.steps.filter(\.value.holds).keys)
    return !holding.isEmpty && holding.isSubset(of: stale)
  }
}
