/// An anomaly of the drift test that no person has settled yet.
public struct OpenAlarm: Sendable, Hashable, Codable {
  public let step: String
  /// The categories of the stream, joined by `+`.
  public let stream: String
  /// The date whose facts made it an anomaly: the one that a person accepts.
  public let date: CivilDate

  public init(step: String, stream: String, date: CivilDate) {
    self.step = step
    self.stream = stream
    self.date = date
  }

  /// `nil` for a warning, which waits for nobody.
  public init?(_ crossing: DriftCrossing) {
    guard crossing.word == .anomaly else { return nil }
    self.init(step: crossing.stream.step, stream: crossing.stream.name, date: crossing.date)
  }
}

/// A stream of the drift test that starts anew because a person settled its alarms.
public struct DriftRestart: Sendable, Equatable {
  public let stream: DriftStream
  /// The last date that no longer counts.
  public let after: CivilDate

  public init(stream: DriftStream, after: CivilDate) {
    self.stream = stream
    self.after = after
  }
}
