/// The keys of a line as they stand, before it is known what they mean together.
struct JudgeLine: Decodable {
  let n: WholeNumber?
  let k: WholeNumber?
  let lo: Double?
  let hi: Double?
  let rho: Double?
  let alphaWarn: Double?
  let alphaAnomaly: Double?
  let above: String?
  let below: String?
  let budget: Double?
  let windowDates: WholeNumber?
  let streams: WholeNumber?
  let dates: [Date]?
  let records: WholeNumber?
  let failures: [String: WholeNumber]?
  let durationSeconds: Double?
  let slowInPrevious4: WholeNumber?
  let maxDurationSeconds: Double?
  let minRecords: WholeNumber?
  let allowEmpty: Bool?
  let never: [String]?
  let expected: [String]?
  let categories: [String]?

  /// One element of `dates`.
  struct Date: Decodable {
    let n: WholeNumber?
    let k: WholeNumber?
    let lo: Double?
    let hi: Double?
  }

  private enum CodingKeys: String, CodingKey {
    case n, k, lo, hi, rho, above, below, budget, streams, dates, records, failures, never, expected, categories
    case alphaWarn = "alpha_warn"
    case alphaAnomaly = "alpha_anomaly"
    case windowDates = "window_dates"
    case durationSeconds = "duration_s"
    case slowInPrevious4 = "slow_in_previous_4"
    case maxDurationSeconds = "max_duration_s"
    case minRecords = "min_records"
    case allowEmpty = "allow_empty"
  }
}

/// A count of a line. Also reads `450.0`, and says of `3.5` that it is none.
struct WholeNumber: Decodable {
  let value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let number = try container.decode(Double.self)
    guard number.rounded() == number, let value = Int(exactly: number) else {
      throw DecodingError.typeMismatch(
        Int.self, DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "\(number)"))
    }
    // Above 2^53 a floating-point number no longer holds every whole one.
    self.value = number.magnitude < 9e15 ? value : try container.decode(Int.self)
  }
}
