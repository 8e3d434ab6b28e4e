import BackfillCore
import BackfillEngine
import BackfillExec
import BackfillStore
import BackfillTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct StopTests {
  private func engine(_ harness: EngineHarness, _ windows: Window..., hook: @escaping HookedLedger.Hook) throws
    -> Engine
  {
    let store = try LedgerStore.open(directory: harness.folder.path)
    return Engine(
      settings: DaemonSettings(), windows: windows, rejected: [], version: "test",
      ports: EnginePorts(
        ledger: LedgerPlace(HookedLedger(store, hook)), executor: harness.executor, threads: try LocalThreads(),
        clock: harness.clock,
        notifier: harness.notifier, sink: harness.recorder, faults: NoFaults(), baseEnvironment: { _ in [:] },
        eventsCommitted: {}, planned: {}, readConfiguration: { DaemonConfiguration() }, reloaded: {},
        untilReady: {}, calendarReading: { _ in .dates([:]) }))
  }

  @Test func `who asked before a start that fails is answered`() async throws {
    let harness = try EngineHarness()
    let asked = Gate()
    let engine = try engine(harness, testWindow()) { call throws(LedgerFailure) in
      guard case .snapshot = call else { return }
      await asked.waitUntilCancelledOrOpen()
      throw .contradiction("no such edge")
    }
    let answer = Task { try await engine.operations.status(of: nil) }
    let ended = Task { try await engine.run() }
    await asked.waitUntilReached()
    asked.open()
    await #expect(throws: EngineFailure("no such edge")) { try await ended.value }
    await #expect(throws: Refusal(.unavailable, "backfilld is stopping")) { _ = try await answer.value }
  }

  @Test func `a contradiction in one window stops the running steps of the others and ends the engine`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        await gate.waitUntilCancelledOrOpen()
        return .ended(.stopped)
      })
    let engine = try engine(harness, testWindow("a"), testWindow("b")) { call throws(LedgerFailure) in
      if case .commit(let checkpoint) = call, checkpoint.window == "b" { throw .contradiction("no such edge") }
    }
    let ended = Task { try await engine.run() }
    let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
    _ = try await engine.operations.run(RunRequest(window: "a", dates: one), by: "ann")
    await gate.waitUntilReached()
    _ = try await engine.operations.run(RunRequest(window: "b", dates: one), by: "ann")
    await #expect(throws: EngineFailure("b 2013-02-01: no such edge")) { try await ended.value }
    #expect(harness.executor.started == ["2013-02-01 load"])
  }

  @Test func `READY follows the first plan and its status`() async throws {
    let harness = try EngineHarness()
    try await harness.run(testWindow()) { operations in
      _ = try await operations.status(of: nil)
    }
    #expect(Array(harness.notifier.heard.prefix(2)) == ["STATUS w: 0 of 5 done", "READY"])
  }
}
