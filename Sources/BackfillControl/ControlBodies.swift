import BackfillCore

/// The body of `POST /v1/windows/{window}/run`.
public struct RunBody: Codable, Sendable, Equatable {
  public let dates: [DateRange]
  /// Only this step; `nil`: all.
  public let step: String?

  public init(dates: [DateRange], step: String? = nil) {
    self.dates = dates
    self.step = step
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
}

/// The body of the two `pause` routes; an empty body means no reason.
public struct PauseBody: Codable, Sendable, Equatable {
  public let reason: String?

  public init(reason: String? = nil) {
    self.reason = reason
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

  private enum CodingKeys: String, CodingKey {
    case now, reason
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    now = try container.decodeIfPresent(Bool.self, forKey: .now) ?? false
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
  }
}
