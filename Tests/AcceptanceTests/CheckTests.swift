import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// Checks as real processes of a real daemon.
@Suite(.timeLimit(.minutes(2)))
struct CheckTests {
  private static let date = DateRange(from: day("2024-01-01"), to: day("2024-01-01"))
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-01}
    settled_after: 3d
    run: {environment: {WORK: "{work}"}}
    preflight: [["{work}/preflight", "{from}", "{to}"]]
    steps:
      load:
        requires: [["{work}/requires", "{date}"]]
        freshness: [["{work}/freshness"]]
        command: ["{work}/load"]
        report: {from: none}
    """
  private static let recordOwnName = """
    #!/bin/sh
    echo "$(basename "$0") $*" >> "$WORK/calls"
    """
  private static let requires = """
    #!/bin/sh
    echo "$(basename "$0") $*" >> "$WORK/calls"
    echo "looking for $WORK/upstream-$1"
    test -e "$WORK/upstream-$1"
    """
  private static let hanging = """
    #!/bin/sh
    echo "$(basename "$0") $*" >> "$WORK/calls"
    echo "hangs"
    sleep 300
    """

  private func stage(_ window: String = window, _ scripts: [String: String] = [:]) throws -> DaemonStage {
    let stage = try DaemonStage(settings: "stop_grace: 0s\n", windows: ["w": window])
    let usual = [
      "preflight": Self.recordOwnName, "requires": Self.requires, "freshness": Self.recordOwnName,
      "load": Self.recordOwnName,
    ]
    for (name, text) in usual.merging(scripts, uniquingKeysWith: { $1 }) {
      try stage.folder.write(text, to: "work/\(name)", mode: 0o755)
    }
    return stage
  }

  private func calls(_ stage: DaemonStage) -> [String] {
    text(of: stage.work + "/calls").split(separator: "\n").map(String.init)
  }

  private func run(_ stage: DaemonStage) async throws {
    _ = try await stage.client.run(RunRequest(window: "w", dates: [Self.date]))
  }

  private func end(_ daemon: DaemonProcess) async throws {
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
  }

  @Test func `the cheap gate stops a settled date whose upstream is empty, and lets it through when it is there`()
    async throws
  {
    let stage = try stage()
    let daemon = try await stage.startReady()
    try await run(stage)
    let reason = "`requires` of `load` failed: `\(stage.work)/requires 2024-01-01` exited with 1"
    #expect(try await stage.errorsShow("w 2024-01-01 held for its input: \(reason); the next chunk looks again"))
    #expect(stage.errors().contains(" w 2024-01-01 load | looking for \(stage.work)/upstream-2024-01-01\n"))
    #expect(calls(stage) == ["preflight 2024-01-01 2024-01-01", "requires 2024-01-01"])

    try stage.folder.write("", to: "work/upstream-2024-01-01")
    try await run(stage)
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: complete")) })
    try await end(daemon)
    #expect(
      calls(stage).suffix(3) == ["preflight 2024-01-01 2024-01-01", "requires 2024-01-01", "load "])
    #expect(
      try LedgerCopy(of: stage.ledger).rows(
        "SELECT s.state, s.attempt, a.executions, a.ending FROM steps s JOIN attempts a USING (step, date)")
        == [["done", "1", "2", "exit status 0"]])
  }

  @Test func `a check that hangs is stopped after its time limit, which is named`() async throws {
    let limited = Self.window.replacing(
      "requires: [[\"{work}/requires\", \"{date}\"]]",
      with: "requires: [{command: [\"{work}/requires\"], timeout: 1s}]")
    let stage = try stage(limited, ["requires": Self.hanging])
    let daemon = try await stage.startReady()
    try await run(stage)
    #expect(
      try await stage.errorsShow(
        "held for its input: `requires` of `load` failed: `\(stage.work)/requires` "
          + "was stopped after its time limit of 1s; "))
    #expect(try DaemonStage.processes(with: "WORK=\(stage.work)") == [])
    try await end(daemon)
  }

  @Test(arguments: ["requires", "preflight"])
  func `a check that a dead daemon has left is found and stopped, and runs again`(name: String) async throws {
    let stage = try stage(Self.window, [name: Self.hanging])
    let daemon = try await stage.startReady()
    try await run(stage)
    #expect(try await stage.errorsShow(" | hangs\n"))
    daemon.send(SIGKILL)
    _ = try await daemon.ended()
    #expect(try DaemonStage.processes(with: "WORK=\(stage.work)") != [])

    try stage.folder.write(Self.recordOwnName, to: "work/\(name)", mode: 0o755)
    try stage.folder.write("", to: "work/upstream-2024-01-01")
    let next = try await stage.startReady()
    #expect(await next.notes.wait { $0.contains(.told("STATUS=w: complete")) })
    #expect(next.errors.contains("stopped 1 run whose processes an earlier backfilld left behind"))
    #expect(try DaemonStage.processes(with: "WORK=\(stage.work)") == [])
    try await end(next)
    #expect(calls(stage).filter { $0.hasPrefix(name) }.count == 2)
    #expect(calls(stage).filter { $0.hasPrefix("preflight") }.count == (name == "preflight" ? 2 : 1))
  }
}
