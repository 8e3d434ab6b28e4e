import BackfillCore

/// What `rerun` prints: what runs again, and what becomes stale by it.
enum RerunRendering {
  static func lines(_ answer: RerunAnswer, in surroundings: Surroundings) -> [String] {
    guard !answer.dates.isEmpty else { return [Text.printable(answer.message)] }
    var table = Table(["dates", "count", "run again", "become stale"], rightAligned: [1])
    for run in runs(of: answer.dates) {
      guard let first = run.first, let last = run.last else { continue }
      table.add([
        Table.Cell(run.count == 1 ? "\(first.date)" : "\(first.date)..\(last.date)"),
        Table.Cell("\(run.count)"),
        Table.Cell(first.again.joined(separator: ", ")),
        Table.Cell(
          first.stale.joined(separator: ", ") + (first.isPending ? "" : " (stays held)"),
          first.stale.isEmpty ? nil : .yellow),
      ])
    }
    return table.lines(width: surroundings.lineWidth, style: surroundings.style)
      + ["", "\(Text.count(answer.count.dates, "date")), \(Text.count(answer.count.steps, "step"))"]
      + Text.wrapped(answer.message, width: surroundings.width)
  }

  /// Neighbours of the list that fare alike, together.
  private static func runs(of dates: [RerunDate]) -> [[RerunDate]] {
    var runs: [[RerunDate]] = []
    for date in dates {
      if let last = runs.last?.last, last.again == date.again, last.stale == date.stale,
        last.isPending == date.isPending
      {
        runs[runs.count - 1].append(date)
      } else {
        runs.append([date])
      }
    }
    return runs
  }
}
