import BackfillCore
import Glibc
import Testing

@testable import BackfillExec

@Suite struct LeftoverTests {
  /// Starts `script` outside the executor in a session of its own, as a daemon that died has left it.
  private func leave(_ script: String, runID: String, in stage: Stage) {
    shell("DIR=\(stage.folder) BACKFILL_RUN_ID=\(runID) setsid sh -c '\(script)' > /dev/null 2>&1 &")
  }

  @Test func `what earlier runs have left is found and stopped`() async throws {
    let stage = try Stage()
    try stage.fifo("first")
    try stage.fifo("second")
    leave("trap \"\" TERM; sleep 1000 & echo $$ $! > $DIR/first; wait", runID: "left-1", in: stage)
    leave("echo $$ > $DIR/second; exec sleep 1000", runID: "left-2", in: stage)
    let first = try await stage.line(fromFIFO: "first").split(separator: " ").compactMap { pid_t($0) }
    let second = try #require(pid_t(try await stage.line(fromFIFO: "second")))
    #expect(try await stage.executor.stopLeftovers(of: ["left-1", "left-2", "left-3"]) == 2)
    #expect(first.count == 2)
    for pid in first + [second] { #expect(!isRunning(pid)) }
  }

  @Test func `the rest of the session goes too, whatever its environment`() async throws {
    let stage = try Stage()
    try stage.fifo("ready")
    leave("env -i sleep 1000 & echo $! > $DIR/ready; wait", runID: "left-4", in: stage)
    let pid = try #require(pid_t(try await stage.line(fromFIFO: "ready")))
    #expect(try await stage.executor.stopLeftovers(of: ["left-4"]) == 1)
    #expect(!isRunning(pid))
  }

  @Test func `other runs and the session of a person who tries a step by hand are left alone`() async throws {
    let stage = try Stage()
    try stage.fifo("ready")
    leave("echo $$ > $DIR/ready; exec sleep 1000", runID: "other", in: stage)
    let other = try #require(pid_t(try await stage.line(fromFIFO: "ready")))
    shell(
      "DIR=\(stage.folder) setsid sh -c 'BACKFILL_RUN_ID=left-5 sleep 1000 & echo $$ > $DIR/ready; exec sleep 1000' &")
    let person = try #require(pid_t(try await stage.line(fromFIFO: "ready")))
    defer { for pid in [other, person] { kill(pid, SIGKILL) } }
    #expect(try await stage.executor.stopLeftovers(of: ["left-5"]) == 1)
    #expect(isRunning(other))
    #expect(isRunning(person))
  }

  @Test func `nothing left is zero`() async throws {
    let stage = try Stage()
    #expect(try await stage.executor.stopLeftovers(of: ["none"]) == 0)
    #expect(try await stage.executor.stopLeftovers(of: []) == 0)
  }
}
