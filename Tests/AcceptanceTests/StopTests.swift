import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// An orderly stop while a step runs that does not want to end.
@Suite(.timeLimit(.minutes(2)))
struct StopTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-01}
    run: {environment: {WORK: "{work}"}}
    steps: {load: {command: ["{work}/load"], report: {from: none}}}
    """
  private static let stubborn = """
    #!/bin/sh
    trap '' TERM
    echo "$BACKFILL_RUN_ID" > "$WORK/first"
    echo "runs and ignores SIGTERM"
    sleep 300
    """
  private static let obliging = """
    #!/bin/sh
    echo "$BACKFILL_RUN_ID" > "$WORK/second"
    """
  private static let date = DateRange(from: day("2024-01-01"), to: day("2024-01-01"))

  @Test func `a stop kills a step that ignores SIGTERM; the step is pending again and no interruption is counted`()
    async throws
  {
    let stage = try await stageAfterStop()
    let ledger = try LedgerCopy(of: stage.ledger)
    #expect(
      try ledger.rows("SELECT state, attempt, unfinished, interruptions FROM steps") == [["pending", "1", "1", "0"]])
    #expect(try ledger.rows("SELECT state FROM dates") == [["pending"]])
    #expect(try ledger.rows("SELECT executions, ending FROM attempts") == [["1", "stopped"]])
    #expect(try DaemonStage.processes(with: "WORK=\(stage.work)") == [])
    #expect(stage.errors().contains(" w 2024-01-01 load was stopped, attempt 1 is executed again later\n"))

    // The next daemon goes on with what was asked for, under the same run id.
    try stage.folder.write(Self.obliging, to: "work/load", mode: 0o755)
    let daemon = try await stage.startReady()
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: complete")) })
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    #expect(text(of: stage.work + "/second") == text(of: stage.work + "/first"))
    #expect(
      try LedgerCopy(of: stage.ledger).rows(
        """
        SELECT s.state, s.attempt, s.interruptions, a.executions, a.ending FROM steps s JOIN attempts a USING (step, date)
        """) == [["done", "1", "0", "2", "exit status 0"]])
    #expect(!daemon.errors.contains("was interrupted"))
  }

  /// A stage whose daemon was stopped while the step ran.
  private func stageAfterStop() async throws -> DaemonStage {
    let stage = try DaemonStage(settings: "stop_grace: 1s\n", windows: ["w": Self.window])
    try stage.folder.write(Self.stubborn, to: "work/load", mode: 0o755)
    let daemon = try await stage.startReady()
    _ = try await stage.client.run(RunRequest(window: "w", dates: [Self.date]))
    #expect(try await stage.errorsShow("w 2024-01-01 load | runs and ignores SIGTERM"))
    let start = ContinuousClock.now
    for _ in 1...3 { daemon.send(SIGTERM) }
    #expect(try await daemon.ended(within: .seconds(60)) == .exited(0))
    #expect(stage.errors().split(separator: "backfilld stops:").count == 2, "it is said once")
    #expect(ContinuousClock.now - start >= .seconds(1), "the step has its grace time")
    #expect(daemon.told.contains("STATUS=stopping: 1 date in flight"))
    #expect(daemon.told.contains("STOPPING=1"))
    return stage
  }
}

extension DaemonStage {
  /// Waits until the daemons have written `words`; returns whether they have.
  func errorsShow(_ words: String) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(30)
    while !errors().contains(words), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    return errors().contains(words)
  }
}
