/// Under which definition dates of a window were done, as `show` says it.
public struct DefinitionView: Sendable, Equatable, Codable {
  /// The digest that is kept with each attempt.
  public let definition: String
  /// On so many dates a step was last done with it.
  public let dates: Int
  public let first: CivilDate
  public let last: CivilDate

  public init(definition: String, dates: Int, first: CivilDate, last: CivilDate) {
    self.definition = definition
    self.dates = dates
    self.first = first
    self.last = last
  }
}
