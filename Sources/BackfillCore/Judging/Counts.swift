extension Int {
  /// The sum; where that is too large to write, the largest number, and the smallest where it is too small.
  ///
  /// For the counts of reports: a step may write any number of 64 bits, and no report stops the daemon.
  func addingSaturated(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }

  /// Adds `count` as `addingSaturated(_:)` does.
  mutating func addSaturated(_ count: Int) {
    self = addingSaturated(count)
  }
}
