/// Whether the attempt took too long.
///
/// One slow night is load, not data: it warns. The third slow date in five, or one above five times the limit, is an
/// anomaly. Source: VERDICT, "Duration".
public enum DurationCheck {
  /// Whether `duration` counts as slow; never without a limit.
  public static func isSlow(_ duration: Duration, expecting: Expectation) -> Bool {
    expecting.maxDuration.map { duration > $0 } ?? false
  }

  /// `nil` when it did not, or when there is no limit.
  static func finding(on duration: Duration, slowInPrevious4: Int, expecting: Expectation) -> Finding? {
    guard let limit = expecting.maxDuration, duration > limit else { return nil }
    let took = "took \(duration.spoken), expected at most \(limit.spoken)"
    if duration > limit * 5 { return finding(.anomaly, "\(took), more than five times that") }
    if slowInPrevious4 >= 2 {
      return finding(.anomaly, "\(took), \(slowInPrevious4 + 1) slow dates of the last five")
    }
    return finding(.warn, took)
  }

  private static func finding(_ word: Verdict, _ sentence: String) -> Finding {
    Finding(reason: .slow, word: word, sentence: "\(sentence) -> \(word).")
  }
}
