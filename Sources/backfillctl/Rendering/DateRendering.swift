import BackfillCore

/// What `show WINDOW DATE` prints for a person: everything that is known of one date.
enum DateRendering {
  static func lines(_ view: WindowView, _ date: DateView, in surroundings: Surroundings) -> [String] {
    var lines = title(view, date, surroundings)
    lines.append("")
    lines += steps(date, surroundings)
    lines += sentences(date, surroundings)
    let attempts = AttemptRendering.lines(date, zone: surroundings.zone(view.zone), surroundings)
    if !attempts.isEmpty {
      lines += ["", surroundings.style.paint("attempts", .bold) + ", times in \(Text.printable(view.zone))"] + attempts
    }
    let decisions = (view.decisions ?? []).flatMap { decision($0, surroundings.zone(view.zone), surroundings.width) }
    if !decisions.isEmpty { lines += ["", surroundings.style.paint("decisions", .bold)] + decisions }
    return lines + next(view, date, surroundings)
  }

  private static func title(_ view: WindowView, _ date: DateView, _ surroundings: Surroundings) -> [String] {
    let style = surroundings.style
    var parts = [style.paint("\(Text.printable(view.window)) \(date.date) \(date.date.weekday.shortName)", .bold)]
    parts.append(style.paint(date.awaitsInput ? "held for input" : date.state.rawValue, .of(date.state)))
    if let verdict = date.verdict { parts.append(style.paint(verdict.rawValue, .of(verdict))) }
    if date.byHand { parts.append("by hand") }
    if !date.covered { parts.append("no longer covered") }
    var lines = [parts.joined(separator: "  ")]
    if let reason = date.reason { lines += Text.wrapped(reason, width: surroundings.width, indent: "  ") }
    if let sentence = DefinitionRendering.sentence(view, date) {
      lines += Text.wrapped(sentence, width: surroundings.width, indent: "  ")
    }
    for alarm in view.alarms where alarm.date == date.date {
      lines += Text.wrapped(
        "A drift alarm of `\(alarm.step)` names this date: \(alarm.stream).", width: surroundings.width, indent: "  ")
    }
    if !view.configured { lines.append("  The window is " + DatesRendering.former(style) + ".") }
    if view.state == .paused, view.configured {
      let since = Times.minute(view.since, in: surroundings.zone(view.zone))
      lines.append("  The window is paused since \(since) by \(Text.printable(view.by)).")
    }
    return lines
  }

  private static func steps(_ date: DateView, _ surroundings: Surroundings) -> [String] {
    var table = Table(["step", "state", "verdict", "attempts", "report"], rightAligned: [3])
    for step in date.steps {
      let verdict = step.verdict.map { step.accepted ? "\($0.rawValue), accepted" : $0.rawValue } ?? ""
      table.add([
        Table.Cell(step.step),
        Table.Cell(step.state.rawValue, .of(step.state)),
        Table.Cell(verdict, .of(step.verdict)),
        Table.Cell(step.attempts == 0 ? "" : String(step.attempts)),
        Table.Cell(step.report.map(words) ?? ""),
      ])
    }
    return table.lines(width: surroundings.lineWidth, style: surroundings.style)
  }

  /// `930 attempted, 458 records, CANCELLED 472`.
  static func words(_ report: Report) -> String {
    var parts: [String] = []
    if let attempted = report.attempted { parts.append("\(attempted) attempted") }
    if let records = report.records { parts.append("\(records) record\(records == 1 ? "" : "s")") }
    parts += report.failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
    parts += report.metrics.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    if let message = report.message { parts.append("\"\(message)\"") }
    return parts.isEmpty ? "empty" : parts.joined(separator: ", ")
  }

  /// What each step's judge says, and reports that the table had no room for.
  private static func sentences(_ date: DateView, _ surroundings: Surroundings) -> [String] {
    let width = surroundings.width
    let room = max(surroundings.lineWidth / 3, surroundings.lineWidth - 60)
    return date.steps.flatMap { step -> [String] in
      var body: [String] = []
      if let sentence = step.sentence, !sentence.isEmpty { body += Text.wrapped(sentence, width: width, indent: "  ") }
      if let report = step.report, words(report).count > room {
        body += Text.wrapped("report: \(words(report))", width: width, indent: "  ")
      }
      guard !body.isEmpty else { return [] }
      let colour: Style.Colour? = step.state == .failed ? .red : .of(step.verdict)
      return ["", surroundings.style.paint(Text.printable(step.step), colour)] + body
    }
  }

  private static func decision(_ decision: DecisionRecord, _ zone: Zone, _ width: Int) -> [String] {
    let step = decision.step.map { " \($0)" } ?? ""
    let reason = decision.reason.map { ": \($0)" } ?? ""
    let text = "\(Times.minute(decision.at, in: zone))  \(decision.action)\(step) by \(decision.by)\(reason)"
    let lines = Text.wrapped(text, width: width - 4)
    return lines.enumerated().map { ($0 == 0 ? "  " : "      ") + $1 }
  }

  /// Nobody needs to act; for one who does not want to wait.
  private static func look(_ view: WindowView, _ date: DateView) -> [String] {
    let place = "\(NextCommands.shell(view.window)) \(date.date)"
    return [
      "backfillctl retry \(place)   # do not wait for the next chunk",
      "backfillctl skip \(place) --reason \"...\"   # never mind this date",
    ]
  }

  private static func next(_ view: WindowView, _ date: DateView, _ surroundings: Surroundings) -> [String] {
    guard view.configured else { return [] }
    var commands: [String] = []
    if date.awaitsInput, date.covered {
      commands += look(view, date)
    } else if date.state == .held {
      commands += NextCommands.decisions(window: view.window, date, isShown: true)
    }
    if date.state != .held, view.alarms.contains(where: { $0.date == date.date }) {
      commands.append(NextCommands.alarmed(window: view.window, date.date))
    }
    if view.state == .paused {
      commands.append("backfillctl resume \(NextCommands.shell(view.window))")
    }
    return commands.isEmpty ? [] : [""] + NextCommands.block(commands, indent: "", in: surroundings)
  }
}
