import BackfillCore
import BackfillEngine
import BackfillExec
import BackfillStore
import BackfillTestKit
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// The ledger cannot be opened, or cannot be written, when the daemon starts: it is up, says why, and goes on by itself.
@Suite(.timeLimit(.minutes(1))) struct NoLedgerTests {
  private let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
  private let full = "the disk is full"

  /// A place whose attempts fail with `reasons`, one after the other, before they succeed.
  private func place(_ harness: EngineHarness, failing reasons: [String]) -> LedgerPlace {
    let left = Mutex(reasons)
    let directory = harness.folder.path
    let store = Mutex<LedgerStore?>(nil)
    return LedgerPlace(
      opening: {
        if let reason = left.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return .waiting(reason) }
        do {
          let opened = try LedgerStore.open(directory: directory)
          store.withLock { $0 = opened }
          return .opened(opened)
        } catch {
          return .refused("\(error)")
        }
      }, closing: { store.withLock { $0 }?.abandon() })
  }

  private func engine(_ harness: EngineHarness, _ place: LedgerPlace) throws -> Engine {
    Engine(
      settings: DaemonSettings(), windows: [testWindow()], rejected: [], version: "test",
      ports: EnginePorts(
        ledger: place, executor: harness.executor, threads: try LocalThreads(), clock: harness.clock,
        notifier: harness.notifier,
        sink: harness.recorder, faults: NoFaults(), baseEnvironment: { _ in [:] }, eventsCommitted: {},
        planned: { harness.notifier.ready() }, readConfiguration: { harness.files.configuration }, reloaded: {},
        untilReady: {}, calendarReading: { _ in .dates([:]) }))
  }

  /// Runs an engine in `place`, does `work`, and stops it in an orderly way.
  private func run<Answer: Sendable>(
    _ harness: EngineHarness, _ place: LedgerPlace,
    _ work: @escaping @Sendable (Engine) async throws -> Answer
  ) async throws -> Answer {
    let engine = try engine(harness, place)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let group = ServiceGroup(
      services: [engine], gracefulShutdownSignals: [], cancellationSignals: [], logger: logger)
    async let ended: Void = group.run()
    let answer: Result<Answer, any Error>
    do { answer = .success(try await work(engine)) } catch { answer = .failure(error) }
    await group.triggerGracefulShutdown()
    try await ended
    return try answer.get()
  }

  private func letPass(_ harness: EngineHarness) async {
    while harness.clock.nextWake == nil { await Task.yield() }
    harness.clock.advance(by: .seconds(5))
  }

  @Test func `a daemon without a ledger says READY, and why it does nothing`() async throws {
    let harness = try EngineHarness()
    let status = try await run(harness, place(harness, failing: [full])) { engine in
      await harness.notifier.wait { $0.contains("READY") }
      return try await engine.operations.status(of: nil)
    }
    #expect(harness.notifier.heard == ["STATUS degraded, no new date starts: the disk is full", "READY", "STOPPING"])
    #expect(status.state == .degraded)
    #expect(status.reason == "the disk is full")
    #expect(status.windows == [])
  }

  @Test func `what needs a ledger is refused with the reason`() async throws {
    let harness = try EngineHarness()
    try await run(harness, place(harness, failing: [full])) { engine in
      await harness.notifier.wait { $0.contains("READY") }
      let operations = engine.operations
      let refusal = Refusal(.unavailable, "there is no ledger to work with: the disk is full")
      await #expect(throws: refusal) { _ = try await operations.status(of: "w") }
      await #expect(throws: refusal) { _ = try await operations.show("w", date: nil) }
      await #expect(throws: refusal) { _ = try await operations.plan(PlanRequest(window: "w")) }
      await #expect(throws: refusal) { _ = try await operations.failures(FailuresRequest(window: "w")) }
      await #expect(throws: refusal) { _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann") }
      await #expect(throws: refusal) { _ = try await operations.pause(PauseRequest(window: nil), by: "ann") }
      await #expect(throws: refusal) { _ = try await operations.resume(ResumeRequest(window: nil), by: "ann") }
      await #expect(throws: refusal) { _ = try await operations.reload(by: "ann") }
      await #expect(throws: Refusal(.unavailable, "no backup was made: the ledger is not open")) {
        _ = try await operations.backup(to: "/nowhere", by: "ann")
      }
    }
  }

  @Test func `doctor answers without a ledger too`() async throws {
    let harness = try EngineHarness()
    let view = try await run(harness, place(harness, failing: [full])) { engine in
      await harness.notifier.wait { $0.contains("READY") }
      return try await engine.operations.doctor()
    }
    #expect(view.ledger == nil)
    #expect(view.reason == "there is no ledger to work with: the disk is full")
    #expect(view.version == "test")
  }

  @Test func `doctor looks at the ledger and tells when windows fire`() async throws {
    let harness = try EngineHarness()
    let window = testWindow(schedule: Schedule(when: try CalendarExpression.parse("0 1 * * *")))
    let view = try await harness.run(window) { operations in
      _ = try await operations.status(of: nil)
      harness.clock.move(to: Instant(seconds: 1_370_134_800))  // 2013-06-02T01:00:00Z
      await harness.waitForActivationEnds(1)
      return try await operations.doctor()
    }
    #expect(view.ledger?.problems == [])
    #expect(view.windows.map(\.window) == ["w"])
    #expect(view.windows.map(\.last) == [Instant(seconds: 1_370_134_800)])
  }

  @Test func `the ledger is tried every five seconds, and then everything starts`() async throws {
    let harness = try EngineHarness()
    let view = try await run(harness, place(harness, failing: [full, full, full])) { engine in
      for _ in 1...3 { await letPass(harness) }
      await harness.notifier.wait { $0.contains("STATUS w: 0 of 5 done") }
      _ = try await engine.operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await harness.notifier.wait { $0.contains("STATUS w: 1 of 5 done") }
      return try await engine.operations.show("w", date: nil)
    }
    #expect(dates(.done, of: view) == ["2013-02-01"])
    #expect(harness.notifier.heard.count { $0 == "READY" } == 1)
  }

  @Test func `a reason is told once, and that it is over once`() async throws {
    let harness = try EngineHarness()
    let damaged = "the ledger is damaged"
    try await run(harness, place(harness, failing: [full, full, damaged, full, damaged])) { _ in
      for _ in 1...5 { await letPass(harness) }
      await harness.notifier.wait { $0.contains("STATUS w: 0 of 5 done") }
    }
    #expect(
      harness.recorder.events == [
        .ledgerUnavailable(reason: full), .ledgerUnavailable(reason: damaged), .ledgerRecovered,
      ])
  }

  @Test func `STATUS follows the reason`() async throws {
    let harness = try EngineHarness()
    try await run(harness, place(harness, failing: [full, "it is damaged"])) { _ in
      await letPass(harness)
      await harness.notifier.wait { $0.contains("STATUS degraded, no new date starts: it is damaged") }
    }
    #expect(harness.notifier.heard.first == "STATUS degraded, no new date starts: the disk is full")
  }

  @Test func `a failure that no waiting mends ends the daemon`() async throws {
    let harness = try EngineHarness()
    let engine = try engine(
      harness, LedgerPlace(opening: { .refused("the ledger was written by a newer backfilld") }, closing: {}))
    await #expect(throws: EngineFailure("the ledger was written by a newer backfilld")) { try await engine.run() }
    #expect(harness.notifier.heard == [])
  }

  @Test func `a recovery that cannot be written is tried again with the files looked at anew`() async throws {
    let harness = try EngineHarness()
    let directory = harness.folder.path
    let attempts = Mutex(0)
    let store = Mutex<LedgerStore?>(nil)
    let place = LedgerPlace(
      opening: {
        do {
          let opened = try LedgerStore.open(directory: directory)
          store.withLock { $0 = opened }
          let isFirst = attempts.withLock { attempts in
            attempts += 1
            return attempts == 1
          }
          return .opened(
            HookedLedger(opened) { call throws(LedgerFailure) in
              if isFirst, case .snapshot = call { throw LedgerFailure("the disk is full") }
            })
        } catch {
          return .refused("\(error)")
        }
      }, closing: { store.withLock { $0 }?.abandon() })
    try await run(harness, place) { engine in
      await harness.notifier.wait { $0.contains("STATUS degraded, no new date starts: the disk is full") }
      await letPass(harness)
      await harness.notifier.wait { $0.contains("STATUS w: 0 of 5 done") }
    }
    #expect(attempts.withLock { $0 } == 2)
    #expect(harness.recorder.events == [.ledgerUnavailable(reason: full), .ledgerRecovered])
  }

  @Test func `a hang-up without a ledger is carried out when there is one`() async throws {
    let harness = try EngineHarness()
    harness.files.write(testWindow("other"))
    try await run(harness, place(harness, failing: [full])) { engine in
      await harness.notifier.wait { $0.contains("READY") }
      engine.reload()
      await letPass(harness)
      await harness.notifier.wait { $0.contains { $0.hasPrefix("STATUS other: 0 of 5 done") } }
    }
    #expect(harness.notifier.heard.contains("RELOADING"))
  }

  @Test func `the watchdog is fed without a ledger`() async throws {
    let notifier = NotifierRecorder(watchdogInterval: .seconds(90))
    let harness = try EngineHarness()
    let place = place(harness, failing: [full])
    let engine = Engine(
      settings: DaemonSettings(), windows: [], rejected: [], version: "test",
      ports: EnginePorts(
        ledger: place, executor: harness.executor, threads: try LocalThreads(), clock: harness.clock,
        notifier: notifier, sink: harness.recorder,
        faults: NoFaults(), baseEnvironment: { _ in [:] }, eventsCommitted: {}, planned: {},
        readConfiguration: { DaemonConfiguration() }, reloaded: {}, untilReady: {},
        calendarReading: { _ in .dates([:]) }))
    let running = Task { try await engine.run() }
    await notifier.wait { $0.contains("WATCHDOG") && $0.contains { $0.hasPrefix("STATUS degraded") } }
    running.cancel()
    _ = await running.result
  }

  @Test func `troubles that take turns are told once each`() async throws {
    let reasons = Mutex(["full", "damaged", "full", "damaged"])
    let harness = try EngineHarness(
      hook: { call throws(LedgerFailure) in
        guard case .commit(let checkpoint) = call, !checkpoint.ended.isEmpty else { return }
        let reason = reasons.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let reason { throw LedgerFailure(reason) }
      })
    try await harness.run(testWindow()) { operations in
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      for _ in 1...4 { await letPass(harness) }
      await harness.wait(forEndOf: "2013-02-01")
    }
    let told = harness.recorder.events.filter { [.ledgerUnavailable, .ledgerRecovered].contains($0.kind) }
    #expect(
      told == [.ledgerUnavailable(reason: "full"), .ledgerUnavailable(reason: "damaged"), .ledgerRecovered])
  }
}
