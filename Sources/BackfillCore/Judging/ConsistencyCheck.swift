/// Whether a report contradicts itself: then nothing else about it is judged.
///
/// A step may write more rows than it has entities, so records are never compared with what was attempted.
enum ConsistencyCheck {
  /// `nil` when the report is consistent.
  static func finding(on report: Report) -> Finding? {
    var faults: [String] = []
    if let attempted = report.attempted, attempted < 0 { faults.append("attempted is \(Wording.grouped(attempted))") }
    if let records = report.records, records < 0 { faults.append("records is \(Wording.grouped(records))") }
    var total = 0
    var isTooLarge = false
    for (category, count) in report.failures.sorted(by: { $0.key < $1.key }) {
      if count < 0 { faults.append("failures of \(category) are \(Wording.grouped(count))") }
      let (sum, overflow) = total.addingReportingOverflow(max(0, count))
      total = overflow ? .max : sum
      isTooLarge = isTooLarge || overflow
    }
    if isTooLarge {
      faults.append("its failures add up to more than \(Wording.grouped(.max))")
    } else if let attempted = report.attempted, attempted >= 0, total > attempted {
      faults.append("\(Wording.counted(total, "failure")) of \(Wording.grouped(attempted)) attempted")
    }
    for (name, value) in report.metrics.sorted(by: { $0.key < $1.key }) where !value.isFinite {
      faults.append("\(name) is \(value)")
    }
    guard !faults.isEmpty else { return nil }
    return Finding(
      reason: .badFacts, word: .anomaly,
      sentence: "the report contradicts itself: \(faults.joined(separator: "; ")) -> anomaly.")
  }
}
