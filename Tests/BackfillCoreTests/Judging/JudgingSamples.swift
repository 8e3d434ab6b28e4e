import BackfillCore

/// Reports and expectations that the tests of the judge share.
enum JudgingSamples {
  static let since = CivilDate(daysSinceEpoch: 18_919)  // 2021-10-19
  static let categories = ["INSUFFICIENT_DATA", "MISSING_DEPENDENCY"]

  /// A band that holds on every date.
  static func stream(
    _ low: Double, _ high: Double, above: Severity = .anomaly, below: Severity = .warn, rho: Double = 0.005,
    categories: [String] = ["INSUFFICIENT_DATA"]
  ) -> RateStream {
    RateStream(
      categories: categories, since: since, bands: [Band(firstDay: 0, lastDay: nil, low: low, high: high)],
      above: above, below: below, rho: rho)
  }

  static func context(
    day: Int = 0, calendarCount: Int? = nil, slowInPrevious4: Int = 0, duration: Duration = .seconds(12)
  ) -> JudgingContext {
    JudgingContext(
      date: since.adding(days: day), step: "routes", calendarCount: calendarCount, slowInPrevious4: slowInPrevious4,
      duration: duration)
  }
}
