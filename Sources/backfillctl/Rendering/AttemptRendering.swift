import BackfillCore

/// The attempts of one date: when, how long, what they cost, how they ended, and what they printed when they failed.
enum AttemptRendering {
  /// Lines of output that are shown of an attempt; `--json` has the rest.
  private static let tailLines = 20

  static func lines(_ date: DateView, zone: Zone, _ surroundings: Surroundings) -> [String] {
    let history = date.history ?? []
    guard !history.isEmpty else { return [] }
    var table = Table(
      ["step", "started", "took", "cpu", "memory", "end"], rightAligned: [2, 3, 4])
    for attempt in history { table.add(cells(attempt, zone, surroundings.now)) }
    return table.lines(width: surroundings.lineWidth, style: surroundings.style)
      + history.flatMap { output(of: $0, surroundings) }
  }

  private static func cells(_ attempt: AttemptRecord, _ zone: Zone, _ now: Instant) -> [Table.Cell] {
    // Of one that was interrupted it is not known.
    let duration =
      attempt.durationMilliseconds.map { Duration.milliseconds($0).spoken } ?? (attempt.ended == nil ? nil : "-")
    let cpu = attempt.usage.map { ($0.userCPU + $0.systemCPU).spoken }
    return [
      Table.Cell("\(attempt.step) \(attempt.attempt)"),
      Table.Cell(Times.bare(attempt.started, in: zone)),
      Table.Cell(duration ?? Times.coarse(now - attempt.started)),
      Table.Cell(cpu ?? ""),
      Table.Cell(attempt.usage.map { $0.peakMemoryKiB.map(memory) ?? "-" } ?? ""),
      Table.Cell(end(of: attempt), attempt.ending == "exit status 0" || attempt.ending == nil ? nil : .red),
    ]
  }

  private static func end(of attempt: AttemptRecord) -> String {
    (attempt.ending ?? "runs") + (attempt.executions > 1 ? " (run \(attempt.executions) times)" : "")
  }

  /// `812 KiB`, `38 MiB`, `1.4 GiB`.
  static func memory(_ kibibytes: Int) -> String {
    if kibibytes < 1024 { return "\(kibibytes) KiB" }
    let mebibytes = kibibytes / 1024
    if mebibytes < 1024 { return "\(mebibytes) MiB" }
    return "\(mebibytes / 1024).\(mebibytes % 1024 * 10 / 1024) GiB"
  }

  private static func output(of attempt: AttemptRecord, _ surroundings: Surroundings) -> [String] {
    guard let tail = attempt.outputTail else { return [] }
    let all = tail.split(whereSeparator: \.isNewline)
    guard !all.isEmpty else { return [] }
    let shown = all.suffix(tailLines)
    let name = Text.printable("\(attempt.step) \(attempt.attempt)")
    let extent = shown.count == all.count ? "output" : "last \(tailLines) of \(all.count) lines"
    let title = "\(extent) of \(name) (\(Text.printable(end(of: attempt)))):"
    let bar = surroundings.style.isUnicode ? "│ " : "| "
    return ["", title]
      + shown.map { surroundings.style.paint("  \(bar)", .dim) + Text.cut(String($0), to: surroundings.lineWidth - 4) }
  }
}
