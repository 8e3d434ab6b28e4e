import BackfillCore
import BackfillTestKit
import Testing

/// A window in which dates wait for one that a person has to decide about.
@Suite(.timeLimit(.minutes(1))) struct WaitingTests {
  private static let chain = [
    Step(name: "a", command: ["a"], report: .none),
    Step(name: "b", command: ["b"], lookbacks: [Lookback(step: "a", dates: 1, minimum: 1)], report: .none),
  ]
  private let window = testWindow(maxHeld: 9, steps: chain)

  private func harness() throws -> EngineHarness {
    try EngineHarness(.passing(except: ["2013-02-02 a": .ended(.exited(3))]))
  }

  private func ends(_ harness: EngineHarness) -> [String] {
    harness.recorder.events.compactMap { event in
      guard case .activationEnded(_, _, let dates, let reason) = event else { return nil }
      return "\(dates): \(reason)"
    }
  }

  @Test func `status, show and the end of each chunk say which date is waited for`() async throws {
    let harness = try harness()
    let cause = "3 dates wait for 2013-02-02, which is held"
    try await harness.run(window) { operations in
      for night in 1...2 {
        _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
        try await harness.waitForActivationEnds(night, as: operations)
      }
      let status = try #require(try await operations.status(of: "w").windows.first)
      #expect(status.waiting.map(\.sentence) == [cause])
      #expect(try await operations.show("w", date: nil).waiting.map(\.sentence) == [cause])
      let date = try #require(try await operations.show("w", date: day("2013-02-04")).dates.first)
      #expect(
        date.reason
          == "`b` needs `a` on 1 of the 1 dates before, 0 have it; it waits for 2013-02-02, which is held")
    }
    #expect(ends(harness) == ["2: \(cause)", "0: \(cause)"])
  }

  @Test func `a date that waits for its turn says for what, and counts as no trouble`() async throws {
    let harness = try harness()
    try await harness.run(window) { operations in
      let view = try await operations.show("w", date: day("2013-02-04"))
      #expect(view.dates.first?.reason == "`b` needs `a` on 1 of the 1 dates before, 0 have it")
      #expect(view.waiting == [])
      #expect(try await operations.show("w", date: day("2013-02-01")).dates.first?.reason == nil)
    }
  }

  @Test func `a decision about the date lets the others go on`() async throws {
    let harness = try EngineHarness(
      ScriptedExecutor { order in
        order.attempt.date == day("2013-02-02") && order.attempt.attempt == 1
          ? .ended(.exited(3)) : .passed(Report(attempted: 1, records: 1))
      })
    let two = [DateRange(from: day("2013-02-02"), to: day("2013-02-02"))]
    try await harness.run(window) { operations in
      _ = try await operations.resume(ResumeRequest(window: "w", now: true), by: "ann")
      try await harness.waitForActivationEnds(1, as: operations)
      _ = try await operations.change(
        ChangeRequest(window: "w", action: .skip, dates: two, reason: "gone"), by: "ann")
      let skipped = try await operations.status(of: "w").windows.first?.waiting
      #expect(skipped?.map(\.sentence) == ["3 dates wait for 2013-02-02, which is skipped"])
      _ = try await operations.change(ChangeRequest(window: "w", action: .retry, dates: two), by: "ann")
      try await harness.waitForActivationEnds(2, as: operations)
      #expect(try await operations.status(of: "w").windows.first?.waiting == [])
    }
  }

  @Test func `what a person runs says what is left of it, and why`() async throws {
    let harness = try harness()
    try await harness.run(window) { operations in
      let three = [DateRange(from: day("2013-02-01"), to: day("2013-02-03"))]
      _ = try await operations.run(RunRequest(window: "w", dates: three), by: "ann")
      try await harness.waitForActivationEnds(1, as: operations)
    }
    #expect(ends(harness) == ["2: 1 date waits for 2013-02-02, which is held"])
  }
}
