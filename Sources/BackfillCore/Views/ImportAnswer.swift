/// What came of an import, or would come of it.
public struct ImportAnswer: Sendable, Equatable, Codable {
  /// One sentence: what happened.
  public let message: String
  /// The dates that are recorded as done.
  public let imported: [CivilDate]
  /// The dates that the ledger knew something of already, and what: they are left alone.
  public let known: [DecisionOutcome.Refused]
  /// The dates that the window does not cover; when there is one, nothing is recorded.
  public let uncovered: [CivilDate]

  public init(
    message: String, imported: [CivilDate] = [], known: [DecisionOutcome.Refused] = [], uncovered: [CivilDate] = []
  ) {
    self.message = message
    self.imported = imported
    self.known = known
    self.uncovered = uncovered
  }
}
