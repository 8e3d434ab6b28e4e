import BackfillCore

/// The body of `POST /v1/windows/{window}/run`.
public struct RunBody: Codable, Sendable, Equatable {
  public let dates: [DateRange]
  /// Only this step; `nil`: all.
  public let step: String?
  public let reason: String?
  /// Nothing is started: the answer says what would run.
  public let dryRun: Bool

  public init(dates: [DateRange], step: String? = nil, reason: String? = nil, dryRun: Bool = false) {
    self.dates = dates
    self.step = step
    self.reason = reason
    self.dryRun = dryRun
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case dates, step, reason
    case dryRun = "dry_run"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    dates = try container.decode([GivenRange].self, forKey: .dates).map(\.range)
    step = try container.decodeIfPresent(String.self, forKey: .step)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
  }
}

/// The body of `POST /v1/windows/{window}/change`.
public struct ChangeBody: Codable, Sendable, Equatable {
  public let action: ChangeRequest.Action
  public let dates: [DateRange]
  /// Required for `accept` and `skip`.
  public let reason: String?

  public init(action: ChangeRequest.Action, dates: [DateRange], reason: String? = nil) {
    self.action = action
    self.dates = dates
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case action, dates, reason
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    action = try container.decode(wordOf: ChangeRequest.Action.self, forKey: .action)
    dates = try container.decode([GivenRange].self, forKey: .dates).map(\.range)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
  }
}

/// The body of `POST /v1/windows/{window}/rerun`; only `dates` must be there.
public struct RerunBody: Codable, Sendable, Equatable {
  public let dates: [DateRange]
  /// Only this step; `nil`: all.
  public let step: String?
  /// What becomes stale runs now as well.
  public let downstream: Bool
  public let reason: String?
  /// Works it out, writes nothing.
  public let dryRun: Bool
  /// What the person confirmed; another count is refused.
  public let confirmed: RerunCount?

  public init(_ request: RerunRequest) {
    dates = request.dates
    step = request.step
    downstream = request.downstream
    reason = request.reason
    dryRun = request.dryRun
    confirmed = request.confirmed
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case dates, step, downstream, reason, confirmed
    case dryRun = "dry_run"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    dates = try container.decode([GivenRange].self, forKey: .dates).map(\.range)
    step = try container.decodeIfPresent(String.self, forKey: .step)
    downstream = try container.decodeIfPresent(Bool.self, forKey: .downstream) ?? false
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
    confirmed = try container.decodeIfPresent(GivenCount.self, forKey: .confirmed)?.count
  }
}

/// The body of `POST /v1/windows/{window}/import`; only `dates` must be there.
public struct ImportBody: Codable, Sendable, Equatable {
  /// Each by itself: there are no ranges.
  public let dates: [CivilDate]
  public let reason: String?
  /// Looks, writes nothing.
  public let dryRun: Bool

  public init(dates: [CivilDate], reason: String? = nil, dryRun: Bool = false) {
    self.dates = dates
    self.reason = reason
    self.dryRun = dryRun
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case dates, reason
    case dryRun = "dry_run"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    dates = try container.decode([CivilDate].self, forKey: .dates)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
  }
}

/// The body of the two `pause` routes; an empty body means no reason.
public struct PauseBody: Codable, Sendable, Equatable {
  public let reason: String?

  public init(reason: String? = nil) {
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case reason
  }

  public init(from decoder: any Decoder) throws {
    reason = try decoder.container(ofOnly: CodingKeys.self).decodeIfPresent(String.self, forKey: .reason)
  }
}

/// The body of the two `resume` routes; an empty body means neither `now` nor a reason.
public struct ResumeBody: Codable, Sendable, Equatable {
  /// Opens an activation at once, as if the schedule had fired.
  public let now: Bool
  public let reason: String?

  public init(now: Bool = false, reason: String? = nil) {
    self.now = now
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case now, reason
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    now = try container.decodeIfPresent(Bool.self, forKey: .now) ?? false
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
  }
}

/// The body of `POST /v1/reload`: nothing is said in it yet.
public struct ReloadBody: Codable, Sendable, Equatable {
  public init() {}

  private enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try decoder.container(ofOnly: CodingKeys.self)
  }
}

/// The body of `POST /v1/windows/{window}/validate`; an empty one judges every date and writes nothing down.
public struct ValidationBody: Codable, Sendable, Equatable {
  /// `nil`: every date.
  public let dates: [DateRange]?
  /// Writes the new verdicts down.
  public let apply: Bool
  public let reason: String?

  public init(dates: [DateRange]? = nil, apply: Bool = false, reason: String? = nil) {
    self.dates = dates
    self.apply = apply
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case dates, apply, reason
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    dates = try container.decodeIfPresent([GivenRange].self, forKey: .dates)?.map(\.range)
    apply = try container.decodeIfPresent(Bool.self, forKey: .apply) ?? false
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
  }
}

/// The body of `POST /v1/backup`.
public struct BackupBody: Codable, Sendable, Equatable {
  /// An absolute path, as the daemon sees it.
  public let file: String

  public init(file: String) {
    self.file = file
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case file
  }

  public init(from decoder: any Decoder) throws {
    file = try decoder.container(ofOnly: CodingKeys.self).decode(String.self, forKey: .file)
  }
}
