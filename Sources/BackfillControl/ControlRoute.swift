import BackfillCore

/// Everything the control socket answers to: the one table that server, client and documentation read.
public enum ControlRoute: String, CaseIterable, Sendable {
  case status
  case windowStatus
  case show
  case showDate
  case plan
  case failures
  case validate
  case run
  case change
  case rerun
  case importDone
  case pause
  case resume
  case pauseAll
  case resumeAll
  case reload
  case backup
  case doctor

  /// The verbs that are used. Source: RFC 9110, section 9.
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  /// What a caller must be allowed to do.
  public enum Permission: String, Sendable {
    /// Look, change nothing.
    case read
    /// Start, stop and decide.
    case operate
    /// Have the daemon write a file of the caller's choice, with its own rights.
    case administer
  }

  public var method: Method {
    permission == .read ? .get : .post
  }

  /// The path; `{window}` and `{date}` stand for one segment each.
  public var pattern: String {
    switch self {
    case .status: "/v1/status"
    case .windowStatus: "/v1/windows/{window}/status"
    case .show: "/v1/windows/{window}"
    case .showDate: "/v1/windows/{window}/dates/{date}"
    case .plan: "/v1/windows/{window}/plan"
    case .failures: "/v1/windows/{window}/failures"
    case .validate: "/v1/windows/{window}/validate"
    case .run: "/v1/windows/{window}/run"
    case .change: "/v1/windows/{window}/change"
    case .rerun: "/v1/windows/{window}/rerun"
    case .importDone: "/v1/windows/{window}/import"
    case .pause: "/v1/windows/{window}/pause"
    case .resume: "/v1/windows/{window}/resume"
    case .pauseAll: "/v1/pause"
    case .resumeAll: "/v1/resume"
    case .reload: "/v1/reload"
    case .backup: "/v1/backup"
    case .doctor: "/v1/doctor"
    }
  }

  /// What the route can do at most; `ControlCall.permission` is what one request needs.
  public var permission: Permission {
    switch self {
    case .status, .windowStatus, .show, .showDate, .plan, .failures, .doctor: .read
    case .validate, .run, .change, .rerun, .importDone, .pause, .resume, .pauseAll, .resumeAll, .reload: .operate
    case .backup: .administer
    }
  }

  /// What may stand in the query of the path (`?nights=3`); anything else there is refused.
  public var parameters: [String] {
    switch self {
    case .plan: ["nights"]
    case .failures: ["by"]
    default: []
    }
  }

  /// What the body of the request is; `nil` when it has none.
  public var body: (any Codable.Type)? {
    switch self {
    case .status, .windowStatus, .show, .showDate, .plan, .failures, .doctor: nil
    case .validate: ValidationBody.self
    case .run: RunBody.self
    case .change: ChangeBody.self
    case .rerun: RerunBody.self
    case .importDone: ImportBody.self
    case .pause, .pauseAll: PauseBody.self
    case .resume, .resumeAll: ResumeBody.self
    case .reload: ReloadBody.self
    case .backup: BackupBody.self
    }
  }

  /// What the body of a successful response is.
  public var answer: any Codable.Type {
    switch self {
    case .status, .windowStatus: DaemonStatus.self
    case .show, .showDate: WindowView.self
    case .rerun: RerunAnswer.self
    case .importDone: ImportAnswer.self
    case .plan: PlanView.self
    case .failures: FailuresView.self
    case .validate: ValidationView.self
    case .backup: BackupView.self
    case .doctor: DoctorView.self
    case .run, .change, .pause, .resume, .pauseAll, .resumeAll: ChangeAnswer.self
    case .reload: ReloadAnswer.self
    }
  }
}
