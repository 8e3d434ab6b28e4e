import BackfillCore
import Glibc
import Testing

@testable import BackfillExec

@Suite struct LeftoverTests {
  /// Run ids of this process alone: the search is over all processes of the machine, those of another run of the tests too.
  private let mark = "left-\(getpid())"

  /// Starts `script` outside the executor in a session of its own, as a daemon that died has left it.
  private func leave(_ script: String, runID: String, in stage: Stage) {
    shell("DIR=\(stage.folder) BACKFILL_RUN_ID=\(runID) setsid sh -c '\(script)' > /dev/null 2>&1 &")
  }

  @Test func `what earlier runs have left is found and stopped`() async throws {
    let stage = try Stage()
    try stage.fifo("first")
    try stage.fifo("second")
    leave("trap \"\" TERM; sleep 1000 & echo $$ $! > $DIR/first; wait", runID: "\(mark)-1", in: stage)
    leave("echo $$ > $DIR/second; exec sleep 1000", runID: "\(mark)-2", in: stage)
    let first = try await stage.line(fromFIFO: "first").split(separator: " ").compactMap { pid_t($0) }
    let second = try #require(pid_t(try await stage.line(fromFIFO: "second")))
    #expect(try await stage.executor.stopLeftovers(of: ["\(mark)-1", "\(mark)-2", "\(mark)-3"]) == 2)
    #expect(first.count == 2)
    for pid in first + [second] { #expect(!isRunning(pid)) }
  }

  @Test func `the rest of the session goes too, whatever its environment`() async throws {
    let stage = try Stage()
    try stage.fifo("ready")
    leave("env -i sleep 1000 & echo $! > $DIR/ready; wait", runID: "\(mark)-4", in: stage)
    let pid = try #require(pid_t(try await stage.line(fromFIFO: "ready")))
    #expect(try await stage.executor.stopLeftovers(of: ["\(mark)-4"]) == 1)
    #expect(!isRunning(pid))
  }

  @Test func `other runs and the session of a person who tries a step by hand are left alone`() async throws {
    let stage = try Stage()
    try stage.fifo("other")
    try stage.fifo("person")
    leave("echo $$ > $DIR/other; exec sleep 1000", runID: "\(mark)-other", in: stage)
    let other = try #require(pid_t(try await stage.line(fromFIFO: "other")))
    shell(
      "DIR=\(stage.folder) setsid sh -c 'BACKFILL_RUN_ID=\(mark)-5 sleep 1000 & echo $$ > $DIR/person; exec sleep 1000' &"
    )
    let person = try #require(pid_t(try await stage.line(fromFIFO: "person")))
    defer { for pid in [other, person] { kill(pid, SIGKILL) } }
    #expect(try await stage.executor.stopLeftovers(of: ["\(mark)-5"]) == 1)
    #expect(isRunning(other))
    #expect(isRunning(person))
  }

  @Test func `nothing left is zero`() async throws {
    let stage = try Stage()
    #expect(try await stage.executor.stopLeftovers(of: ["\(mark)-none"]) == 0)
    #expect(try await stage.executor.stopLeftovers(of: []) == 0)
  }
}
