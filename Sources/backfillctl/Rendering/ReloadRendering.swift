import BackfillCore

/// What `reload` prints for a person: a line for each window, the findings of a broken one below it, then what is wrong besides.
enum ReloadRendering {
  static func lines(_ answer: ReloadAnswer, in surroundings: Surroundings) -> [String] {
    var lines: [String] = []
    let widest = answer.windows.map(\.window.count).max() ?? 0
    let general = Set(answer.findings)
    for window in answer.windows { lines += self.window(window, told: general, widest: widest, surroundings) }
    if answer.windows.isEmpty, !answer.hasErrors { lines.append("No windows.") }
    for change in answer.settings { lines.append("backfilld.yaml: \(Text.printable(change))") }
    guard !answer.findings.isEmpty else { return lines }
    lines.append(surroundings.style.paint("What was in force stays in force:", .red))
    return lines + answer.findings.flatMap { Text.wrapped($0, width: surroundings.width, indent: "  ") }
  }

  private static func window(
    _ window: ReloadAnswer.WindowChange, told general: Set<String>, widest: Int, _ surroundings: Surroundings
  ) -> [String] {
    let name = Text.printable(window.window)
    let gap = String(repeating: " ", count: max(0, widest - name.count) + 2)
    let change = surroundings.style.paint(window.change.rawValue, colour(of: window.change))
    let place = name.count + gap.count + window.change.rawValue.count + 2
    let room = surroundings.width - place
    var lines = ["\(name)\(gap)\(change)"]
    // What is wrong in a pipeline is said once, below, not again for each window that uses it.
    let own = window.findings.filter { !general.contains($0) }
    let pipeline = own.count < window.findings.count ? "its pipeline has errors, see below" : nil
    let notes = [window.note, pipeline].compactMap(\.self)
    if !notes.isEmpty {
      let note = notes.joined(separator: "; ")
      if note.count <= room {
        lines[0] += "  \(Text.printable(note))"
      } else {
        lines += Text.wrapped(note, width: surroundings.width, indent: "  ")
      }
    }
    return lines + own.flatMap { Text.wrapped($0, width: surroundings.width, indent: "  ") }
  }

  private static func colour(of change: ReloadAnswer.Change) -> Style.Colour? {
    switch change {
    case .added, .changed: .green
    case .unchanged: .dim
    case .removed: .yellow
    case .broken: .red
    }
  }
}
