/// Whether the records are as many as the calendar says, in proportion.
enum CompletenessCheck {
  /// `nil` when they are, or when no completeness is expected.
  ///
  /// The denominator comes from outside the step. Where the calendar has none for this date the check is inconclusive.
  static func finding(on report: Report, expecting: Expectation, calendarCount: Int?) -> Finding? {
    guard let expected = expecting.completeness else { return nil }
    let wanted = expected.wording { "\(Wording.percent($0)) %" }
    guard let count = calendarCount else {
      return finding(
        .inconclusive, "the calendar does not say how many entities the date has, expected \(wanted) of them")
    }
    guard let records = report.records else {
      return finding(
        .anomaly, "the report does not say how many records there are, expected \(wanted) of \(Wording.grouped(count))")
    }
    let share = count > 0 ? Double(records) / Double(count) : (records == 0 ? 1 : .infinity)
    guard !expected.contains(share) else { return nil }
    let percent = share.isFinite ? " (\(Wording.fixed(share * 100, decimals: 1)) %)" : ""
    return finding(
      .anomaly, "\(Wording.grouped(records)) of \(Wording.counted(count, "record"))\(percent), expected \(wanted)")
  }

  private static func finding(_ word: Verdict, _ sentence: String) -> Finding {
    Finding(reason: .completeness, word: word, sentence: "\(sentence) -> \(word).")
  }
}
