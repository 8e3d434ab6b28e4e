import BackfillCore

/// What `show WINDOW` prints for a person: a line for each date.
enum DatesRendering {
  /// So many untouched dates in a row become one line.
  private static let shortestRun = 4

  static func lines(_ view: WindowView, in surroundings: Surroundings) -> [String] {
    var lines = title(view, surroundings)
    if let sentence = DefinitionRendering.sentence(view) {
      lines += Text.wrapped(sentence, width: surroundings.width, indent: "  ")
    }
    guard !view.dates.isEmpty else { return lines + ["", "No dates."] }
    lines.append("")
    var table = Table(["date", "state", "verdict", "attempts", "reason"], rightAligned: [3])
    for run in runs(of: view.dates) {
      if run.count >= shortestRun, let first = run.first, let last = run.last {
        table.add(line: "\(first.date)..\(last.date)  pending, \(Text.count(run.count, "date"))", .dim)
      } else {
        for date in run { table.add(cells(date)) }
      }
    }
    lines += table.lines(width: surroundings.lineWidth, style: surroundings.style)
    lines += changes(view, surroundings)
    guard view.configured else { return lines }
    let held = view.dates.filter { $0.state == .held && !$0.awaitsInput }
    let commands = NextCommands.lines(
      window: view.window, state: view.state, held: held, alarms: view.alarms, waiting: view.waiting,
      hasMissed: view.missed != nil)
    if !commands.isEmpty { lines.append("") }
    return lines + NextCommands.block(commands, indent: "", in: surroundings)
  }

  /// Who did what to the window and its dates, lately.
  private static func changes(_ view: WindowView, _ surroundings: Surroundings) -> [String] {
    guard let changes = view.changes, !changes.isEmpty else { return [] }
    let zone = surroundings.zone(view.zone)
    return ["", surroundings.style.paint("changes", .bold)]
      + changes.flatMap { change in
        var what = [change.action]
        if let step = change.step { what.append(step) }
        if let firing = change.firing { what.append(Times.minute(firing, in: zone)) }
        if let from = change.from, let to = change.to {
          what.append(change.dates == 1 ? "\(from)" : "\(from)..\(to) (\(Text.count(change.dates, "date")))")
        }
        let reason = change.reason.map { ": \($0)" } ?? ""
        let text = "\(Times.minute(change.at, in: zone))  \(what.joined(separator: " ")) by \(change.by)\(reason)"
        return Text.wrapped(text, width: surroundings.width - 4).enumerated().map { ($0 == 0 ? "  " : "      ") + $1 }
      }
  }

  /// Name, state and, where there is one, the reason.
  static func title(_ view: WindowView, _ surroundings: Surroundings) -> [String] {
    let style = surroundings.style
    let since = Times.minute(view.since, in: surroundings.zone(view.zone))
    let name = style.paint(Text.printable(view.window), .bold)
    guard view.configured else { return ["\(name)  \(former(style))"] }
    let state = style.paint(view.state.rawValue, .of(view.state))
    var lines = ["\(name)  \(state) since \(since) by \(Text.printable(view.by))"]
    if let reason = view.reason { lines += Text.wrapped(reason, width: surroundings.width, indent: "  ") }
    if let missed = view.missed {
      lines += StatusRendering.missed(missed, surroundings.zone(view.zone), surroundings)
    }
    for wait in view.waiting {
      lines += Text.wrapped(wait.sentence, width: surroundings.width, indent: "  ").map { style.paint($0, .yellow) }
    }
    return lines + view.drift.map { drift($0, surroundings) }
  }

  /// What there is to say of a window without a file; `reload` brings it back.
  static func former(_ style: Style) -> String {
    style.paint("no longer configured", .yellow) + ": this is what its ledger keeps"
  }

  /// `  drift 12 to 1 since 2013-02-03, anomaly at 40 to 1: load FAILED`
  private static func drift(_ drift: DriftView, _ surroundings: Surroundings) -> String {
    let since = drift.since.map { " since \($0)" } ?? ""
    let text = "  drift \(drift.odds)\(since), anomaly at \(drift.limit): \(drift.step) \(drift.stream)"
    return surroundings.style.paint(Text.cut(text, to: surroundings.lineWidth), .of(drift.verdict))
  }

  /// Untouched dates in a row together, every other date by itself.
  private static func runs(of dates: [DateView]) -> [[DateView]] {
    var runs: [[DateView]] = []
    for date in dates {
      if isUntouched(date), let last = runs.last?.last, isUntouched(last) {
        runs[runs.count - 1].append(date)
      } else {
        runs.append([date])
      }
    }
    return runs
  }

  private static func isUntouched(_ date: DateView) -> Bool {
    date.state == .pending && date.attempts == 0 && date.reason == nil && date.covered
  }

  private static func cells(_ date: DateView) -> [Table.Cell] {
    var notes: [String] = []
    if !date.covered { notes.append("no longer covered") }
    if date.byHand { notes.append("by hand") }
    if let reason = date.reason { notes.append(reason) }
    return [
      Table.Cell(date.date.description),
      Table.Cell(date.awaitsInput ? "held (input)" : date.state.rawValue, .of(date.state)),
      Table.Cell(date.verdict?.rawValue ?? "", .of(date.verdict)),
      Table.Cell(date.attempts == 0 ? "" : String(date.attempts)),
      Table.Cell(notes.joined(separator: "; ")),
    ]
  }
}
