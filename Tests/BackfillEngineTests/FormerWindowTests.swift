import BackfillCore
import BackfillTestKit
import Testing

/// What can still be asked of a window whose file was deleted.
@Suite(.timeLimit(.minutes(1))) struct FormerWindowTests {
  private static let consequence = "`w` is no longer configured: its ledger is kept, and "
  private let all = [DateRange(from: day("2013-02-01"), to: day("2013-02-05"))]

  /// Runs two dates of `w`, pauses and deletes it, and then does `work`.
  private func deleted<Answer: Sendable>(
    _ work: @escaping @Sendable (any Operations) async throws -> Answer
  ) async throws -> Answer {
    let harness = try EngineHarness(
      ScriptedExecutor { _ in .passed(Report(attempted: 10, records: 8, failures: ["LATE": 2])) })
    let step = Step(name: "load", command: ["load"], expect: Expectation(expected: ["LATE"]))
    return try await harness.run(testWindow(to: "2013-02-02", steps: [step]), testWindow("x")) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
      await harness.waitForActivationEnds(1)
      harness.files.write(testWindow("x"))
      _ = try await operations.reload(by: "ann")
      return try await work(operations)
    }
  }

  @Test func `failures counts what the ledger has, without kinds and bands`() async throws {
    let view = try await deleted { try await $0.failures(FailuresRequest(window: "w")) }
    #expect(!view.configured)
    #expect(
      view.rows == [
        FailureRow(
          group: "LATE", step: "load", kind: nil, dates: 2, n: 20, failed: 4, rate: 0.2, expected: 0, never: 0,
          unknown: 0, streams: [])
      ])
  }

  @Test func `a plan of it is refused: nothing will run`() async throws {
    await #expect(throws: Refusal(.refused, Self.consequence + "nothing of it will run")) {
      _ = try await deleted { try await $0.plan(PlanRequest(window: "w")) }
    }
  }

  @Test func `its reports are not judged again: nothing says how`() async throws {
    await #expect(throws: Refusal(.refused, Self.consequence + "there is no definition to judge it by")) {
      _ = try await deleted { try await $0.validate(ValidationRequest(window: "w"), by: "ann") }
    }
  }

  @Test(arguments: [true, false])
  func `a window whose file was broken at the start and is deleted then is one, if the ledger knows it`(
    _ isKnown: Bool
  ) async throws {
    let harness = try EngineHarness()
    if isKnown {
      try await harness.run(testWindow()) { operations in
        _ = try await operations.run(RunRequest(window: "w", dates: all), by: "ann")
        await harness.waitForActivationEnds(1)
      }
    }
    let broken = RejectedWindowStatus(window: "w", findings: ["w.yaml:3:1: no"])
    try await harness.run(all: [testWindow("x")], rejected: [broken]) { operations in
      harness.files.write(testWindow("x"))
      _ = try await operations.reload(by: "ann")
      #expect(try await operations.status(of: nil).unconfigured.map(\.window) == (isKnown ? ["w"] : []))
      if isKnown {
        #expect(dates(.done, of: try await operations.show("w", date: nil)).count == 5)
        harness.files.write(testWindow("x"), testWindow())
        _ = try await operations.reload(by: "ann")
        #expect(try await operations.status(of: "w").windows.first?.state == .complete)
      } else {
        await #expect(throws: Refusal(.noSuchWindow, "no window `w`; there is x")) {
          _ = try await operations.show("w", date: nil)
        }
      }
    }
  }

  @Test func `show says that it is no longer configured`() async throws {
    let (window, date) = try await deleted { operations in
      (try await operations.show("w", date: nil), try await operations.show("w", date: day("2013-02-01")))
    }
    #expect(!window.configured)
    #expect(!date.configured)
    #expect(window.dates.count == 2)
  }
}
