import Dispatch

/// When the loop tells its status line: at once, but the mere progress of short dates ten times a second at most, because the
/// service manager takes the processor from them to read it.
struct StatusPacing {
  static let interval = DispatchTimeInterval.milliseconds(100)

  enum Turn: Equatable {
    case now
    case not
    /// The loop is to have another message then.
    case at(DispatchTime)
  }

  /// The line that was told last.
  private(set) var told: String?
  private var nextAt = DispatchTime(uptimeNanoseconds: 0)
  private var isPlanned = false

  init(told: String?) {
    self.told = told
  }

  /// Whether what has come of `message` is told now.
  mutating func turn(after message: Message, at now: DispatchTime) -> Turn {
    switch message {
    // Asked in the middle of a commit: what changes is told right after it.
    case .dateEnding: return .not
    // Nothing has changed.
    case .eventsCommitted: return .not
    case .dateEnded(_, _, _, next: .some), .stepsRunning:
      guard now < nextAt else { return .now }
      defer { isPlanned = true }
      return isPlanned ? .not : .at(nextAt)
    default: return .now
    }
  }

  /// Takes in that it is `line` now; returns whether that is news.
  mutating func tell(_ line: String, at now: DispatchTime) -> Bool {
    nextAt = now + Self.interval
    isPlanned = false
    defer { told = line }
    return line != told
  }
}
