/// The facts an attempt hands back: one JSON object, every key optional.
public struct Report: Sendable, Equatable, Codable {
  /// Entities the step tried.
  public let attempted: Int?
  /// Entities that succeeded: rows written.
  public let records: Int?
  /// Entities that failed, by category.
  public let failures: [String: Int]
  public let metrics: [String: Double]
  /// Words for the reader; never judged.
  public let message: String?

  public init(
    attempted: Int? = nil, records: Int? = nil, failures: [String: Int] = [:], metrics: [String: Double] = [:],
    message: String? = nil
  ) {
    self.attempted = attempted
    self.records = records
    self.failures = failures
    self.metrics = metrics
    self.message = message
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    attempted = try container.decodeIfPresent(Int.self, forKey: .attempted)
    records = try container.decodeIfPresent(Int.self, forKey: .records)
    failures = try container.decodeIfPresent([String: Int].self, forKey: .failures) ?? [:]
    metrics = try container.decodeIfPresent([String: Double].self, forKey: .metrics) ?? [:]
    message = try container.decodeIfPresent(String.self, forKey: .message)
  }
}
