/// The keys of a line as they stand, before it is known what they mean together.
struct JudgeLine: Decodable {
  let n: Int?
  let k: Int?
  let lo: Double?
  let hi: Double?
  let rho: Double?
  let alphaWarn: Double?
  let alphaAnomaly: Double?
  let above: Severity?
  let below: Severity?
  let budget: Double?
  let windowDates: Int?
  let streams: Int?
  let dates: [Date]?
  let records: Int?
  let failures: [String: Int]?
  let durationSeconds: Double?
  let slowInPrevious4: Int?
  let maxDurationSeconds: Double?
  let minRecords: Int?
  let allowEmpty: Bool?
  let never: [String]?
  let expected: [String]?
  let categories: [String]?

  /// One element of `dates`.
  struct Date: Decodable {
    let n: Int?
    let k: Int?
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
