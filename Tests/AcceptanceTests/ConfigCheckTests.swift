import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// `backfilld --check-config`.
@Suite(.timeLimit(.minutes(2)))
struct ConfigCheckTests {
  private static let good = """
    dates: {from: 2024-01-01, to: 2024-01-03}
    steps: {load: {command: [/bin/true]}}
    """
  private static let bad = """
    dates: {from: 2024-01-01, to: 2024-02-30}
    step: {load: {command: [/bin/true]}}
    """

  @Test func `good files are counted and the exit status is 0`() async throws {
    let (end, output) = try await check(DaemonStage(settings: "stop_grace: 1s\n", windows: ["w": Self.good]))
    #expect(output == "1 window ready, 0 disabled\n")
    #expect(end == .exited(0))
  }

  @Test func `every mistake of every file is said at once and the exit status is 1`() async throws {
    let stage = try DaemonStage(settings: "stop_grace: soon\n", windows: ["a": Self.good, "b": Self.bad])
    let (end, output) = try await check(stage)
    let config = stage.folder.path + "/config"
    #expect(
      output == """
        \(config)/backfilld.yaml:1:13: `stop_grace` must be a duration such as `30s`, `10m` or `1h30m`, found `soon`
        \(config)/windows.d/b.yaml:1:1: `steps` is missing; give `steps`, or name a `pipeline`
        \(config)/windows.d/b.yaml:1:31: `dates.to` is `2024-02-30`, a date that does not exist; 2024-02 has 29 days
        \(config)/windows.d/b.yaml:2:1: unknown key `step`; did you mean `steps`?
        1 window ready, 1 disabled

        """)
    #expect(end == .exited(1))
  }

  @Test func `a command line that is wrong is exit status 64`() async throws {
    let stage = try DaemonStage()
    let daemon = try stage.start(["--nope"])
    #expect(try await daemon.ended() == .exited(64))
    #expect(daemon.errors.hasPrefix("Error: Unknown option '--nope'\n"))
  }

  @Test func `checking makes no folder and no ledger`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.good])
    _ = try await check(stage)
    #expect(!FileManager.default.fileExists(atPath: stage.state))
    #expect(!FileManager.default.fileExists(atPath: stage.folder.path + "/run"))
  }

  @Test func `a daemon runs on with the good files and says what is wrong with the bad ones`() async throws {
    let stage = try DaemonStage(windows: ["a": Self.good, "b": Self.bad])
    try await stage.startReady()
    let status = try await stage.client.status()
    #expect(status.windows.map(\.window) == ["a"])
    #expect(status.rejected.map(\.window) == ["b"])
    #expect(status.rejected.first?.findings.count == 3)
  }

  private func check(_ stage: DaemonStage) async throws -> (end: DaemonEnd, output: String) {
    let daemon = try stage.start(["--check-config"])
    let end = try await daemon.ended()
    #expect(daemon.errors == "")
    return (end, daemon.output)
  }
}
