import BackfillCore

/// What `status` prints for a person.
enum StatusRendering {
  /// The daemon, then window by window; `held` has the held dates of the windows that have some.
  static func lines(_ status: DaemonStatus, held: [String: [DateView]], in surroundings: Surroundings) -> [String] {
    var lines = daemon(status, surroundings)
    for window in status.windows {
      lines.append("")
      lines += self.window(window, held: held[window.window] ?? [], surroundings)
      for file in status.rejected where file.inForce && file.window == window.window {
        lines += kept(file, surroundings)
      }
    }
    for file in status.rejected where !file.inForce {
      lines.append("")
      lines += rejected(file, surroundings)
    }
    for window in status.unconfigured {
      lines.append("")
      lines += former(window, surroundings)
    }
    if status.state != .degraded, status.windows.isEmpty, status.rejected.isEmpty, status.unconfigured.isEmpty {
      lines += ["", "No windows: put a file into windows.d of the configuration directory, then: backfillctl reload"]
    }
    return lines
  }

  /// One line for each window, for output that is no terminal; changes only when the work does.
  static func changes(_ status: DaemonStatus) -> [String] {
    var lines = status.state == .ready ? [] : ["backfilld \(status.state.rawValue): \(status.reason ?? "-")"]
    lines += status.windows.map { window in
      let progress = noDates(window) ?? "\(window.dates.count(.done)) of \(window.dates.total) done"
      var parts = ["\(window.window) \(window.state.rawValue): \(progress)"]
      if window.dates.count(.held) > 0 { parts.append("\(window.dates.count(.held)) held") }
      for date in window.running { parts.append("\(date.date) \(steps(of: date))") }
      parts += window.waiting.map(\.sentence)
      if let reason = window.reason, window.state == .paused { parts.append("paused: \(Text.printable(reason))") }
      return parts.joined(separator: ", ")
    }
    return lines
  }

  private static func daemon(_ status: DaemonStatus, _ surroundings: Surroundings) -> [String] {
    let style = surroundings.style
    let state = style.paint(status.state.rawValue, status.state == .ready ? .green : .red)
    let since = Times.minute(status.since, in: surroundings.localZone)
    var lines = ["backfilld \(Text.printable(status.version))  \(state), up since \(since)"]
    if let reason = status.reason { lines += Text.wrapped(reason, width: surroundings.width, indent: "  ") }
    return lines
  }

  private static func window(
    _ window: WindowStatus, held: [DateView], _ surroundings: Surroundings
  ) -> [String] {
    let (width, style) = (surroundings.width, surroundings.style)
    let zone = surroundings.zone(window.zone)
    var lines = [title(window, surroundings)]
    lines.append(noDates(window).map { "  " + $0 } ?? bar(window.dates, width: width, style))
    lines += Text.wrapped(counts(window), width: width, indent: "  ")
    lines += missing(held.filter(\.awaitsInput), surroundings)
    for wait in window.waiting {
      lines += Text.wrapped(wait.sentence, width: width, indent: "  ").map { style.paint($0, .yellow) }
    }
    for date in window.running {
      let since = Times.coarse(surroundings.now - date.since)
      lines += Text.wrapped("running \(date.date): \(steps(of: date)), \(since)", width: width, indent: "  ")
    }
    if window.upcoming {
      lines += Text.wrapped(
        "a new definition takes effect when nothing of the window is in flight", width: width, indent: "  ")
    }
    if let chunk = window.chunk { lines += Text.wrapped(self.chunk(chunk, zone), width: width, indent: "  ") }
    if window.state != .complete { lines += Text.wrapped(next(window, zone, surroundings), width: width, indent: "  ") }
    if let missed = window.missed { lines += self.missed(missed, zone, surroundings) }
    if window.state == .paused {
      let since = Times.minute(window.since, in: zone)
      lines += Text.wrapped("paused since \(since) by \(window.by):", width: width, indent: "  ")
      lines += Text.wrapped(window.reason ?? "no reason given", width: width, indent: "    ")
        .map { style.paint($0, .yellow) }
    }
    let commands = NextCommands.lines(
      window: window.window, state: window.state, held: held.filter { !$0.awaitsInput }, alarms: window.alarms,
      waiting: window.waiting, hasMissed: window.missed != nil)
    return lines + NextCommands.block(commands, indent: "  ", in: surroundings)
  }

  private static func title(_ window: WindowStatus, _ surroundings: Surroundings) -> String {
    let style = surroundings.style
    let name = Text.printable(window.window)
    let state = window.state.rawValue
    let title = "\(style.paint(name, .bold))  \(style.paint(state, .of(window.state)))"
    let room = surroundings.lineWidth - name.count - state.count - 4
    guard !window.description.isEmpty, room > 8 else { return title }
    return "\(title)  \(style.paint(Text.cut(window.description, to: room), .dim))"
  }

  /// Why there is nothing to count; `nil` when there is.
  private static func noDates(_ window: WindowStatus) -> String? {
    switch window.calendar {
    case .running: "no calendar yet: its command is running"
    case .missing: "no calendar yet: its command has not printed one"
    case .known: window.dates.total == 0 ? "no dates yet" : nil
    }
  }

  private static func bar(_ dates: DateCounts, width: Int, _ style: Style) -> String {
    let done = dates.count(.done)
    let over = done + dates.count(.skipped)
    let percent = over * 100 / max(1, dates.total)
    let words = "  \(done) of \(dates.total) done" + (over == done ? "" : ", \(dates.count(.skipped)) skipped")
    let end = words + " (\(percent) %)"
    return "  " + ProgressBar.bar(over, of: dates.total, width: min(40, width - 2 - end.count), style: style) + end
  }

  private static func counts(_ window: WindowStatus) -> String {
    let states = [DateState.running, .verifying, .held, .pending].filter { window.dates.count($0) > 0 }
      .map { "\(window.dates.count($0)) \($0.rawValue)" }
    let verdicts = Verdict.allCases.filter { window.dates.count($0) > 0 }
      .map { "\(window.dates.count($0)) \($0.rawValue)" }
    var parts: [String] = []
    if !verdicts.isEmpty { parts.append("verdicts: " + verdicts.joined(separator: ", ")) }
    if !states.isEmpty { parts.append(states.joined(separator: ", ")) }
    if window.uncovered > 0 { parts.append("\(Text.count(window.uncovered, "date")) no longer covered") }
    return parts.joined(separator: "; ")
  }

  /// The dates that wait for their input, with the reason of the first.
  private static func missing(_ dates: [DateView], _ surroundings: Surroundings) -> [String] {
    guard let first = dates.first else { return [] }
    let waits =
      dates.count == 1 ? "waits for its input" : "and \(Text.count(dates.count - 1, "more date")) wait for their input"
    let why = first.reason.map { ": \(Text.printable($0))" } ?? ""
    return Text.wrapped("\(first.date) \(waits)\(why)", width: surroundings.width, indent: "  ")
      .map { surroundings.style.paint($0, .yellow) }
  }

  private static func steps(of date: RunningDate) -> String {
    date.steps.isEmpty ? "waits to start its next step" : date.steps.joined(separator: ", ")
  }

  private static func chunk(_ chunk: ChunkStatus, _ zone: Zone) -> String {
    let kind =
      switch chunk.kind {
      case .scheduled: "of \(Times.minute(chunk.nominal, in: zone))"
      case .forced: "started by hand at \(Times.minute(chunk.nominal, in: zone))"
      case .hand: "of dates named by hand"
      }
    let quota = chunk.quota.map { " of \(Text.count($0, "date"))" } ?? " \(chunk.started == 1 ? "date" : "dates")"
    let end = chunk.endsAt.map { ", no date starts after \(Times.minute($0, in: zone))" } ?? ""
    let wait = chunk.waits.map { "; \($0)" } ?? ""
    return "chunk \(chunk.id) \(kind): \(chunk.started)\(quota) started\(end)\(wait)"
  }

  private static func next(_ window: WindowStatus, _ zone: Zone, _ surroundings: Surroundings) -> String {
    guard let next = window.next else { return "no firing ahead: `backfillctl run` starts dates" }
    let stamp = Times.minute(next, in: zone)
    if window.state == .paused { return "next firing \(stamp), does nothing while paused" }
    return "next firing \(stamp) (\(Times.until(next, from: surroundings.now)))"
  }

  /// `missed its firing of 2013-02-09 01:00 EST: its time was over`
  static func missed(_ night: MissedNight, _ zone: Zone, _ surroundings: Surroundings) -> [String] {
    let text = "missed its firing of \(Times.minute(night.firing, in: zone)): \(night.reason)"
    return Text.wrapped(text, width: surroundings.width, indent: "  ").map { surroundings.style.paint($0, .yellow) }
  }

  /// Below the window itself, which goes on.
  private static func kept(_ file: RejectedWindowStatus, _ surroundings: Surroundings) -> [String] {
    let style = surroundings.style
    return ["  " + style.paint("errors in its file, old definition in force:", .red)]
      + file.findings.flatMap { Text.wrapped($0, width: surroundings.width, indent: "    ") }
  }

  private static func former(_ window: FormerWindowStatus, _ surroundings: Surroundings) -> [String] {
    let style = surroundings.style
    let counts = DateState.allCases.filter { window.dates.count($0) > 0 }
      .map { "\(window.dates.count($0)) \($0.rawValue)" }
    let sum = "\(Text.count(window.dates.total, "date")) in the ledger"
    let dates = counts.isEmpty ? sum : "\(sum): \(counts.joined(separator: ", "))"
    return ["\(style.paint(Text.printable(window.window), .bold))  \(style.paint("no longer configured", .yellow))"]
      + Text.wrapped(dates, width: surroundings.width, indent: "  ")
      + window.running.flatMap { date in
        Text.wrapped("running \(date.date): \(steps(of: date))", width: surroundings.width, indent: "  ")
      }
  }

  private static func rejected(_ file: RejectedWindowStatus, _ surroundings: Surroundings) -> [String] {
    let style = surroundings.style
    let title =
      "\(style.paint(Text.printable(file.window), .bold))  \(style.paint("disabled", .red)) by errors in its file"
    return [title] + file.findings.flatMap { Text.wrapped($0, width: surroundings.width, indent: "  ") }
  }
}
