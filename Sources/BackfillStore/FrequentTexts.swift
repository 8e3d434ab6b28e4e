import BackfillCore

/// The texts of the values that every date has. `TextEncoder` writes the same, but what leads to it through the containers of
/// Codable is 2 or 3 % of what a short date costs.
extension JSONText {
  /// The text of `event`; `nil` unless it is one that an ordinary date has.
  static func text(of event: JournalEvent) throws -> String? {
    let text = JSONText()
    switch event {
    case .stepStarted(let attempt):
      text.beginEvent("stepStarted")
      text.write(attempt, as: "_0", at: 2)
    case .stepJudged(let attempt, let verdict, let duration) where verdict.findings.isEmpty:
      text.beginEvent("stepJudged")
      text.write(attempt, as: "_0", at: 2)
      text.beginMember("duration", at: 2)
      try text.encode(duration, in: 2)
      text.beginMember("verdict", at: 2)
      text.write(verdict, in: 2)
    case .dateDone(let window, let date, let chunk, let verdict):
      text.beginEvent("dateDone")
      text.write(chunk, as: "chunk", at: 2)
      text.write(date.description, as: "date", at: 2)
      text.write(verdict.rawValue, as: "verdict", at: 2)
      text.write(window, as: "window", at: 2)
    default:
      return nil
    }
    return text.finish()
  }

  /// The text of `verdict`; `nil` when it has findings.
  static func text(of verdict: StepVerdict) -> String? {
    guard verdict.findings.isEmpty else { return nil }
    let text = JSONText()
    text.write(verdict, in: 0)
    return text.finish()
  }

  /// What is written next is part of the event, at depth 2.
  private func beginEvent(_ name: String) {
    beginMember(name, at: begin(isObject: true, in: 0))
    _ = begin(isObject: true, in: 1)
  }

  private func write(_ attempt: AttemptIdentity, as key: String, at depth: Int) {
    beginMember(key, at: depth)
    let depth = begin(isObject: true, in: depth)
    write(Int64(attempt.attempt), as: "attempt", at: depth)
    write(attempt.chunk, as: "chunk", at: depth)
    write(attempt.date.description, as: "date", at: depth)
    write(attempt.runID, as: "runID", at: depth)
    write(attempt.step, as: "step", at: depth)
    write(attempt.window, as: "window", at: depth)
  }

  /// One without findings.
  private func write(_ verdict: StepVerdict, in depth: Int) {
    let depth = begin(isObject: true, in: depth)
    beginMember("findings", at: depth)
    _ = begin(isObject: false, in: depth)
    write(verdict.sentence, as: "sentence", at: depth)
    write(verdict.word.rawValue, as: "word", at: depth)
  }

  private func write(_ value: String, as key: String, at depth: Int) {
    beginMember(key, at: depth)
    write(value)
  }

  private func write(_ value: Int64, as key: String, at depth: Int) {
    beginMember(key, at: depth)
    write(literal: String(value))
  }
}
