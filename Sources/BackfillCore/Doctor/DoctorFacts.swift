/// Everything that `backfillctl doctor` judges: gathered at the rim, judged here.
public struct DoctorFacts: Sendable, Equatable {
  /// What came of asking the daemon.
  public enum Answer: Sendable, Equatable {
    case answered(DoctorView)
    /// Nobody can be reached, or no answer came; why.
    case silent(String)
  }

  /// The configuration folder.
  public enum Configuration: Sendable, Equatable {
    /// What `check` finds there, `file:line:column: what`.
    case read([String])
    case missing
    /// This user may not read it.
    case unreadable
  }

  /// A folder, file or socket.
  public struct Place: Sendable, Equatable {
    public enum Role: String, Sendable {
      case configuration, state, runtime, socket
    }

    public let role: Role
    public let path: String
    /// The permission bits, as of chmod(2); `nil`: it is not there.
    public let mode: UInt32?
    /// Name or number of its owner.
    public let owner: String

    public init(role: Role, path: String, mode: UInt32?, owner: String) {
      self.role = role
      self.path = path
      self.mode = mode
      self.owner = owner
    }
  }

  /// Where the journal is kept. Source: journald.conf(5), `Storage=`.
  public enum Journal: Sendable, Equatable {
    case persistent, volatile, none
    /// There is no systemd.
    case absent
  }

  /// The user manager of the person that the daemon runs as.
  public enum Lingering: Sendable, Equatable {
    /// A service of the system: nobody has to be logged in.
    case notNeeded
    case on(user: String)
    case off(user: String)
  }

  public let toolVersion: String
  public let socket: String
  public let answer: Answer
  public let configuration: Configuration
  public let configurationFolder: String
  public let places: [Place]
  /// The folder of the zones, and the zones that are needed and cannot be read there.
  public let zoneFolder: String
  public let hasZoneFolder: Bool
  public let unreadableZones: [String]
  /// Whether the kernel takes its clock for synchronised; `nil`: it does not say. Source: adjtimex(2), STA_UNSYNC.
  public let isClockSynchronised: Bool?
  public let journal: Journal
  public let lingering: Lingering
  public let isWSL: Bool
  public let hasSystemd: Bool

  public init(
    toolVersion: String, socket: String, answer: Answer, configuration: Configuration, configurationFolder: String,
    places: [Place], zoneFolder: String, hasZoneFolder: Bool, unreadableZones: [String], isClockSynchronised: Bool?,
    journal: Journal, lingering: Lingering, isWSL: Bool, hasSystemd: Bool
  ) {
    self.toolVersion = toolVersion
    self.socket = socket
    self.answer = answer
    self.configuration = configuration
    self.configurationFolder = configurationFolder
    self.places = places
    self.zoneFolder = zoneFolder
    self.hasZoneFolder = hasZoneFolder
    self.unreadableZones = unreadableZones
    self.isClockSynchronised = isClockSynchronised
    self.journal = journal
    self.lingering = lingering
    self.isWSL = isWSL
    self.hasSystemd = hasSystemd
  }

  /// What the daemon says; `nil` when it is silent.
  public var view: DoctorView? {
    if case .answered(let view) = answer { view } else { nil }
  }

  /// Everything that was looked at, in a fixed order. `stamp` writes an instant in the zone of that name.
  public func findings(stamp: (Instant, String) -> String) -> [DoctorFinding] {
    [daemonFinding] + configurationFindings + permissionFindings + [ledgerFinding, roomFinding, clockFinding]
      + [zonesFinding, journalFinding, lingeringFinding, wslFinding] + windowFindings(stamp: stamp)
  }
}
