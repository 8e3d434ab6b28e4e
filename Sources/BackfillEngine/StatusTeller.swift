import BackfillCore

/// Which lines of the loop's state systemd is told: every change, but while dates are in flight no more than ten a second.
/// systemd passes each line on to whoever listens to the unit; of short steps there are hundreds a second.
struct StatusTeller {
  private static let interval = Duration.milliseconds(100)

  /// What was told last; `nil`: nothing yet.
  private(set) var line: String?
  private var toldAt: Instant?

  /// Begins after `line` was told.
  init(after line: String?) {
    self.line = line
  }

  /// When the next line may be told; `nil`: now.
  func nextTime(at now: Instant, isBusy: Bool) -> Instant? {
    // A clock that was set back makes nobody wait.
    guard isBusy, let toldAt, toldAt <= now, now - toldAt < Self.interval else { return nil }
    return toldAt + Self.interval
  }

  /// Takes in that the state now reads `line`; returns whether that is to be told.
  mutating func take(_ line: String, at now: Instant) -> Bool {
    guard line != self.line else { return false }
    self.line = line
    toldAt = now
    return true
  }
}
