import BackfillCore

/// What a configuration is checked against besides itself: the users and the time zones of this machine.
public protocol MachineFacts: Sendable {
  /// Whether steps may be started as any user.
  var isRoot: Bool { get }
  /// The name of the user the daemon runs as.
  var currentUser: String { get }
  /// Whether the machine knows a user of that name.
  func userExists(_ name: String) -> Bool
  /// The time zone of that name (`America/New_York`), or `nil` when there is none.
  func zone(named name: String) -> Zone?
  /// All names that `zone(named:)` knows, for "did you mean".
  var zoneNames: [String] { get }
  /// The user as which commands run where no `run.user` is given; `nil`: the daemon's own.
  var stepUser: String? { get }
  /// The wall clock; `nil`: not asked, and no schedule is found to be over.
  var now: Instant? { get }
  /// The machine's own zone: that of windows that name none.
  var localZone: Zone { get }
}

extension MachineFacts {
  public var now: Instant? { nil }
  public var stepUser: String? { nil }
}
