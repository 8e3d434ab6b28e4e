/// Until when an activation starts dates, so that they end in time.
public struct LatestStart: Sendable, Equatable {
  /// What ends the activation.
  public let endsAt: Instant
  /// How long the next date is expected to take; `nil`: nothing is known, or the end is no `stop_by`.
  public let expected: Duration?

  /// `nil` when there is no end.
  ///
  /// The expectation counts before `stop_by` only: what a schedule without one starts may go on beyond the next firing.
  /// - Parameters:
  ///   - kind: Whether the schedule or a person began the activation.
  ///   - endsAt: What ends it.
  ///   - window: Whose schedule names `stop_by`.
  ///   - expected: What nine of ten dates did not exceed.
  public init?(of kind: Activation.Kind, endsAt: Instant?, in window: Window, expected: Duration?) {
    guard let endsAt else { return nil }
    self.endsAt = endsAt
    let obeys = window.schedule.map { schedule in
      schedule.stopBy != nil && (kind == .scheduled || Self.isStopBy(endsAt, of: schedule, in: window.zone))
    }
    self.expected = obeys ?? false ? expected : nil
  }

  /// Whether a date that starts at `instant` begins before the end, and is expected to be done by then.
  public func allows(_ instant: Instant) -> Bool {
    instant < endsAt && instant + (expected ?? .zero) <= endsAt
  }

  /// A chunk that a person starts may end by the next firing instead.
  private static func isStopBy(_ instant: Instant, of schedule: Schedule, in zone: Zone) -> Bool {
    Firing(schedule, in: zone).end(of: instant - .milliseconds(1)) == instant
  }
}
