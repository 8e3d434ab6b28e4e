import BackfillCore

enum Sample {
  static let instant = Instant(milliseconds: 1_360_303_200_250)  // 2013-02-08T06:00:00.250Z
  static let attempt = AttemptIdentity(
    window: "flights", date: CivilDate(daysSinceEpoch: 15_744), step: "routes", attempt: 2, runID: "4f2a", chunk: 7)
  static let dateDone = JournalEvent.dateDone(
    window: "flights", date: CivilDate(daysSinceEpoch: 15_744), chunk: 7, verdict: .pass)
}

/// A clock that always shows the same instant.
struct StandingClock: Clock {
  let instant: Instant

  func now() -> Instant { instant }
  func wait(for duration: Duration) async throws {}
  func wait(until instant: Instant) async throws -> WallWait { .reached }
}
