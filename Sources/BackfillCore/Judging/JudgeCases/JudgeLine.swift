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

    private enum CodingKeys: String, CodingKey {
      case n, k, lo, hi
    }

    init(from decoder: any Decoder) throws {
      let keys = try decoder.container(keyedBy: CodingKeys.self)
      n = try keys.value(WholeNumber.self, .n)
      k = try keys.value(WholeNumber.self, .k)
      lo = try keys.value(Double.self, .lo)
      hi = try keys.value(Double.self, .hi)
    }
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

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    n = try keys.value(WholeNumber.self, .n)
    k = try keys.value(WholeNumber.self, .k)
    lo = try keys.value(Double.self, .lo)
    hi = try keys.value(Double.self, .hi)
    rho = try keys.value(Double.self, .rho)
    alphaWarn = try keys.value(Double.self, .alphaWarn)
    alphaAnomaly = try keys.value(Double.self, .alphaAnomaly)
    above = try keys.value(String.self, .above)
    below = try keys.value(String.self, .below)
    budget = try keys.value(Double.self, .budget)
    windowDates = try keys.value(WholeNumber.self, .windowDates)
    streams = try keys.value(WholeNumber.self, .streams)
    dates = try keys.value([Date].self, .dates)
    records = try keys.value(WholeNumber.self, .records)
    failures = try keys.value([String: WholeNumber].self, .failures)
    durationSeconds = try keys.value(Double.self, .durationSeconds)
    slowInPrevious4 = try keys.value(WholeNumber.self, .slowInPrevious4)
    maxDurationSeconds = try keys.value(Double.self, .maxDurationSeconds)
    minRecords = try keys.value(WholeNumber.self, .minRecords)
    allowEmpty = try keys.value(Bool.self, .allowEmpty)
    never = try keys.value([String].self, .never)
    expected = try keys.value([String].self, .expected)
    categories = try keys.value([String].self, .categories)
  }
}

/// A count of a line. Also reads `450.0`, and says of `3.5` that it is none.
struct WholeNumber: Decodable {
  let value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let number = try Unreadable.said(at: decoder.codingPath) { try container.decode(Double.self) }
    guard number.rounded() == number else {
      throw DecodingError.typeMismatch(
        Int.self, DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "\(number)"))
    }
    // Above 2^53 a floating-point number no longer holds every whole one.
    do {
      value = try container.decode(Int.self)
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "does not fit into 64 bits"))
    }
  }
}
