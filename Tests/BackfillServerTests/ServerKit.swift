import BackfillCore
import BackfillServer
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Testing

/// Answers every request with what it was given, and remembers what was asked.
actor FakeOperations: Operations {
  /// What was asked, in words, with the user who asked.
  private(set) var asked: [String] = []
  private let refusal: Refusal?
  /// Called before each answer.
  private let meanwhile: @Sendable () async -> Void

  private let view: WindowView

  init(
    refusal: Refusal? = nil, view: WindowView = FakeOperations.view,
    meanwhile: @escaping @Sendable () async -> Void = {}
  ) {
    self.refusal = refusal
    self.view = view
    self.meanwhile = meanwhile
  }

  static let status = DaemonStatus(
    version: "0.1.0", state: .ready, reason: nil, since: Instant(seconds: 1_700_000_000), windows: [], rejected: [])
  static let view = WindowView(
    window: "flights", state: .active, reason: nil, since: Instant(seconds: 1_700_000_000), by: "backfilld",
    zone: "America/New_York", dates: [])
  static let answer = ChangeAnswer(message: "done")
  static let plan = PlanView(
    window: "flights", state: .active, reason: nil, zone: "UTC", schedule: "0 1 * * *", dateMilliseconds: nil,
    samples: 0, finish: nil, finishUnknown: "unknown until dates are done", counts: ["pending": 1], unplanned: 0,
    nightCount: 0, locks: [], nights: [], dates: [])

  func status(of window: String?) async throws(Refusal) -> DaemonStatus {
    try await record("status \(window ?? "-")")
    return Self.status
  }

  func show(_ window: String, date: CivilDate?) async throws(Refusal) -> WindowView {
    try await record("show \(window) \(date?.description ?? "-")")
    return view
  }

  func plan(_ request: PlanRequest) async throws(Refusal) -> PlanView {
    try await record("plan \(request.window) \(request.nights.map { String($0) } ?? "-")")
    return Self.plan
  }

  func doctor() async throws(Refusal) -> DoctorView {
    try await record("doctor")
    return DoctorView(version: "0.1.0", daemon: DaemonFacts(), ledger: nil, reason: "the disk is full", windows: [])
  }

  func failures(_ request: FailuresRequest) async throws(Refusal) -> FailuresView {
    try await record("failures \(request.window) \(request.by)")
    return FailuresView(window: request.window, by: request.by, rows: [])
  }

  func validate(_ request: ValidationRequest, by: String) async throws(Refusal) -> ValidationView {
    try await record(
      "validate \(request.window) \(request.dates.map(words) ?? "all") apply=\(request.isApplied) "
        + "\(request.reason ?? "-") by \(by)")
    return ValidationView(
      window: request.window, judged: 1, busy: [], counts: [], changes: [], figures: 0, applied: false, message: nil,
      refused: [])
  }

  func backup(to file: String, by: String) async throws(Refusal) -> BackupView {
    try await record("backup \(file) by \(by)")
    return BackupView(file: file, bytes: 4096)
  }

  func run(_ request: RunRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    let dry = request.isDryRun ? "dry " : ""
    let what = "\(dry)run \(request.window) \(words(request.dates)) \(request.step ?? "-")"
    try await record("\(what) \(request.reason ?? "-") by \(by)")
    return Self.answer
  }

  func change(_ request: ChangeRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try await record(
      "\(request.action) \(request.window) \(words(request.dates)) \(request.reason ?? "-") by \(by)")
    return Self.answer
  }

  func rerun(_ request: RerunRequest, by: String) async throws(Refusal) -> RerunAnswer {
    try await record(
      "rerun \(request.window) \(words(request.dates)) \(request.step ?? "-") downstream=\(request.downstream) "
        + "dry=\(request.dryRun) \(request.confirmed.map { "\($0.dates)/\($0.steps)" } ?? "-") "
        + "\(request.reason ?? "-") by \(by)")
    return RerunAnswer(message: "done", rerun: Rerun(step: request.step, dates: []), refused: [])
  }

  func importDone(_ request: ImportRequest, by: String) async throws(Refusal) -> ImportAnswer {
    try await record(
      "import \(request.window) \(request.dates.count) dry=\(request.dryRun) \(request.reason ?? "-") by \(by)")
    return ImportAnswer(message: "done")
  }

  func pause(_ request: PauseRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try await record("pause \(request.window ?? "all") \(request.reason ?? "-") by \(by)")
    return Self.answer
  }

  func resume(_ request: ResumeRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try await record("resume \(request.window ?? "all") now=\(request.now) \(request.reason ?? "-") by \(by)")
    return Self.answer
  }

  func reload(by: String) async throws(Refusal) -> ReloadAnswer {
    try await record("reload by \(by)")
    return ReloadAnswer(windows: [])
  }

  private func record(_ words: String) async throws(Refusal) {
    asked.append(words)
    await meanwhile()
    if let refusal { throw refusal }
  }

  private func words(_ dates: [DateRange]) -> String {
    dates.map { "\($0.from)..\($0.to)" }.joined(separator: ",")
  }
}

/// A folder of its own, removed at the end.
func withFolder<Answer>(_ body: (String) async throws -> Answer) async throws -> Answer {
  var template = Array("/tmp/backfilld-test-XXXXXX".utf8CString)
  let folder = String(cString: try #require(mkdtemp(&template)))
  let answer: Result<Answer, any Error>
  do {
    answer = .success(try await body(folder))
  } catch {
    answer = .failure(error)
  }
  for name in ["control.sock", "plain"] { unlink("\(folder)/\(name)") }
  rmdir(folder)
  return try answer.get()
}

/// Runs a server until `body` ends, then stops it in an orderly way and waits for its end.
func withServer<Answer: Sendable>(
  _ operations: FakeOperations, socket: ControlServer.Socket, limits: ControlLimits = ControlLimits(),
  _ body: @escaping @Sendable (ServiceGroup) async throws -> Answer
) async throws -> Answer {
  let (serving, continuation) = AsyncStream.makeStream(of: Void.self)
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let server = ControlServer(operations: operations, socket: socket, limits: limits, logger: logger) {
    continuation.yield()
  }
  let group = ServiceGroup(services: [server], logger: logger)
  async let end: Void = {
    defer { continuation.finish() }
    try await group.run()
  }()
  for await _ in serving {
    let answer: Result<Answer, any Error>
    do {
      answer = .success(try await body(group))
    } catch {
      answer = .failure(error)
    }
    await group.triggerGracefulShutdown()
    try await end
    return try answer.get()
  }
  try await end
  throw NotServing()
}

struct NotServing: Error {}

/// A server at a socket in a folder of its own.
func withServer<Answer: Sendable>(
  _ operations: FakeOperations = FakeOperations(), limits: ControlLimits = ControlLimits(),
  _ body: @escaping @Sendable (String) async throws -> Answer
) async throws -> Answer {
  try await withFolder { folder in
    let path = "\(folder)/control.sock"
    return try await withServer(operations, socket: .path(path), limits: limits) { _ in try await body(path) }
  }
}

/// The user who runs the tests.
func currentUserName() -> String {
  guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return String(geteuid()) }
  return String(cString: name)
}
