import BackfillCore

/// What `doctor` prints for a person: a line for each thing that was looked at, and what to do below it.
enum DoctorRendering {
  static func lines(_ findings: [DoctorFinding], in surroundings: Surroundings) -> [String] {
    let indent = String(repeating: " ", count: levelWidth + checkWidth)
    return findings.flatMap { finding in
      var lines = Text.wrapped(finding.found, width: surroundings.width, indent: indent)
      let level = finding.level.rawValue.padding(to: levelWidth)
      let head =
        surroundings.style.paint(level, colour(of: finding.level)) + finding.check.rawValue.padding(to: checkWidth)
      lines[0] = head + lines[0].dropFirst(indent.count)
      return lines
        + (finding.advice.map { Text.wrapped("-> \($0)", width: surroundings.width, indent: indent) } ?? [])
    }
  }

  private static let levelWidth = 9
  private static let checkWidth = 15

  private static func colour(of level: DoctorFinding.Level) -> Style.Colour {
    switch level {
    case .ok: .green
    case .warning: .yellow
    case .error: .red
    case .unknown: .dim
    }
  }
}

extension String {
  /// The text with spaces behind it, `width` columns in all.
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
