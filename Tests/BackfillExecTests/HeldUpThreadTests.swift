import BackfillCore
import CPosix
import Glibc
import Synchronization
import Testing

@testable import BackfillExec

/// A leader that has ended while its thread, which would tell so, is held up by the journal.
@Suite struct HeldUpThreadTests {
  /// Takes the first line, and no other until it is let go.
  private final class HeldSink: OutputSink {
    private let state = Mutex<(line: String?, isFree: Bool)>((nil, false))

    /// The first line; `nil`: none came yet.
    var line: String? { state.withLock { $0.line } }

    func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) {
      state.withLock { $0.line = String(decoding: line, as: UTF8.self) }
      while !state.withLock({ $0.isFree }) { sched_yield() }
    }

    func letGo() { state.withLock { $0.isFree = true } }
  }

  @Test func `ended when it was seen, not when its thread came to tell so`() async throws {
    let stage = try Stage()
    let sink = HeldSink()
    let executor = LocalExecutor(reportDirectory: stage.reports, output: sink, clock: StandingClock())
    let before = Monotonic.now()
    let run = Task { try await executor.run(stage.order(["/bin/sh", "-c", "echo $$"])) }
    while sink.line == nil { await Task.yield() }
    let pid = try #require(sink.line.flatMap { pid_t($0) })
    while cposix_has_ended(pid) == 0 { await Task.yield() }
    try Watcher.shared.get().sweep()
    let seen = Monotonic.now()
    // As long again: what is counted until now can then not be mistaken for the time of the step.
    while Monotonic.now() - seen < seen - before { await Task.yield() }
    sink.letGo()
    #expect(try await run.value.duration <= seen - before)
  }

  @Test func `is not looked at again and again when its time limit passes`() throws {
    let limit = Monotonic.now()
    let table = WatchTable(poll: try WakeablePoll())
    let process = try startTrue()
    while cposix_has_ended(process.pid) == 0 { sched_yield() }
    table.add(
      WatchOrder(
        pid: process.pid, pidfd: process.pidfd, runID: nil, timeLimitAt: limit, killGrace: .seconds(10),
        whenGone: { _ in }), as: 1)
    table.passDeadlines(at: limit)
    #expect(table.nextDeadline > limit)
    _ = cposix_reap(process.pid)
    close(process.pidfd)
  }

  private func startTrue() throws -> (pid: pid_t, pidfd: Int32) {
    let stage = try Stage()
    let pipes = try OutputPipes()
    defer {
      pipes.closeWriteEnds()
      pipes.closeReadEnds()
    }
    let plan = try StartPlan(stage.order(["/bin/true"]), account: nil, reportPath: "/nonexistent")
    return try plan.start(output: pipes.standard.write, error: pipes.error.write)
  }
}
