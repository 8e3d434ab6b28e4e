/// What `GET /v1/doctor` answers: what only the daemon can see of itself.
public struct DoctorView: Sendable, Equatable, Codable {
  public let version: String
  public let daemon: DaemonFacts
  /// What was found in the ledger; `nil` when it could not be looked at.
  public let ledger: LedgerCheckup?
  /// Why the ledger could not be looked at.
  public let reason: String?
  public let windows: [WindowFirings]

  public init(
    version: String, daemon: DaemonFacts, ledger: LedgerCheckup?, reason: String?, windows: [WindowFirings]
  ) {
    self.version = version
    self.daemon = daemon
    self.ledger = ledger
    self.reason = reason
    self.windows = windows
  }
}

/// A daemon and the machine, as it sees them; `nil` where it cannot tell.
public struct DaemonFacts: Sendable, Equatable, Codable {
  public let user: String?
  public let pid: Int32?
  public let configDirectory: String?
  public let stateDirectory: String?
  public let runtimeDirectory: String?
  /// Bytes that the daemon may still write where its ledger is.
  public let freeBytes: Int64?

  public init(
    user: String? = nil, pid: Int32? = nil, configDirectory: String? = nil, stateDirectory: String? = nil,
    runtimeDirectory: String? = nil, freeBytes: Int64? = nil
  ) {
    self.user = user
    self.pid = pid
    self.configDirectory = configDirectory
    self.stateDirectory = stateDirectory
    self.runtimeDirectory = runtimeDirectory
    self.freeBytes = freeBytes
  }
}

/// What a check of the ledger found.
public struct LedgerCheckup: Sendable, Equatable, Codable {
  public let file: String
  /// Of its content, also what is still in the write-ahead log.
  public let bytes: Int64
  /// Of its tables.
  public let version: Int
  /// What SQLite finds damaged; at most ten lines.
  public let problems: [String]
  /// Rows that refer to others which are not there.
  public let orphans: Int
  /// The settings of the connection that writes, by name. Source: sqlite.org, "PRAGMA Statements".
  public let pragmas: [String: String]

  public init(
    file: String, bytes: Int64, version: Int, problems: [String], orphans: Int, pragmas: [String: String]
  ) {
    self.file = file
    self.bytes = bytes
    self.version = version
    self.problems = problems
    self.orphans = orphans
    self.pragmas = pragmas
  }
}

/// When a window fired last, and when it fires next.
public struct WindowFirings: Sendable, Equatable, Codable {
  public let window: String
  public let state: WindowState
  public let zone: String
  /// It has a schedule; otherwise it runs only by hand.
  public let isScheduled: Bool
  /// The last firing that was dealt with.
  public let last: Instant?
  public let next: Instant?
  /// Its last firing, when that opened no chunk.
  public let missed: MissedNight?

  public init(
    window: String, state: WindowState, zone: String, isScheduled: Bool, last: Instant?, next: Instant?,
    missed: MissedNight? = nil
  ) {
    self.missed = missed
    self.window = window
    self.state = state
    self.zone = zone
    self.isScheduled = isScheduled
    self.last = last
    self.next = next
  }
}

// The keys of the answer: stable, and there with `null` where a value is not known.

extension DoctorView {
  enum CodingKeys: String, CodingKey {
    case version, daemon, ledger, reason, windows
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(version, forKey: .version)
    try container.encode(daemon, forKey: .daemon)
    try container.encode(ledger, forKey: .ledger)
    try container.encode(reason, forKey: .reason)
    try container.encode(windows, forKey: .windows)
  }
}

extension DaemonFacts {
  enum CodingKeys: String, CodingKey {
    case user, pid
    case configDirectory = "config_dir"
    case stateDirectory = "state_dir"
    case runtimeDirectory = "runtime_dir"
    case freeBytes = "free_bytes"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(user, forKey: .user)
    try container.encode(pid, forKey: .pid)
    try container.encode(configDirectory, forKey: .configDirectory)
    try container.encode(stateDirectory, forKey: .stateDirectory)
    try container.encode(runtimeDirectory, forKey: .runtimeDirectory)
    try container.encode(freeBytes, forKey: .freeBytes)
  }
}

extension WindowFirings {
  enum CodingKeys: String, CodingKey {
    case window, state, zone, last, next, missed
    case isScheduled = "scheduled"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(window, forKey: .window)
    try container.encode(state, forKey: .state)
    try container.encode(zone, forKey: .zone)
    try container.encode(isScheduled, forKey: .isScheduled)
    try container.encode(last, forKey: .last)
    try container.encode(next, forKey: .next)
    try container.encode(missed, forKey: .missed)
  }
}
