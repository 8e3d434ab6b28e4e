/// Categories that nobody named: a failure nobody thought of is not a normal one.
enum UnknownCategoryCheck {
  /// One finding for each category with failures that is in none of the lists, by name.
  static func findings(on report: Report, expecting: Expectation) -> [Finding] {
    var known = Set(expecting.never)
    known.formUnion(expecting.expected)
    for stream in expecting.streams { known.formUnion(stream.categories) }
    return report.failures.sorted { $0.key < $1.key }.compactMap { category, count in
      guard count > 0, !known.contains(category) else { return nil }
      return Finding(
        reason: .unknownCategory, word: .anomaly,
        sentence: "\(Wording.grouped(count)) failed \(category), a category that neither `expected` nor `failures` nor "
          + "`never` names -> anomaly.",
        subject: category)
    }
  }
}
