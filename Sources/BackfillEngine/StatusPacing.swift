import Dispatch

/// When the loop tells its status line: at once, but the mere progress of short dates ten times a second at most, because the
/// service manager takes the processor from them to read it.
struct StatusPacing {
  /// The line that was told last.
  private(set) var told: String?
  private var pace = Pace(.milliseconds(100))

  init(told: String?) {
    self.told = told
  }

  /// Whether what has come of `message` is told now, or the loop is to have another message then.
  mutating func turn(after message: Message, at now: DispatchTime) -> Pace.Turn {
    switch message {
    // Asked in the middle of a commit: what changes is told right after it.
    case .dateEnding: .not
    // Nothing has changed.
    case .eventsCommitted: .not
    case .dateEnded(_, _, _, next: .some), .stepsRunning: pace.turn(at: now)
    default: .now
    }
  }

  /// Takes in that it is `line` now; returns whether that is news.
  mutating func tell(_ line: String, at now: DispatchTime) -> Bool {
    pace.note(doneAt: now)
    defer { told = line }
    return line != told
  }
}
