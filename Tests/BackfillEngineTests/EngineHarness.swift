import BackfillCore
import BackfillEngine
import BackfillExec
import BackfillStore
import BackfillTestKit
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// What a reload reads, as a test writes it.
final class ConfigurationFiles: Sendable {
  private let state = Mutex(DaemonConfiguration())

  /// The files as they are now.
  var configuration: DaemonConfiguration { state.withLock { $0 } }

  func write(_ configuration: DaemonConfiguration) {
    state.withLock { $0 = configuration }
  }

  /// Good files for `windows`.
  func write(_ windows: Window...) {
    write(DaemonConfiguration(windows: windows))
  }
}

/// A whole engine over a real ledger on disk, with a driven clock and scripted steps.
struct EngineHarness: Sendable {
  let folder: TemporaryFolder
  let clock: ManualClock
  let executor: ScriptedExecutor
  let recorder = EventRecorder()
  let notifier = NotifierRecorder()
  /// What the next reload reads.
  let files = ConfigurationFiles()
  /// Sees each write to the ledger first.
  let hook: HookedLedger.Hook?

  init(
    _ executor: ScriptedExecutor = .passing(), at now: String = "2013-06-01T12:00:00Z",
    hook: HookedLedger.Hook? = nil
  ) throws {
    self.hook = hook
    folder = try TemporaryFolder()
    clock = ManualClock(iso: now)
    self.executor = executor
  }

  /// Starts the daemon's engine over `windows`, does `work`, stops it in an orderly way.
  func run<Answer: Sendable>(
    _ windows: Window..., settings: DaemonSettings = DaemonSettings(), executor: (any Executor)? = nil,
    _ work: @escaping @Sendable (any Operations) async throws -> Answer
  ) async throws -> Answer {
    try await run(all: windows, settings: settings, executor: executor, work)
  }

  /// The same over a list.
  func run<Answer: Sendable>(
    all windows: [Window], rejected: [RejectedWindowStatus] = [], settings: DaemonSettings = DaemonSettings(),
    executor: (any Executor)? = nil,
    _ work: @escaping @Sendable (any Operations) async throws -> Answer
  ) async throws -> Answer {
    let store = try LedgerStore.open(directory: folder.path, allowNew: false)
    let ledger: any Ledger = hook.map { HookedLedger(store, $0) } ?? store
    let place = LedgerPlace(ledger)
    let threads = try LocalThreads()
    // Events go out when the loop says so: who has seen one may ask.
    let drainer = OutboxDrainer(
      ledger: place, sink: recorder, on: threads.journal, clock: clock, faults: NoFaults(), rest: .zero)
    let engine = Engine(
      settings: settings, windows: windows, rejected: rejected, version: "test",
      ports: EnginePorts(
        ledger: place, executor: executor ?? self.executor, threads: threads, clock: clock, notifier: notifier,
        sink: recorder,
        faults: NoFaults(),
        baseEnvironment: { _ in ["PATH": "/usr/bin:/bin"] }, eventsCommitted: { drainer.wake() },
        planned: { notifier.ready() }, readConfiguration: { files.configuration }, reloaded: { notifier.ready() },
        untilReady: {}, calendarReading: testCalendar))
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let group = ServiceGroup(
      services: [drainer, engine], gracefulShutdownSignals: [], cancellationSignals: [], logger: logger)
    let answer: Answer?
    do {
      answer = try await withThrowingTaskGroup(of: Answer?.self) { tasks in
        tasks.addTask {
          try await group.run()
          return nil
        }
        tasks.addTask {
          do {
            let answer = try await work(engine.operations)
            await group.triggerGracefulShutdown()
            return answer
          } catch {
            await group.triggerGracefulShutdown()
            throw error
          }
        }
        var answer: Answer?
        while let next = try await tasks.next() { answer = answer ?? next }
        return answer
      }
    } catch {
      // As after a death: the next run takes the ledger over at once.
      store.abandon()
      throw error
    }
    try store.close()
    return try #require(answer)
  }

  /// Waits until `date` of `window` is done or held.
  func wait(forEndOf date: String, in window: String = "w") async {
    let date = day(date)
    await recorder.wait { events in
      events.contains { event in
        switch event {
        case .dateDone(window, date, _, _), .dateHeld(window, date, _, _), .dateAwaitsInput(window, date, _, _): true
        default: false
        }
      }
    }
  }

  /// Waits until `window` is paused for the `count`-th time.
  func waitForPause(_ count: Int = 1) async {
    await recorder.wait { events in
      events.count { if case .windowPaused = $0 { true } else { false } } >= count
    }
  }

  /// The same, until the loop says so too: it hears of a commit a moment after the journal may have.
  func waitForPause(_ operations: any Operations, of window: String = "w") async throws {
    await waitForPause()
    while try await operations.status(of: window).windows.first?.state != .paused { await Task.yield() }
  }

  /// Waits until `count` activations have ended.
  func waitForActivationEnds(_ count: Int) async {
    await recorder.wait { events in
      events.count { if case .activationEnded = $0 { true } else { false } } >= count
    }
  }

  /// The same, and the loop has heard of it, too: it may learn what is committed a moment after the journal.
  func waitForActivationEnds(_ count: Int, as told: any Operations) async throws {
    await waitForActivationEnds(count)
    while try await told.status(of: nil).windows.contains(where: { $0.chunk != nil }) { await Task.yield() }
  }
}

/// Reads `DATE` or `DATE,COUNT` lines; any other is a finding.
@Sendable private func testCalendar(_ bytes: [UInt8]) -> CalendarReading {
  var dates: [CivilDate: ListedDate] = [:]
  for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
    let fields = line.split(separator: ",")
    guard let date = CivilDate(iso: String(fields[0])) else {
      return .unreadable(["output:1:1: not a date: `\(line)`"])
    }
    dates[date] = ListedDate(count: fields.count > 1 ? Int(fields[1]) : nil)
  }
  return .dates(dates)
}

/// A window `w` with one step for tests.
func testWindow(
  _ name: String = "w", from: String = "2013-02-01", to: String = "2013-02-05", schedule: Schedule? = nil,
  skipFirst: SkipFirst? = nil, order: DateOrder = .oldestFirst, onAnomaly: AnomalyAction = .pause, maxHeld: Int? = nil,
  settledAfterDays: Int? = nil, parallel: Parallel = Parallel(), locks: [String] = [], preflight: [Check] = [],
  definition: String = "d1",
  steps: [Step] = [Step(name: "load", command: ["load"], expect: Expectation(records: NumberRange(minimum: 1)))]
) -> Window {
  Window(
    name: name, dates: DateSelection(from: day(from), to: day(to), skipFirst: skipFirst), order: order,
    schedule: schedule,
    onAnomaly: onAnomaly, maxHeld: maxHeld, settledAfterDays: settledAfterDays, parallel: parallel, locks: locks,
    preflight: preflight, steps: steps, definitionHash: definition)
}

extension ScriptedExecutor {
  /// Passes every command but those that `endings` names by their words, placeholders filled in.
  static func ending(_ endings: [String: Ending]) -> ScriptedExecutor {
    ScriptedExecutor { order in
      endings[order.command.joined(separator: " ")].map { .ended($0) } ?? .passed(Report(attempted: 1, records: 1))
    }
  }

  /// The commands so far, with their arguments.
  var commands: [String] { orders.map { $0.command.joined(separator: " ") } }

  /// Passes everything but the named `DATE step`s, whose executions are given.
  static func passing(except: [String: Execution]) -> ScriptedExecutor {
    ScriptedExecutor { order in
      except["\(order.attempt.date) \(order.attempt.step)"] ?? .passed(Report(attempted: 1, records: 1))
    }
  }
}

/// The dates of `view` in the given state.
func dates(_ state: DateState, of view: WindowView) -> [String] {
  view.dates.filter { $0.state == state }.map { "\($0.date)" }
}
