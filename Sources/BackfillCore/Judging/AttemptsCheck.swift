/// Whether anything was attempted at all.
enum AttemptsCheck {
  /// `nil` when something was attempted, or when nobody expects anything to be.
  ///
  /// Nothing attempted is an anomaly where records are expected, unless an empty date is fine. Otherwise it is
  /// inconclusive: a date on which nothing was tried never passes, unless the step has no rate and an empty date is fine.
  /// A report that does not say is inconclusive where a rate was to be judged.
  static func finding(on report: Report, expecting: Expectation) -> Finding? {
    guard let attempted = report.attempted else {
      guard !expecting.streams.isEmpty else { return nil }
      return Finding(
        reason: .noAttempts, word: .inconclusive,
        sentence: "the report does not say how many were attempted, so no rate is judged -> inconclusive.")
    }
    guard attempted == 0 else { return nil }
    if let records = expecting.records, let minimum = records.minimum, minimum > 0, !expecting.allowEmpty {
      return Finding(
        reason: .noAttempts, word: .anomaly,
        sentence:
          "nothing was attempted, expected \(records.wording()) \(minimum == 1 ? "record" : "records") -> anomaly.")
    }
    if expecting.allowEmpty, expecting.streams.isEmpty { return nil }
    let consequence = expecting.streams.isEmpty ? "" : ", so no rate is judged"
    return Finding(
      reason: .noAttempts, word: .inconclusive, sentence: "nothing was attempted\(consequence) -> inconclusive.")
  }
}
