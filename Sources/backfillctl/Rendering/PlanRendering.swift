import BackfillCore

/// What `plan` prints for a person: the sum of it, the nights, then a line for each date.
enum PlanRendering {
  /// So many dates in a row that are out for the same reason become one line.
  private static let shortestRun = 4
  /// More nights are told by their number only; their dates are listed all the same.
  private static let nightLines = 40

  static func lines(_ plan: PlanView, in surroundings: Surroundings) -> [String] {
    let zone = surroundings.zone(plan.zone)
    var lines = title(plan, zone, surroundings)
    if !plan.nights.isEmpty { lines += [""] + nights(plan, zone, surroundings) }
    if !plan.dates.isEmpty { lines += [""] + dates(plan, surroundings) }
    return lines
  }

  private static func title(_ plan: PlanView, _ zone: Zone, _ surroundings: Surroundings) -> [String] {
    let (style, width) = (surroundings.style, surroundings.width)
    var lines = [
      "\(style.paint(Text.printable(plan.window), .bold))  \(style.paint(plan.state.rawValue, .of(plan.state)))"
    ]
    func add(_ text: String) { lines += Text.wrapped(text, width: width, indent: "  ") }
    let counts = PlanDate.Why.allCases.compactMap { why in plan.counts[why.rawValue].map { "\($0) \(why.rawValue)" } }
    add(counts.isEmpty ? "no dates" : "dates: " + counts.joined(separator: ", "))
    if plan.state == .paused {
      add("paused: \(plan.reason ?? "no reason given")")
      add("planned as if it were resumed now")
    }
    add(plan.schedule.map { "schedule: \($0) (\(plan.zone))" } ?? "no schedule: `backfillctl run` starts dates")
    if let milliseconds = plan.dateMilliseconds {
      add("a date takes \(Duration.milliseconds(milliseconds).spoken), the median of \(plan.samples) done")
    }
    let finish = plan.finish.map { "finish: about \(Times.minute($0, in: zone))" }
    add(
      (finish ?? "finish: \(plan.finishUnknown ?? "unknown")")
        + (plan.nightCount > 0 ? ", in \(Text.count(plan.nightCount, "night"))" : ""))
    for lock in plan.locks {
      add(
        "lock \(lock.lock): "
          + (lock.windows.isEmpty ? "no other window has it" : "shared with " + lock.windows.joined(separator: ", ")))
    }
    return lines
  }

  private static func nights(_ plan: PlanView, _ zone: Zone, _ surroundings: Surroundings) -> [String] {
    var table = Table(["night", "starts", "dates", "", "ends about"], rightAligned: [0, 2])
    for night in plan.nights.prefix(nightLines) {
      let range = night.first == night.last ? "\(night.first)" : "\(night.first)..\(night.last)"
      table.add([
        Table.Cell(String(night.night)),
        Table.Cell(night.chunk.map { "chunk \($0), open" } ?? Times.minute(night.firing, in: zone)),
        Table.Cell(String(night.dates)),
        Table.Cell(range),
        Table.Cell(night.finish.map { Times.bareMinute($0, in: zone) } ?? "unknown"),
      ])
    }
    let more = plan.nights.count - nightLines
    if more > 0 { table.add(line: "and \(Text.count(more, "more night")) (--json has them)", .dim) }
    return table.lines(width: surroundings.lineWidth, style: surroundings.style)
  }

  private static func dates(_ plan: PlanView, _ surroundings: Surroundings) -> [String] {
    let hasManyStreams = Set(plan.dates.flatMap(\.bands).map(\.step)).count > 1
    var table = Table(["date", "", "night", "why", "expected failures, or the reason"], rightAligned: [2])
    for run in runs(of: plan.dates) {
      guard let first = run.first, let last = run.last else { continue }
      if run.count >= shortestRun {
        let reason = first.reason.map { ": \($0)" } ?? ""
        table.add(
          line: "\(first.date)..\(last.date)  out  \(first.why.rawValue), \(Text.count(run.count, "date"))\(reason)",
          .dim)
      } else {
        for date in run { table.add(cells(date, hasManyStreams: hasManyStreams)) }
      }
    }
    return table.lines(width: surroundings.lineWidth, style: surroundings.style)
  }

  private static func cells(_ date: PlanDate, hasManyStreams: Bool) -> [Table.Cell] {
    let bands = date.bands.map { band in
      let edges: String =
        if let low = band.low, let high = band.high { Percent.range(low, high) } else { "no band" }
      return (hasManyStreams ? "\(band.step) " : "") + "\(band.stream) \(edges)"
    }
    let words = (date.isIn ? bands : []) + [date.reason].compactMap(\.self)
    return [
      Table.Cell(date.date.description), Table.Cell(date.isIn ? "in" : "out", date.isIn ? nil : .dim),
      Table.Cell(date.night.map { String($0) } ?? ""), Table.Cell(date.why.rawValue, .of(date.state ?? .pending)),
      Table.Cell(words.joined(separator: "; ")),
    ]
  }

  /// Dates in a row that are out for the same reason together, every other date by itself.
  private static func runs(of dates: [PlanDate]) -> [[PlanDate]] {
    var runs: [[PlanDate]] = []
    for date in dates {
      if !date.isIn, let last = runs.last?.last, !last.isIn, last.why == date.why, last.reason == date.reason {
        runs[runs.count - 1].append(date)
      } else {
        runs.append([date])
      }
    }
    return runs
  }
}
