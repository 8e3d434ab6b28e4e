import BackfillCore
import BackfillTestKit
import Synchronization
import Testing

/// The commit that ends a date claims the steps of the next one, where nothing comes between the two.
@Suite(.timeLimit(.minutes(1))) struct SuccessorTests {
  /// `2013-02-01 done, claims 2013-02-02` for each commit of a run over the first three dates of `window`.
  private func commits(of window: Window, _ executor: ScriptedExecutor = .passing()) async throws -> [String] {
    let seen = Mutex<[String]>([])
    let harness = try EngineHarness(
      executor,
      hook: { call throws(LedgerFailure) in
        guard case .commit(let checkpoint) = call else { return }
        let ended = checkpoint.ended.map { "\($0.attempt.date) ends" }
        let done = checkpoint.dateChange.map { change in
          if case .done = change { "\(checkpoint.date) done" } else { "\(checkpoint.date) not done" }
        }
        let claims = checkpoint.claims.map { "claims \($0.attempt.date)" }
        seen.withLock { $0.append((ended + [done].compactMap { $0 } + claims).joined(separator: ", ")) }
      })
    try await harness.run(window) { operations in
      _ = try await operations.run(
        RunRequest(window: "w", dates: [DateRange(from: day("2013-02-01"), to: day("2013-02-03"))]), by: "ann")
      await harness.waitForActivationEnds(1)
    }
    return seen.withLock { $0 }
  }

  @Test func `one commit ends a date and claims the next one`() async throws {
    #expect(
      try await commits(of: testWindow()) == [
        "claims 2013-02-01",
        "2013-02-01 ends, 2013-02-01 done, claims 2013-02-02",
        "2013-02-02 ends, 2013-02-02 done, claims 2013-02-03",
        "2013-02-03 ends, 2013-02-03 done",
      ])
  }

  @Test func `a date after one that is held has a commit of its own`() async throws {
    let executor = ScriptedExecutor.passing(except: ["2013-02-01 load": .ended(.exited(1))])
    #expect(
      try await commits(of: testWindow(), executor).prefix(3) == [
        "claims 2013-02-01", "2013-02-01 ends, 2013-02-01 not done", "claims 2013-02-02",
      ])
  }

  @Test func `a window that shares a lock lets go of it between two dates`() async throws {
    #expect(
      try await commits(of: testWindow(locks: ["l"])).prefix(3) == [
        "claims 2013-02-01", "2013-02-01 ends, 2013-02-01 done", "claims 2013-02-02",
      ])
  }
}
