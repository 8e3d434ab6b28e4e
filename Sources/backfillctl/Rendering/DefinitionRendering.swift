import BackfillCore

/// What `show` says when dates were done with another definition of the window than the one in force.
enum DefinitionRendering {
  /// `3 definitions; dates before 2013-01-20 were done with another one`; `nil` when there is nothing to say.
  static func sentence(_ view: WindowView) -> String? {
    guard let current = view.definition else { return nil }
    let others = view.definitions.filter { $0.definition != current }
    guard let first = others.map(\.first).min(), let last = others.map(\.last).max() else { return nil }
    let dates: String
    if let beginning = view.definitions.first(where: { $0.definition == current })?.first, last < beginning {
      dates = "dates before \(beginning) were"
    } else if first == last {
      dates = "\(first) was"
    } else {
      dates = "dates from \(first) to \(last) were"
    }
    return "\(others.count + 1) definitions; \(dates) done with another one"
  }

  /// About one date; `nil` when all of its steps were last tried with the definition in force.
  static func sentence(_ view: WindowView, _ date: DateView) -> String? {
    guard let current = view.definition else { return nil }
    let last = Dictionary((date.history ?? []).map { ($0.step, $0.definitionHash) }) { $1 }
    let others = date.steps.map(\.step).filter { last[$0] != nil && last[$0] != current }
    guard !others.isEmpty else { return nil }
    let steps =
      others.count == last.count
      ? "the date was" : "\(others.joined(separator: ", ")) \(others.count == 1 ? "was" : "were")"
    return "The definition of the window has changed since: \(steps) run with another one."
  }
}
