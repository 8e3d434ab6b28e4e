/// What came of a rerun, or would come of it.
public struct RerunAnswer: Sendable, Equatable, Codable {
  /// One sentence: what happens now.
  public let message: String
  /// Over all `dates`.
  public let count: RerunCount
  /// In calendar order.
  public let dates: [RerunDate]
  /// The named dates on which nothing runs again, and why.
  public let refused: [DecisionOutcome.Refused]

  public init(message: String, rerun: Rerun, refused: [DecisionOutcome.Refused]) {
    self.message = message
    count = rerun.count
    dates = rerun.dates
    self.refused = refused
  }
}
