import BackfillCore
import Glibc
import Testing

@testable import BackfillExec

@Suite struct StoppingTests {
  @Test func `a time limit ends a step`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh("exec sleep 1000", timeout: .milliseconds(50))
    #expect(execution.ending == .timedOut(.milliseconds(50)))
    #expect(execution.duration >= .milliseconds(50))
  }

  @Test func `a step that ignores SIGTERM gets SIGKILL after the grace`() async throws {
    let stage = try Stage()
    try stage.fifo("ready")
    let script = "trap '' TERM; echo $$ > $DIR/ready; while :; do sleep 1000; done"
    let order = stage.order(["/bin/sh", "-c", script], killGrace: .milliseconds(50))
    let run = Task { try await stage.executor.run(order) }
    let pid = try #require(pid_t(try await stage.line(fromFIFO: "ready")))
    run.cancel()
    #expect(try await run.value.ending == .stopped)
    #expect(!isRunning(pid))
  }

  @Test func `a grandchild that ignores SIGTERM is gone although its parent ended first`() async throws {
    let stage = try Stage()
    let script = """
      sh -c 'trap "" TERM; echo $$ > $DIR/grandchild; sleep 1000; sleep 1000' &
      while ! test -s $DIR/grandchild; do :; done
      exec sleep 1000
      """
    let execution = try await stage.sh(script, timeout: .seconds(1), killGrace: .milliseconds(50))
    #expect(execution.ending == .timedOut(.seconds(1)))
    #expect(!isRunning(try #require(pid_t(stage.text("grandchild")))))
  }

  @Test func `after SIGTERM the rest of a group has the whole grace, also when the leader ended first`() async throws {
    let stage = try Stage()
    try stage.fifo("ready")
    let script = """
      sh -c 'trap "echo cleaned > $DIR/cleaned; exit 0" TERM; echo ready > $DIR/ready; while :; do sleep 0.01; done' &
      exec sleep 1000
      """
    let order = stage.order(["/bin/sh", "-c", script], killGrace: .seconds(60))
    let run = Task { try await stage.executor.run(order) }
    #expect(try await stage.line(fromFIFO: "ready") == "ready")
    run.cancel()
    #expect(try await run.value.ending == .stopped)
    #expect(try stage.text("cleaned") == "cleaned")
  }

  @Test func `a cancelled step is stopped`() async throws {
    let stage = try Stage()
    try stage.fifo("ready")
    let order = stage.order(["/bin/sh", "-c", "echo $$ > $DIR/ready; exec sleep 1000"])
    let run = Task { try await stage.executor.run(order) }
    let pid = try #require(pid_t(try await stage.line(fromFIFO: "ready")))
    run.cancel()
    #expect(try await run.value.ending == .stopped)
    #expect(!isRunning(pid))
  }

  @Test func `a step that is cancelled before it starts is not started`() async throws {
    let stage = try Stage()
    let order = stage.order(["/bin/sh", "-c", "echo > $DIR/started"])
    let run = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await stage.executor.run(order)
    }
    #expect(try await run.value.ending == .stopped)
    #expect(access("\(stage.folder)/started", F_OK) != 0)
  }

  @Test func `a step that ends well after it was asked to stop was stopped`() async throws {
    let stage = try Stage()
    try stage.fifo("ready")
    let order = stage.order(["/bin/sh", "-c", "trap 'exit 0' TERM; echo > $DIR/ready; while :; do sleep 0.01; done"])
    let run = Task { try await stage.executor.run(order) }
    _ = try await stage.line(fromFIFO: "ready")
    run.cancel()
    #expect(try await run.value.ending == .stopped)
  }

  @Test func `a step that stopped itself is stopped all the same`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh("kill -STOP $$", timeout: .milliseconds(50), killGrace: .seconds(60))
    #expect(execution.ending == .timedOut(.milliseconds(50)))
  }

  @Test func `SIGTERM reaches the other groups of the session`() async throws {
    let stage = try Stage()
    try stage.fifo("ready")
    let inner = "trap \"echo > $DIR/told; exit\" TERM; echo > $DIR/ready; while :; do sleep 0.01; done"
    let order = stage.order(
      ["/usr/bin/perl", "-e", "if (!fork) { setpgrp(0, 0); exec 'sh', '-c', '\(inner)' } wait"], killGrace: .seconds(60)
    )
    let run = Task { try await stage.executor.run(order) }
    _ = try await stage.line(fromFIFO: "ready")
    run.cancel()
    #expect(try await run.value.ending == .stopped)
    #expect(access("\(stage.folder)/told", F_OK) == 0)
  }

  @Test(arguments: [
    "sh -c 'echo $$ > $DIR/left; exec sleep 1000' &",
    "sh -c 'trap \"\" TERM HUP; echo $$ > $DIR/left; sleep 1000' &",
    "setsid sh -c 'echo $$ > $DIR/left; exec sleep 1000' &",
    "setsid sh -c 'sh -c \"echo \\$\\$ > $DIR/left; exec sleep 1000\" & wait' &",
    "perl -e 'setpgrp(0, 0); exec \"sh\", \"-c\", \"echo \\$\\$ > \\$DIR/left; exec sleep 1000\"' &",
  ])
  func `what a step leaves behind is gone when it has ended`(script: String) async throws {
    let stage = try Stage()
    let execution = try await stage.sh(script + "\nwhile ! test -s $DIR/left; do :; done; exit 7")
    #expect(execution.ending == .exited(7))
    #expect(!isRunning(try #require(pid_t(stage.text("left")))))
  }

  @Test func `a descendant that took its marks off does not hold up the end of the step with an open pipe`()
    async throws
  {
    let stage = try Stage()
    let script = """
      env -i DIR=$DIR setsid sh -c 'echo $$ > $DIR/left; echo from afar; exec sleep 1000' &
      while ! test -s $DIR/left; do :; done
      echo near
      """
    let execution = try await stage.sh(script)
    let left = try #require(pid_t(stage.text("left")))
    defer { kill(left, SIGKILL) }
    #expect(execution.ending == .exited(0))
    #expect(Set(stage.sink.texts).isSuperset(of: ["near"]))
    #expect(isRunning(left))
  }
}
