import BackfillCore

/// What `failures` prints for a person.
enum FailuresRendering {
  static func lines(_ failures: FailuresView, in surroundings: Surroundings) -> [String] {
    let title = surroundings.style.paint(Text.printable(failures.window), .bold)
    let former = failures.configured ? "" : "  no longer configured: no bands, no kinds"
    guard !failures.rows.isEmpty else {
      // Of the categories there are only those that failed.
      let nothing = failures.by == .category ? "reported a failure" : "has a report"
      return [title + former + "  no step that is done \(nothing)"]
    }
    // Longer names of steps are cut, so that there is room for the rest.
    let stepWidth = max(16, surroundings.lineWidth / 5)
    let table =
      failures.by == .category
      ? categories(failures, stepWidth: stepWidth, isNarrow: surroundings.lineWidth < 72)
      : groups(failures, stepWidth: stepWidth)
    return [title + former, ""] + table.lines(width: surroundings.lineWidth, style: surroundings.style)
  }

  /// Where it is narrow, the band and the number of dates are left out: the category comes last, and says what the row is of.
  private static func categories(_ failures: FailuresView, stepWidth: Int, isNarrow: Bool) -> Table {
    var table = Table(
      isNarrow
        ? ["step", "n", "failed", "rate", "", "category"]
        : ["step", "n", "failed", "rate", "band", "", "dates", "category"],
      rightAligned: isNarrow ? [1, 2, 3] : [1, 2, 3, 6])
    for row in failures.rows {
      // The band of a stream of several categories is no band of this one.
      let own = row.streams.first { $0.stream == row.group }
      let ownBand = Table.Cell(own.flatMap(band) ?? row.streams.first.map { _ in "(sum)" } ?? "")
      let kind = Table.Cell(
        row.kind?.rawValue ?? "", row.failed > 0 && row.kind != .expected && row.kind != nil ? .red : nil)
      table.add(
        [
          Table.Cell(Text.cut(row.step, to: stepWidth)), Table.Cell(String(row.n)), Table.Cell(String(row.failed)),
          Table.Cell(rate(row.rate)),
        ] + (isNarrow ? [kind] : [ownBand, kind, Table.Cell(String(row.dates))]) + [Table.Cell(row.group)])
    }
    return table
  }

  private static func groups(_ failures: FailuresView, stepWidth: Int) -> Table {
    let title =
      switch failures.by {
      case .week: "week of"
      case .date: "date"
      case .step, .category: "step"
      }
    let isStep = failures.by == .step
    var table = Table(
      [title] + (isStep ? [] : ["step"]) + ["n", "failed", "rate", "against its band"],
      rightAligned: isStep ? [1, 2, 3] : [2, 3, 4])
    for row in failures.rows {
      var notes = row.streams.map(words)
      if row.never > 0 { notes.append("\(row.never) never") }
      if row.unknown > 0 { notes.append("\(row.unknown) unknown") }
      table.add(
        [Table.Cell(Text.cut(row.group, to: stepWidth))]
          + (isStep ? [] : [Table.Cell(Text.cut(row.step, to: stepWidth))])
          + [
            Table.Cell(String(row.n)), Table.Cell(String(row.failed)), Table.Cell(rate(row.rate)),
            Table.Cell(notes.joined(separator: "; "), row.never + row.unknown > 0 ? .red : nil),
          ])
    }
    return table
  }

  /// `CANCELLED 3.1 % (0-3 %)`.
  private static func words(_ stream: StreamRate) -> String {
    "\(stream.stream) \(rate(stream.rate)) (\(band(stream) ?? "no band"))"
  }

  private static func rate(_ rate: Double?) -> String {
    rate.map { "\(Percent.number($0)) %" } ?? "-"
  }

  private static func band(_ stream: StreamRate) -> String? {
    guard let low = stream.low, let high = stream.high else { return nil }
    return Percent.range(low, high)
  }
}
