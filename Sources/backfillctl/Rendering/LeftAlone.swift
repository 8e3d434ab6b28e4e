import BackfillCore

/// Dates that did not change, and why: neighbours of the list with the same reason in one line.
enum LeftAlone {
  /// `2013-01-01..2013-01-12 (10 dates): is done`; `separator` stands before the reason.
  static func lines(_ dates: [DecisionOutcome.Refused], separator: String = ": ") -> [String] {
    runs(of: dates).map { run in
      let span = run.count == 1 ? "\(run[0].date)" : "\(run[0].date)..\(run[run.count - 1].date)"
      let count = run.count == 1 ? "" : " (\(Text.count(run.count, "date")))"
      return "\(span)\(count)\(separator)\(Text.printable(run[0].why))"
    }
  }

  private static func runs(of dates: [DecisionOutcome.Refused]) -> [[DecisionOutcome.Refused]] {
    var runs: [[DecisionOutcome.Refused]] = []
    for date in dates {
      if let last = runs.last?.last, last.why == date.why {
        runs[runs.count - 1].append(date)
      } else {
        runs.append([date])
      }
    }
    return runs
  }
}
