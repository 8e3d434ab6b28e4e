import BackfillCore
import BackfillTestKit
import Dispatch
import Synchronization
import Testing

/// The machine is in the way: what is told, and that work goes on afterwards.
@Suite(.timeLimit(.minutes(1))) struct TroubleTests {
  private let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]

  /// Fails a number of times before each start succeeds.
  private final class UnwillingExecutor: Executor {
    private let left: Mutex<Int>

    init(failures: Int) { left = Mutex(failures) }

    func run(_ order: ExecutionOrder) async throws(ExecutorFailure) -> Execution {
      let fails = left.withLock { left in
        defer { left -= 1 }
        return left > 0
      }
      if fails { throw ExecutorFailure("too many open files") }
      return .passed(Report(attempted: 1, records: 1))
    }

    func stopLeftovers(of runIDs: Set<String>) async throws(ExecutorFailure) -> Int { 0 }
  }

  /// Moves the clock by five seconds, `count` times, each time when somebody waits for that.
  private func letWaitersPass(_ count: Int, _ harness: EngineHarness) async {
    for _ in 1...count {
      while harness.clock.nextWake == nil { await Task.yield() }
      harness.clock.advance(by: .seconds(5))
    }
  }

  @Test func `an executor that cannot start a process is told once, and when it can again`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow(), executor: UnwillingExecutor(failures: 3)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await letWaitersPass(3, harness)
      await harness.wait(forEndOf: "2013-02-01")
    }
    let told = harness.recorder.events.filter { [.executorUnavailable, .executorRecovered].contains($0.kind) }
    #expect(told == [.executorUnavailable(reason: "too many open files"), .executorRecovered])
    #expect(!harness.recorder.events.contains { $0.kind == .ledgerUnavailable })
  }

  @Test func `a window can be paused while no process can be started`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow(), executor: UnwillingExecutor(failures: 1)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await harness.recorder.wait { $0.contains { $0.kind == .executorUnavailable } }
      #expect(try await operations.status(of: nil).state == .degraded)
      let answer = try await operations.pause(PauseRequest(window: "w"), by: "ann")
      #expect(answer.message == "w is paused; dates in flight end first")
      await letWaitersPass(1, harness)
      await harness.wait(forEndOf: "2013-02-01")
    }
  }

  @Test func `who asks is answered while a commit holds up the thread of its date`() async throws {
    let isHeld = Mutex(false)
    let disk = DispatchSemaphore(value: 0)
    @Sendable func hang() {
      isHeld.withLock { $0 = true }
      disk.wait()
    }
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        if case .commit(let checkpoint) = call, checkpoint.ended.first?.attempt.step == "load" { hang() }
      })
    let steps = [Step(name: "load", command: ["load"]), Step(name: "sum", command: ["sum"], after: ["load"])]
    try await harness.run(testWindow(steps: steps)) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      while !isHeld.withLock({ $0 }) { await Task.yield() }
      let status = try await operations.status(of: "w").windows.first
      #expect(status?.running.map(\.date) == [day("2013-02-01")])
      disk.signal()
      await harness.wait(forEndOf: "2013-02-01")
    }
  }

  @Test func `events that could not be handed over follow by themselves, once`() async throws {
    let failures = Mutex(2)
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        guard case .markHandedOver = call else { return }
        let fails = failures.withLock { left in
          defer { left -= 1 }
          return left > 0
        }
        if fails { throw LedgerFailure("the disk is full") }
      })
    try await harness.run(testWindow()) { operations in
      _ = try await operations.pause(PauseRequest(window: "w", reason: "maintenance"), by: "ann")
      await letWaitersPass(2, harness)
    }
    let told = harness.recorder.events.filter { [.ledgerUnavailable, .windowPaused].contains($0.kind) }
    #expect(
      told == [
        .windowPaused(window: "w", date: nil, reason: "maintenance", by: "ann"),
        .ledgerUnavailable(reason: "the disk is full"),
      ])
    #expect(failures.withLock { $0 } < 0)
  }

  @Test func `a date whose record cannot be read is held, and the next one runs`() async throws {
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        if case .record(day("2013-02-01"), _) = call {
          throw LedgerFailure("the ledger holds `x` where a StepState is expected", .unreadable)
        }
      })
    let view = try await harness.run(testWindow()) { operations in
      _ = try await operations.change(
        ChangeRequest(window: "w", action: .skip, dates: one, reason: "so that the ledger has it"), by: "ann")
      _ = try await operations.change(ChangeRequest(window: "w", action: .retry, dates: one), by: "ann")
      await harness.wait(forEndOf: "2013-02-01")
      let next = [DateRange(from: day("2013-02-02"), to: day("2013-02-02"))]
      _ = try await operations.run(RunRequest(window: "w", dates: next), by: "ann")
      await harness.wait(forEndOf: "2013-02-02")
      return try await operations.show("w", date: nil)
    }
    #expect(dates(.held, of: view) == ["2013-02-01"])
    #expect(
      view.dates.first?.reason
        == "the ledger holds `x` where a StepState is expected; the ledger is left as it is")
    #expect(dates(.done, of: view) == ["2013-02-02"])
    #expect(!harness.recorder.events.contains { $0.kind == .ledgerUnavailable })
  }

  @Test func `a ledger that was full goes on with the result that it missed`() async throws {
    let failures = Mutex(2)
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        guard case .commit(let checkpoint) = call, !checkpoint.ended.isEmpty else { return }
        let fails = failures.withLock { left in
          defer { left -= 1 }
          return left > 0
        }
        if fails { throw LedgerFailure("the disk is full") }
      })
    try await harness.run(testWindow()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await letWaitersPass(2, harness)
      await harness.wait(forEndOf: "2013-02-01")
    }
    let told = harness.recorder.events.filter { [.ledgerUnavailable, .ledgerRecovered].contains($0.kind) }
    #expect(told == [.ledgerUnavailable(reason: "the disk is full"), .ledgerRecovered])
    #expect(harness.executor.started == ["2013-02-01 load"])
  }

  @Test func `the configured environment wins over the environment file, and that over what is inherited`() async throws
  {
    let harness = try EngineHarness()
    let window = Window(
      name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2013-02-01")),
      run: RunContext(environment: ["LANG": "C"], environmentFile: "/srv/.env"),
      steps: [Step(name: "load", command: ["load"])])
    try await harness.run(window) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await harness.wait(forEndOf: "2013-02-01")
    }
    let order = try #require(harness.executor.orders.first)
    #expect(order.inherited == ["PATH": "/usr/bin:/bin"])
    #expect(order.environment["PATH"] == nil)
    #expect(order.environment["LANG"] == "C")
    #expect(order.environment["BACKFILL_DATE"] == "2013-02-01")
  }
}
