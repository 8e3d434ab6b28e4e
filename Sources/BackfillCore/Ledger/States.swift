/// Where a date is. Source: DESIGN, "State, crashes, time".
public enum DateState: String, Sendable, Codable, CaseIterable {
  case pending, running, verifying, done, held, skipped
}

/// Where a step of a date is.
///
/// `blocked` is never stored: it is how a pending step below a failed or anomalous one is shown.
public enum StepState: String, Sendable, Codable, CaseIterable {
  case pending, running, done, failed, blocked, stale
}

/// Where a window is.
public enum WindowState: String, Sendable, Codable, CaseIterable {
  case active, paused, complete
}
