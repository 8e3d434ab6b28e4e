/// What a person can ask of the daemon: the engine carries it out, the server offers it.
///
/// `by` is the name of the user who asks; it is kept with every change.
public protocol Operations: Sendable {
  // To look; nothing is changed.

  /// The daemon and its windows; one window when `window` is given.
  func status(of window: String?) async throws(Refusal) -> DaemonStatus

  /// A window date by date; one date with its attempts and decisions when `date` is given.
  func show(_ window: String, date: CivilDate?) async throws(Refusal) -> WindowView

  /// What will become of every date of a window.
  func plan(_ request: PlanRequest) async throws(Refusal) -> PlanView

  /// What failed, with the rates and their bands.
  func failures(_ request: FailuresRequest) async throws(Refusal) -> FailuresView

  /// What only the daemon can see of itself, its ledger included; it may take some seconds.
  func doctor() async throws(Refusal) -> DoctorView

  // To change something.

  /// Judges stored reports again with the current definition; writes the new verdicts down where that is asked for.
  func validate(_ request: ValidationRequest, by: String) async throws(Refusal) -> ValidationView

  /// Runs dates now, outside the schedule; only says what would run when it is a dry run.
  func run(_ request: RunRequest, by: String) async throws(Refusal) -> ChangeAnswer

  /// Accepts, retries or skips dates.
  func change(_ request: ChangeRequest, by: String) async throws(Refusal) -> ChangeAnswer

  /// Runs steps again whose results are there already; what was computed from them becomes stale.
  func rerun(_ request: RerunRequest, by: String) async throws(Refusal) -> RerunAnswer

  /// Records dates as done that were done before backfilld knew them.
  func importDone(_ request: ImportRequest, by: String) async throws(Refusal) -> ImportAnswer

  /// Pauses one window, or all.
  func pause(_ request: PauseRequest, by: String) async throws(Refusal) -> ChangeAnswer

  /// Lets one paused window, or all, go on.
  func resume(_ request: ResumeRequest, by: String) async throws(Refusal) -> ChangeAnswer

  // The daemon itself.

  /// Reads the configuration again; returns when it is in force, except where dates in flight keep the old definition.
  func reload(by: String) async throws(Refusal) -> ReloadAnswer

  /// Copies the ledger into a new file, an absolute path as the daemon sees it.
  func backup(to file: String, by: String) async throws(Refusal) -> BackupView
}

/// Why a request was not carried out.
public struct Refusal: Error, Equatable, Sendable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// There is no window of that name.
    case noSuchWindow = "no-such-window"
    /// The window does not cover that date.
    case noSuchDate = "no-such-date"
    /// The window has no step of that name.
    case noSuchStep = "no-such-step"
    /// It could be done, but not in this state.
    case refused
    /// The request itself makes no sense.
    case invalid
    /// The daemon cannot reach its ledger, or is stopping.
    case unavailable
  }

  public let kind: Kind
  /// One sentence, with what to do.
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

/// Dates as a person names them: one date, or a range of which the calendar's dates are meant.
public struct DateRange: Sendable, Equatable, Codable {
  public let from: CivilDate
  /// Inclusive; the same as `from` for a single date, which must then be in the calendar.
  public let to: CivilDate

  public init(from: CivilDate, to: CivilDate) {
    self.from = from
    self.to = to
  }

  /// Whether it names one date.
  public var isSingle: Bool { from == to }
}

/// `backfillctl run`.
public struct RunRequest: Sendable, Equatable, Codable {
  public let window: String
  public let dates: [DateRange]
  /// Only this step; `nil`: all.
  public let step: String?
  public let reason: String?
  /// Nothing is started or written: the answer says what would run.
  public let isDryRun: Bool

  public init(
    window: String, dates: [DateRange], step: String? = nil, reason: String? = nil, isDryRun: Bool = false
  ) {
    self.window = window
    self.dates = dates
    self.step = step
    self.reason = reason
    self.isDryRun = isDryRun
  }
}

/// `backfillctl accept`, `retry`, `skip`.
public struct ChangeRequest: Sendable, Equatable, Codable {
  public enum Action: String, Sendable, Codable, CaseIterable {
    case accept, retry, skip
  }

  public let window: String
  public let action: Action
  public let dates: [DateRange]
  /// Required for `accept` and `skip`.
  public let reason: String?

  public init(window: String, action: Action, dates: [DateRange], reason: String? = nil) {
    self.window = window
    self.action = action
    self.dates = dates
    self.reason = reason
  }
}

/// `backfillctl rerun`.
public struct RerunRequest: Sendable, Equatable, Codable {
  public let window: String
  public let dates: [DateRange]
  /// Only this step; `nil`: all.
  public let step: String?
  /// What becomes stale runs now as well; otherwise it waits for the schedule.
  public let downstream: Bool
  public let reason: String?
  /// Works it out, writes nothing.
  public let dryRun: Bool
  /// What the person saw and confirmed: it is refused when it is another count now. `nil`: whatever it is.
  public let confirmed: RerunCount?

  public init(
    window: String, dates: [DateRange], step: String? = nil, downstream: Bool = false, reason: String? = nil,
    dryRun: Bool = false, confirmed: RerunCount? = nil
  ) {
    self.window = window
    self.dates = dates
    self.step = step
    self.downstream = downstream
    self.reason = reason
    self.dryRun = dryRun
    self.confirmed = confirmed
  }
}

/// `backfillctl import`.
public struct ImportRequest: Sendable, Equatable, Codable {
  public let window: String
  /// Each by itself: there are no ranges.
  public let dates: [CivilDate]
  public let reason: String?
  /// Looks, writes nothing.
  public let dryRun: Bool

  public init(window: String, dates: [CivilDate], reason: String? = nil, dryRun: Bool = false) {
    self.window = window
    self.dates = dates
    self.reason = reason
    self.dryRun = dryRun
  }
}

/// `backfillctl pause`.
public struct PauseRequest: Sendable, Equatable, Codable {
  /// `nil`: all windows.
  public let window: String?
  public let reason: String?

  public init(window: String?, reason: String? = nil) {
    self.window = window
    self.reason = reason
  }
}

/// `backfillctl resume`.
public struct ResumeRequest: Sendable, Equatable, Codable {
  /// `nil`: all windows.
  public let window: String?
  /// Opens an activation at once, as if the schedule had fired.
  public let now: Bool
  public let reason: String?

  public init(window: String?, now: Bool = false, reason: String? = nil) {
    self.window = window
    self.now = now
    self.reason = reason
  }
}
