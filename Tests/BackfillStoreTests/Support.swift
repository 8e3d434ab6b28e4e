import BackfillCore
import BackfillStore
import Dispatch
import Foundation
import Testing

/// A state directory in a temporary place, removed with everything in it.
final class StateDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "backfilld-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("left behind: \(path): \(error)")
    }
  }

  var database: String { path + "/backfilld.db" }
  var marker: String { path + "/backfilld.db.exists" }

  func contents(of file: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: file))
  }

  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + name)
  }
}

/// A ledger with the window `flights` and one open activation, and short words for what happens to it.
struct Flights {
  let directory: StateDirectory
  let store: LedgerStore
  let chunk: Int64

  static let start = Instant(seconds: 1_700_000_000)

  init() async throws {
    directory = try StateDirectory()
    store = try LedgerStore.open(directory: directory.path)
    try await store.register(window: "flights", scheduleKey: "0 1 * * * UTC", definition: "d1", now: Self.start)
    let activation = try #require(try await store.open(.sample(nominal: Self.start)))
    chunk = activation.id
    try await forgetEvents()
  }

  func identity(_ step: String, _ date: CivilDate, _ attempt: Int = 1, run: String? = nil) -> AttemptIdentity {
    AttemptIdentity(
      window: "flights", date: date, step: step, attempt: attempt, runID: run ?? "\(step)-\(date)-\(attempt)",
      chunk: chunk)
  }

  func claim(_ attempt: AttemptIdentity, byHand: Bool = false, at seconds: Int64 = 0) async throws {
    try await store.commit(
      Checkpoint(
        window: "flights", date: attempt.date, at: Self.start + .seconds(seconds),
        claims: [StepClaim(attempt: attempt, definitionHash: "d1", isByHand: byHand)]))
  }

  /// Claims and ends `attempt`; the date changes as `change` says.
  func run(
    _ attempt: AttemptIdentity, _ end: AttemptEnd, change: DateChange? = nil, pause: String? = nil,
    maxHeld: Int? = nil, events: [JournalEvent] = []
  ) async throws {
    try await claim(attempt)
    try await store.commit(
      Checkpoint(
        window: "flights", date: attempt.date, at: Self.start + .seconds(60), ended: [end], dateChange: change,
        pause: pause, maxHeld: maxHeld, events: events))
  }

  /// Runs `step` of `date` to an anomaly that holds the date.
  func holdByAnomaly(_ step: String, _ date: CivilDate, maxHeld: Int? = nil) async throws {
    let attempt = identity(step, date)
    try await run(
      attempt, .ended(attempt, verdict: .sample(.anomaly)), change: .held(reason: "anomaly", verdict: .anomaly),
      maxHeld: maxHeld)
  }

  /// Runs `step` of `date` to a failure that holds the date.
  func holdByFailure(_ step: String, _ date: CivilDate, maxHeld: Int? = nil) async throws {
    let attempt = identity(step, date)
    try await run(
      attempt, .failed(attempt), change: .held(reason: "`\(step)` failed", verdict: nil), maxHeld: maxHeld)
  }

  func decide(
    _ action: Decision.Action, reason: String? = nil, opening: ActivationRequest? = nil
  ) async throws -> DecisionOutcome {
    try await store.decide(
      Decision(
        window: "flights", action: action, reason: reason, by: "ada", at: Self.start + .seconds(3600),
        opening: opening))
  }

  func events() async throws -> [JournalEvent] {
    try await store.pendingEvents(limit: 1000).map(\.event)
  }

  /// Hands over what is there.
  func forgetEvents() async throws {
    guard let last = try await store.pendingEvents(limit: 1000).last else { return }
    try await store.markHandedOver(through: last.id)
  }

  func window() async throws -> WindowRecord {
    try #require(try await store.snapshot().windows.first { $0.window == "flights" })
  }

  func date(_ date: CivilDate) async throws -> DateRecord {
    try await store.record(of: date, in: "flights")
  }
}

extension CivilDate: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) {
    self = CivilDate(iso: text) ?? CivilDate(daysSinceEpoch: 0)
  }
}

extension ActivationRequest {
  static func sample(
    window: String = "flights", kind: Activation.Kind = .scheduled, nominal: Instant, dates: [CivilDate]? = nil,
    step: String? = nil
  ) -> ActivationRequest {
    ActivationRequest(
      window: window, kind: kind, nominal: nominal, quota: 4, endsAt: nominal + .seconds(18_000), dates: dates,
      step: step, by: kind == .scheduled ? "backfilld" : "ada", at: nominal + .seconds(1))
  }
}

extension StepVerdict {
  static func sample(_ word: Verdict) -> StepVerdict {
    let rate = RateEvidence(
      n: 900, k: 300, low: 0, high: 0.05, rho: 0.005, pHigh: 1e-12, pLow: 1, p: 2e-12, alphaWarn: 0.01,
      alphaAnomaly: 0.0001, windowDates: 40, streams: 2)
    return StepVerdict(
      word: word,
      findings: [
        Finding(
          reason: .rateAnomaly, word: word, sentence: "300 of 900 CANCELLED, expected 0-5 %", subject: "CANCELLED",
          rate: rate)
      ], sentence: "300 of 900 CANCELLED, expected 0-5 %")
  }
}

extension Report {
  static let sample = Report(
    attempted: 900, records: 600, failures: ["CANCELLED": 300], metrics: ["delay": 12.5], message: "a `blizzard`")
}

extension AttemptEnd {
  static func ended(
    _ attempt: AttemptIdentity, verdict: StepVerdict = .sample(.pass), took: Duration = .milliseconds(1250)
  ) -> AttemptEnd {
    AttemptEnd(
      attempt: attempt,
      execution: Execution(
        ending: .exited(0), started: Flights.start + .seconds(1), duration: took,
        usage: ResourceUsage(userCPU: .milliseconds(900), systemCPU: .milliseconds(30), peakMemoryKiB: 2048),
        outputTail: Array("caf\u{e9}\n".utf8), report: .report(.sample)),
      verdict: verdict, stepState: .done, failure: nil)
  }

  static func failed(_ attempt: AttemptIdentity, to state: StepState = .failed) -> AttemptEnd {
    AttemptEnd(
      attempt: attempt,
      execution: Execution(
        ending: .exited(3), started: Flights.start + .seconds(1), duration: .seconds(2),
        outputTail: Array("no such table\n".utf8), report: .missing("no report")),
      verdict: nil, stepState: state, failure: "exit status 3")
  }

  static func stopped(_ attempt: AttemptIdentity) -> AttemptEnd {
    AttemptEnd(
      attempt: attempt,
      execution: Execution(
        ending: .stopped, started: Flights.start + .seconds(1), duration: .seconds(500), report: .notPromised),
      verdict: nil, stepState: .pending, failure: nil, isUnfinished: true)
  }
}

/// Holds up a thread until it is opened.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func wait() { semaphore.wait() }
  func open() { semaphore.signal() }
}
