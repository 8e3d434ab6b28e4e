import BackfillCore
import BackfillTestKit
import Testing

/// What `show` tells later of what was done to a window.
@Suite(.timeLimit(.minutes(1))) struct ChangesTests {
  private let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]

  @Test func `why the daemon paused a window is there after the resume, and so is what a person ran`() async throws {
    let harness = try EngineHarness(
      .passing(except: ["2013-02-02 load": .passed(Report(attempted: 9, records: 0))]))
    let (window, date) = try await harness.run(testWindow()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all, reason: "a new feed"), by: "ann")
      try await harness.waitForPause(operations)
      await harness.waitForActivationEnds(1)
      _ = try await operations.resume(ResumeRequest(window: "w", reason: "seen"), by: "bob")
      return (try await operations.show("w", date: nil), try await operations.show("w", date: day("2013-02-04")))
    }
    let changes = try #require(window.changes)
    #expect(changes.map(\.action) == ["run", "pause", "resume"])
    #expect(changes.map(\.by) == ["ann", "backfilld", "bob"])
    #expect(changes.map(\.dates) == [5, 0, 0])
    #expect(changes[0].reason == "a new feed")
    #expect(changes[1].reason?.hasPrefix("2013-02-02 load: 0 records") == true, "\(changes[1])")
    #expect(changes[2].reason == "seen")
    #expect(date.decisions?.map(\.action) == ["run"])
    #expect(date.decisions?.map(\.reason) == ["a new feed"])
  }

  @Test(arguments: [true, false])
  func `a chunk that a person starts is kept with his reason`(isPaused: Bool) async throws {
    let harness = try EngineHarness()
    let view = try await harness.run(testWindow()) { operations in
      if isPaused { _ = try await operations.pause(PauseRequest(window: "w", reason: "look"), by: "ann") }
      _ = try await operations.resume(
        ResumeRequest(window: "w", now: true, reason: "the night was too short"), by: "ann")
      await harness.waitForActivationEnds(1)
      return try await operations.show("w", date: nil)
    }
    let starts = view.changes?.filter { $0.action == "start" }
    #expect(starts?.map(\.reason) == ["the night was too short"])
    #expect(starts?.map(\.by) == ["ann"])
    #expect(view.changes?.map(\.action).contains("resume") == isPaused)
  }
}
