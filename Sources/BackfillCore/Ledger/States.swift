/// Where a date is. Source: DESIGN, "State, crashes, time".
public enum DateState: String, Sendable, Codable, CaseIterable {
  case pending, running, verifying, done, held, skipped

  /// The reason of a pending date that was done before, and has steps to run again.
  public static let staleReason = "stale"
  /// The reason of a date that was done before backfilld knew it.
  public static let importedReason = "imported"
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
