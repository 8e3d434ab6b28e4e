/// `backfillctl plan`.
public struct PlanRequest: Sendable, Equatable {
  public let window: String
  /// Only the dates of so many activations, at least 1; `nil`: every date.
  public let nights: Int?

  public init(window: String, nights: Int? = nil) {
    self.window = window
    self.nights = nights
  }
}
