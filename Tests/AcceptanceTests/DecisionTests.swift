import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Glibc
import Testing

/// A daemon that dies in the moment in which a person's decision is written down.
@Suite(.timeLimit(.minutes(2)))
struct DecisionTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-01}
    max_held: 1
    run: {environment: {WORK: "{work}"}}
    steps:
      load: {command: [/usr/bin/test, -e, "{work}/input"], report: {from: none}}
      features: {after: [load], command: [/bin/true], report: {from: none}}
    """
  private static let date = [DateRange(from: day("2024-01-01"), to: day("2024-01-01"))]

  /// The date was run by hand, and `line` is the status that followed.
  private func stage(until line: String, hasInput: Bool) async throws -> DaemonStage {
    let stage = try DaemonStage(windows: ["w": Self.window])
    if hasInput { try stage.folder.write("", to: "work/input") }
    let daemon = try await stage.startReady()
    _ = try await stage.client.run(RunRequest(window: "w", dates: Self.date))
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=\(line)")) })
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    return stage
  }

  /// A daemon dies when `decision` is written down; the next one lives until `line` is its status.
  private func die(
    deciding decision: (ControlClient) async throws -> Void, in stage: DaemonStage, until line: String
  ) async throws {
    let dying = try await stage.startReady(environment: ["BACKFILLD_FAULT": "activation-opened:1"])
    await #expect(throws: ControlFailure.self) { try await decision(stage.client) }
    #expect(try await dying.ended(within: .seconds(20)) == .killed(SIGKILL))
    let next = try await stage.startReady()
    #expect(await next.notes.wait { $0.contains(.told("STATUS=\(line)")) })
    next.send(SIGTERM)
    #expect(try await next.ended() == .exited(0))
  }

  @Test func `a retry in a paused window is carried out by the next daemon`() async throws {
    let stage = try await stage(until: "w: 0 of 1 done, 1 held, paused", hasInput: false)
    try stage.folder.write("", to: "work/input")
    try await die(
      deciding: { _ = try await $0.change(ChangeRequest(window: "w", action: .retry, dates: Self.date)) }, in: stage,
      until: "w: 1 of 1 done, paused")
    #expect(
      try LedgerCopy(of: stage.ledger).rows("SELECT step, state, attempt FROM steps ORDER BY step") == [
        ["features", "done", "1"], ["load", "done", "2"],
      ])
  }

  @Test func `a rerun is carried out by the next daemon, with all that became stale`() async throws {
    let stage = try await stage(until: "w: complete", hasInput: true)
    try await die(
      deciding: {
        _ = try await $0.rerun(RerunRequest(window: "w", dates: Self.date, step: "load", downstream: true))
      }, in: stage, until: "w: 1 of 1 done")
    let ledger = try LedgerCopy(of: stage.ledger)
    #expect(
      try ledger.rows("SELECT step, state, attempt FROM steps ORDER BY step") == [
        ["features", "done", "2"], ["load", "done", "2"],
      ])
    #expect(try ledger.rows("SELECT count(*) FROM decisions WHERE action = 'rerun'") == [["1"]])
  }
}
