import BackfillCore

/// What `import` prints: how many dates, and those that were left alone.
enum ImportRendering {
  static func lines(_ answer: ImportAnswer) -> [String] {
    let known = runs(of: answer.known).map { run in
      let dates = run.count == 1 ? "\(run[0].date)" : "\(run[0].date)..\(run[run.count - 1].date)"
      let count = run.count == 1 ? "" : " (\(Text.count(run.count, "date")))"
      return "  \(dates)\(count) \(Text.printable(run[0].why))"
    }
    return [Text.printable(answer.message)]
      + (known.isEmpty ? [] : ["\(Text.count(answer.known.count, "date")) left alone:"] + known)
  }

  /// Neighbours of the list of which the same is known, together.
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
