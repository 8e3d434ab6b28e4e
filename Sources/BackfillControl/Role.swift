import BackfillCore

/// What a person at the other end of the control socket is to the daemon; it decides what that person may do.
public enum Role: String, CaseIterable, Sendable {
  /// Anybody whom the mode of the socket lets in.
  case guest
  /// In the operators' group.
  case member
  /// root, or the user whom the daemon runs as.
  case owner

  /// The role of the user with the number `user` who is in `groups`.
  ///
  /// - Parameters:
  ///   - user: The user's number; `nil`: the kernel did not say.
  ///   - groups: The numbers of the groups, the primary one too.
  ///   - daemon: The number of the user whom the daemon runs as.
  ///   - operators: The number of the operators' group; `nil`: there is no such group.
  public init(user: UInt32?, groups: [UInt32], daemon: UInt32, operators: UInt32?) {
    self =
      switch user {
      case nil: .guest
      case 0, daemon: .owner
      default: operators.map(groups.contains) == true ? .member : .guest
      }
  }

  /// The one table of who may do what.
  public func may(_ permission: ControlRoute.Permission) -> Bool {
    switch (self, permission) {
    case (.guest, .read): true
    case (.guest, .operate), (.guest, .administer): false
    case (.member, .read), (.member, .operate): true
    case (.member, .administer): false
    case (.owner, _): true
    }
  }
}

extension ControlCall {
  /// What the caller must be allowed to do: what the route says, or only to look where nothing is changed.
  public var permission: ControlRoute.Permission {
    switch self {
    case .status, .show, .plan, .failures, .doctor: .read
    case .validate(let request): request.isApplied ? .operate : .read
    case .run(let request): request.isDryRun ? .read : .operate
    case .rerun(let request): request.dryRun ? .read : .operate
    case .importDone(let request): request.dryRun ? .read : .operate
    case .change, .pause, .resume, .reload: .operate
    case .backup: .administer
    }
  }
}
