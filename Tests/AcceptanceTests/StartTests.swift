import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// What the daemon starts on, and what it refuses to start on.
@Suite(.timeLimit(.minutes(2)))
struct StartTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-03}
    steps: {load: {command: [/bin/true], report: {from: none}}}
    """

  @Test func `a second daemon on one state directory is refused with the number of the first`() async throws {
    let stage = try DaemonStage()
    let first = try await stage.startReady()
    let second = try stage.start()
    #expect(try await second.ended() == .exited(1))
    #expect(
      second.errors
        == "Error: the directory `\(stage.state)` is in use by another backfilld (pid \(first.pid))\n")
    #expect(second.told == [])
  }

  @Test func `a second daemon of another state directory is kept out of the runtime directory`() async throws {
    let stage = try DaemonStage()
    let first = try await stage.startReady()
    let second = try stage.start(state: stage.state + "-of-another")
    #expect(try await second.ended() == .exited(1))
    #expect(
      second.errors
        == "Error: the directory `\(stage.runtime)` is in use by another backfilld (pid \(first.pid))\n")
  }

  @Test func `a strict umask does not keep the users of steps from their reports`() async throws {
    let stage = try DaemonStage()
    let daemon = try stage.start(launcher: ["/bin/sh", "-c", "umask 077; exec \"$@\"", "sh"])
    try await daemon.ready()
    let modes = try [stage.runtime, stage.state].map {
      try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
    }
    #expect(modes == [0o755, 0o750])
  }

  @Test func `folders may be named from where the daemon is started, and steps still find their reports`() async throws
  {
    let stage = try DaemonStage(windows: [
      "w": """
      dates: {from: 2024-01-01, to: 2024-01-01}
      run: {directory: /}
      steps: {load: {command: [/bin/sh, -c, 'echo "{\\"records\\": 7}" > "$BACKFILL_REPORT"']}}
      """
    ])
    let daemon = try stage.startInPlace()
    try await daemon.ready()
    _ = try await stage.client.run(
      RunRequest(window: "w", dates: [DateRange(from: day("2024-01-01"), to: day("2024-01-01"))]))
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: complete")) }, "\(daemon.errors)")
    let date = try await stage.client.show("w").dates.first
    #expect(date?.state == .done)
    #expect(date?.steps.first?.report == Report(records: 7))
  }

  @Test func `a daemon that was refused leaves the first one and its socket as they are`() async throws {
    let stage = try DaemonStage()
    let first = try await stage.startReady()
    _ = try await stage.start().ended()
    #expect(try await stage.client.status().state == .ready)
    #expect(first.end == nil)
  }

  @Test func `a daemon starts on the state directory of one that was killed`() async throws {
    let stage = try DaemonStage()
    let first = try await stage.startReady()
    first.send(SIGKILL)
    #expect(try await first.ended() == .killed(SIGKILL))
    try await stage.startReady()
    #expect(try await stage.client.status().state == .ready)
  }

  @Test func `a ledger that vanished is not a first start`() async throws {
    let stage = try await stageWithoutLedger()
    let daemon = try stage.start()
    #expect(try await daemon.ended() == .exited(1))
    #expect(
      daemon.errors == "Error: the ledger `\(stage.ledger)` is gone or empty, but `\(stage.ledger).exists` says that "
        + "there was one: put it back, or begin an empty one with `backfilld --new-ledger`\n")
    #expect(!FileManager.default.fileExists(atPath: stage.ledger))
  }

  @Test func `a person may begin an empty ledger where one vanished`() async throws {
    let stage = try await stageWithoutLedger()
    let daemon = try stage.start(["--new-ledger"])
    try await daemon.ready()
    let window = try #require(try await stage.client.status().windows.first)
    #expect(window.state == .active)
    #expect(window.dates.count(.pending) == 3)
  }

  @Test func `--new-ledger does not touch a ledger that is there`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let first = try await stage.startReady()
    _ = try await stage.client.pause(PauseRequest(window: "w", reason: "maintenance"))
    first.send(SIGTERM)
    #expect(try await first.ended() == .exited(0))
    let second = try stage.start(["--new-ledger"])
    try await second.ready()
    let window = try #require(try await stage.client.status().windows.first)
    #expect(window.state == .paused)
    #expect(window.reason == "maintenance")
  }

  @Test func `a state directory that cannot be made is said`() async throws {
    let stage = try DaemonStage()
    let daemon = try stage.start(["--state-dir", "/nonexistent/state"])
    #expect(try await daemon.ended() == .exited(1))
    #expect(daemon.errors == "Error: cannot make the folder `/nonexistent/state`: No such file or directory\n")
  }

  /// A stage whose ledger was there, and was deleted with everything of it but the marker.
  private func stageWithoutLedger() async throws -> DaemonStage {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    _ = try await stage.client.pause(PauseRequest(window: "w", reason: "maintenance"))
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: stage.ledger + suffix) {
      try FileManager.default.removeItem(atPath: stage.ledger + suffix)
    }
    return stage
  }
}
