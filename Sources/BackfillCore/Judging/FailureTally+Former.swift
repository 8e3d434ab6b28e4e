extension FailureTally {
  /// The counts of a window that is no longer configured: of every step that is done on any date that the ledger knows. Which
  /// categories were expected, and at which rate, nobody says any more.
  public static func former(
    _ window: String, _ records: [DateRecord], by grouping: FailuresRequest.Grouping
  ) -> FailuresView {
    let dates = records.map(\.date)
    guard let first = dates.min(), let last = dates.max() else {
      return FailuresView(window: window, by: grouping, rows: [], configured: false)
    }
    let steps = Set(records.flatMap(\.steps.keys)).sorted().map { Step(name: $0, command: []) }
    let selection = DateSelection(
      from: first, to: last, listed: Dictionary(dates.map { ($0, ListedDate()) }) { first, _ in first })
    let tally = FailureTally(
      window: Window(name: window, dates: selection, steps: steps), calendar: WindowCalendar(selection))
    return FailuresView(
      window: window, by: grouping, rows: tally.view(records, by: grouping).rows.map(\.withoutKinds), configured: false)
  }
}

extension FailureRow {
  fileprivate var withoutKinds: FailureRow {
    FailureRow(
      group: group, step: step, kind: nil, dates: dates, n: n, failed: failed, rate: rate, expected: 0, never: 0,
      unknown: 0, streams: [])
  }
}
