/// The directed graph of a pipeline's steps, and what it says about one date.
public struct StepGraph: Sendable, Equatable {
  /// In the order of the file.
  public let steps: [Step]

  public init(_ steps: [Step]) {
    self.steps = steps
  }

  /// The steps that may start now: not begun (or stale), with every step they come after done and let through.
  public func ready(_ records: [String: StepRecord]) -> [Step] {
    steps.filter { step in
      switch records[step.name]?.state ?? .pending {
      case .pending, .stale: step.after.allSatisfy { records[$0]?.opensGate ?? false }
      case .running, .done, .failed, .blocked: false
      }
    }
  }

  /// The steps, each behind all that it comes after; otherwise in the order of the file.
  public var inOrder: [Step] {
    var order: [Step] = []
    var rest = steps
    while !rest.isEmpty {
      let waiting = Set(rest.map(\.name))
      let next = rest.filter { waiting.isDisjoint(with: $0.after) }
      // A cycle, which no configuration has.
      guard !next.isEmpty else { return order + rest }
      order += next
      rest.removeAll { step in next.contains { $0.name == step.name } }
    }
    return order
  }

  /// The state a person is shown: a pending step below one that failed or is an anomaly is blocked.
  public func shownState(of step: Step, _ records: [String: StepRecord]) -> StepState {
    let state = records[step.name]?.state ?? .pending
    guard state == .pending || state == .stale else { return state }
    return isBlocked(step, records) ? .blocked : state
  }

  /// What the date has come to, when no step runs. A date that is held has a verdict only if it is an anomaly: what passed
  /// beside a failed step is not the date's. `missing` says of steps why they were not run: their input is missing.
  public func conclusion(_ records: [String: StepRecord], missing: [String: String] = [:]) -> DateChange {
    // The verdict of a step that runs again is that of its last attempt, and says nothing any more.
    let verdict = records.values.filter { $0.state == .done }.compactMap { $0.verdict?.word }.max()
    let heldVerdict: Verdict? = verdict == .anomaly ? .anomaly : nil
    let reasons = steps.compactMap { step in records[step.name].flatMap { holdReason($0) } }
    let waits = steps.compactMap { missing[$0.name] }
    // What a person must decide comes first: the date waits for him, whatever else it waits for.
    if !reasons.isEmpty { return .held(reason: (reasons + waits).joined(separator: "; "), verdict: heldVerdict) }
    if !waits.isEmpty { return .heldForInput(reason: waits.joined(separator: "; "), verdict: heldVerdict) }
    let open = steps.filter { records[$0.name]?.state != .done }
    if open.isEmpty { return .done(verdict ?? .pass) }
    return .pending(reason: open.contains { records[$0.name]?.state == .stale } ? DateState.staleReason : nil)
  }

  private func holdReason(_ record: StepRecord) -> String? {
    if record.state == .failed { return "`\(record.step)` failed: \(record.failure ?? "no reason was kept")" }
    if record.state == .done, !record.opensGate { return "`\(record.step)` is an anomaly" }
    return nil
  }

  private func isBlocked(_ step: Step, _ records: [String: StepRecord]) -> Bool {
    step.after.contains { name in
      guard let above = self.steps.first(where: { $0.name == name }) else { return false }
      if let record = records[name], holdReason(record) != nil { return true }
      return isBlocked(above, records)
    }
  }
}
