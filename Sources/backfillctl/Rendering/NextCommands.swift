import BackfillCore

/// What a person may type where a window or a date waits for him.
enum NextCommands {
  /// For a paused window, or one with held dates or drift alarms; `held` are its held dates, oldest first.
  static func lines(
    window: String, state: WindowState, held: [DateView], alarms: [OpenAlarm] = [], waiting: [WaitView] = [],
    hasMissed: Bool = false
  ) -> [String] {
    var lines = held.first.map { decisions(window: window, $0, more: held.count - 1) } ?? []
    // One that was left out is the only one that nobody looks at otherwise.
    if held.isEmpty, let left = waiting.first(where: { $0.state == .skipped }) {
      let dates = left.dates == 1 ? "1 date waits" : "\(left.dates) dates wait"
      lines.append("backfillctl retry \(shell(window)) \(left.date)   # \(dates) for it")
    }
    lines += acceptances(window: window, alarms, without: held.first)
    if hasMissed { lines.append("backfillctl resume \(shell(window)) --now   # do not wait for the next firing") }
    if state == .paused {
      lines.append("backfillctl resume \(shell(window))" + (lines.isEmpty ? "" : "   # after that"))
    }
    return lines
  }

  /// For the drift alarms, a line for each date that one names; not for the date that is offered already.
  private static func acceptances(window: String, _ alarms: [OpenAlarm], without offered: DateView?) -> [String] {
    let dates = Set(alarms.map(\.date)).sorted()
    return dates.filter { date in offered.map { $0.date != date || !canBeAccepted($0) } ?? true }
      .map { alarmed(window: window, $0) }
  }

  /// For a date that a drift alarm names.
  static func alarmed(window: String, _ date: CivilDate) -> String {
    "backfillctl accept \(shell(window)) \(date) --reason \"...\"   # drift alarm"
  }

  /// For one date that waits; one that the window no longer covers can only be left out.
  static func decisions(window: String, _ date: DateView, more: Int = 0, isShown: Bool = false) -> [String] {
    let place = "\(shell(window)) \(date.date)"
    var lines: [String] = []
    if !isShown {
      lines.append("backfillctl show \(place)" + (more > 0 ? "   # and \(Text.count(more, "more held date"))" : ""))
    }
    if canBeAccepted(date) { lines.append("backfillctl accept \(place) --reason \"...\"   # it is right as it is") }
    if date.covered { lines.append("backfillctl retry \(place)   # run what failed again") }
    lines.append("backfillctl skip \(place) --reason \"...\"   # never mind this date")
    return lines
  }

  /// Only an anomaly can be taken as it is; a step that failed has nothing to take.
  private static func canBeAccepted(_ date: DateView) -> Bool {
    date.covered && !date.steps.contains { $0.state == .failed }
      && date.steps.contains { $0.verdict == .anomaly && !$0.accepted }
  }

  /// The lines with their title, the first behind `next:`; a comment that the width has no room for is left out.
  static func block(_ lines: [String], indent: String, in surroundings: Surroundings) -> [String] {
    lines.enumerated().map { index, line in
      let title = indent + (index == 0 ? "next:  " : "       ")
      let hash = line.firstRange(of: "   # ")?.lowerBound ?? line.endIndex
      let command = surroundings.style.paint(String(line[..<hash]), .bold)
      guard title.count + line.count <= surroundings.lineWidth else { return title + command }
      return title + command + surroundings.style.paint(String(line[hash...]), .dim)
    }
  }

  /// A word as a shell takes it; the characters of `alsoPlain` need no quotes either. Source: sh(1), single quotes.
  static func shell(_ word: String, alsoPlain: String = "") -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: alsoPlain.utf8.contains(byte)
      }
    }
    if isPlain, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }
}
