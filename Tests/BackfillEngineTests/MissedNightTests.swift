import BackfillCore
import BackfillTestKit
import Testing

/// Nights that the daemon slept through.
@Suite(.timeLimit(.minutes(1))) struct MissedNightTests {
  /// The machine was off from 2013-06-01T12:00Z to 2013-06-04T12:00Z; the last firing was at 01:00, its stop_by at 06:00.
  private static let firing = Instant(iso: "2013-06-04T01:00:00Z") ?? Instant(seconds: 0)

  private func window(_ missed: MissedFiring) throws -> Window {
    testWindow(
      schedule: Schedule(
        when: try CalendarExpression.parse("0 1 * * *"), missed: missed, chunk: 1, stopBy: 6 * 3600))
  }

  /// A harness whose machine was off for three nights.
  private func slept(_ window: Window) async throws -> EngineHarness {
    let harness = try EngineHarness()
    try await harness.run(window) { operations in _ = try await operations.status(of: nil) }
    harness.clock.advance(by: .seconds(3 * 86_400))
    return harness
  }

  private func waitForMiss(_ harness: EngineHarness) async {
    await harness.recorder.wait { events in events.contains { $0.kind == .activationMissed } }
  }

  @Test(arguments: [(MissedFiring.once, "its time was over"), (.skip, "its time was over")])
  func `a night whose time was over at the start is in status, show and doctor`(
    missed: MissedFiring, reason: String
  ) async throws {
    let window = try window(missed)
    let harness = try await slept(window)
    let night = MissedNight(firing: Self.firing, reason: reason)
    let (status, view, doctor) = try await harness.run(window) { operations in
      await waitForMiss(harness)
      return (
        try await operations.status(of: "w"), try await operations.show("w", date: nil), try await operations.doctor()
      )
    }
    #expect(status.windows.first?.missed == night)
    #expect(view.missed == night)
    #expect(doctor.windows.first?.missed == night)
    #expect(view.changes?.map(\.action) == ["missed"])
    #expect(view.changes?.map(\.firing) == [Self.firing])
    // Also after another start.
    let again = try await harness.run(window) { operations in try await operations.status(of: "w") }
    #expect(again.windows.first?.missed == night)
    #expect(harness.executor.started.isEmpty)
  }

  @Test func `a night that missed skip leaves out says so, until the next one comes`() async throws {
    let window = testWindow(
      schedule: Schedule(when: try CalendarExpression.parse("0 1 * * *"), missed: .skip, chunk: 1))
    let harness = try await slept(window)
    try await harness.run(window) { operations in
      await waitForMiss(harness)
      let missed = try await operations.status(of: "w").windows.first?.missed
      #expect(missed == MissedNight(firing: Self.firing, reason: "it was slept through (missed: skip)"))
      harness.clock.move(to: Self.firing + .seconds(86_400))
      await harness.waitForActivationEnds(1)
      #expect(try await operations.status(of: "w").windows.first?.missed == nil)
    }
  }

  @Test func `a chunk that a person starts makes up for it`() async throws {
    let window = try window(.once)
    let harness = try await slept(window)
    try await harness.run(window) { operations in
      await waitForMiss(harness)
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      #expect(try await operations.status(of: "w").windows.first?.missed == nil)
      await harness.waitForActivationEnds(1)
    }
    let again = try await harness.run(window) { operations in try await operations.status(of: "w") }
    #expect(again.windows.first?.missed == nil)
  }
}
