/// A command that must succeed before something else runs: exit status 0 within its time limit.
public struct Check: Sendable, Equatable {
  /// Program and arguments. Placeholders as in a step's command; in `preflight`: `{from}`, `{to}`, `{window}`.
  public let command: [String]
  public let timeout: Duration

  public init(command: [String], timeout: Duration) {
    self.command = command
    self.timeout = timeout
  }
}

/// When a check runs. The raw value is its key in the configuration.
public enum CheckKind: String, Sendable {
  /// Before each execution of a step, always: cheap.
  case requires
  /// Before each execution of a step on a date that is not settled: expensive.
  case freshness
  /// Before the first date of an activation.
  case preflight

  /// The time limit of a check that names none.
  public var usualTimeout: Duration {
    switch self {
    case .requires: .seconds(60)
    case .freshness, .preflight: .seconds(600)
    }
  }
}

extension Step {
  /// The checks before an execution, in their order: `requires`, then `freshness` unless the date is settled.
  public func checks(isSettled: Bool) -> [(kind: CheckKind, check: Check)] {
    requires.map { (.requires, $0) } + (isSettled ? [] : freshness.map { (.freshness, $0) })
  }
}

extension Window {
  /// Whether `date` is old enough on `today` that its inputs no longer change: it runs in backfill mode.
  public func isSettled(_ date: CivilDate, on today: CivilDate) -> Bool {
    settledAfterDays.map { date <= today.adding(days: -$0) } ?? false
  }
}
