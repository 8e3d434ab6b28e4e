import BackfillCore

/// What a person may type where a window or a date waits for him.
enum NextCommands {
  /// For a paused window, or one with held dates; `held` are its held dates, oldest first.
  static func lines(window: String, state: WindowState, held: [DateView]) -> [String] {
    var lines = held.first.map { decisions(window: window, $0, more: held.count - 1) } ?? []
    if state == .paused {
      lines.append("backfillctl resume \(shell(window))" + (held.isEmpty ? "" : "   # after that"))
    }
    return lines
  }

  /// For one date that waits.
  static func decisions(window: String, _ date: DateView, more: Int = 0, isShown: Bool = false) -> [String] {
    let place = "\(shell(window)) \(date.date)"
    var lines: [String] = []
    if !isShown {
      lines.append("backfillctl show \(place)" + (more > 0 ? "   # and \(Text.count(more, "more held date"))" : ""))
    }
    if canBeAccepted(date) { lines.append("backfillctl accept \(place) --reason \"...\"   # it is right as it is") }
    lines.append("backfillctl retry \(place)   # run what failed again")
    lines.append("backfillctl skip \(place) --reason \"...\"   # never mind this date")
    return lines
  }

  /// Only an anomaly can be taken as it is; a step that failed has nothing to take.
  private static func canBeAccepted(_ date: DateView) -> Bool {
    !date.steps.contains { $0.state == .failed } && date.steps.contains { $0.verdict == .anomaly && !$0.accepted }
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
