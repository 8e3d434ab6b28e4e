import BackfillControl
import BackfillCore
import BackfillServer
import BackfillTestKit
import Foundation
import Logging
import ServiceLifecycle
import Testing

/// One window, paused at a held date; every other date is done.
actor ScriptedOperations: Operations {
  static let paused = window(
    state: .paused, reason: sentence, states: [.done: 24, .held: 1, .pending: 340])

  private(set) var asked: [String] = []

  func status(of window: String?) async throws(Refusal) -> DaemonStatus {
    try known(window ?? "flights")
    return scriptedStatus
  }

  func show(_ window: String, date: CivilDate?) async throws(Refusal) -> WindowView {
    try known(window)
    if let date, date != heldDate.date { throw Refusal(.noSuchDate, "`\(window)` does not cover \(date)") }
    return heldView
  }

  func plan(_ request: PlanRequest) async throws(Refusal) -> PlanView {
    try known(request.window)
    return samplePlan
  }

  func failures(_ request: FailuresRequest) async throws(Refusal) -> FailuresView {
    try known(request.window)
    asked.append("failures \(request.window) \(request.by)")
    return FailuresView(window: request.window, by: request.by, rows: [])
  }

  func validate(_ request: ValidationRequest, by: String) async throws(Refusal) -> ValidationView {
    try known(request.window)
    asked.append(
      "validate \(request.window) \(request.dates.map(words) ?? "all") \(request.isApplied) \(request.reason ?? "-")")
    return ValidationView(
      window: request.window, judged: 1, busy: [], counts: [], changes: [], figures: 0, applied: request.isApplied,
      message: request.isApplied ? "1 verdict on 1 date changed" : nil,
      refused: request.isApplied
        ? [DecisionOutcome.Refused(date: heldDate.date, why: "`load` ran again meanwhile")] : [])
  }

  func doctor() async throws(Refusal) -> DoctorView { .well }

  func backup(to file: String, by: String) async throws(Refusal) -> BackupView {
    if file == "/there" { throw Refusal(.refused, "no backup was made: `/there` is there already") }
    return BackupView(file: file, bytes: 40_960)
  }

  func run(_ request: RunRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try known(request.window)
    asked.append(
      "\(request.isDryRun ? "dry " : "")run \(request.window) \(words(request.dates)) \(request.step ?? "-")")
    return ChangeAnswer(message: "runs")
  }

  func change(_ request: ChangeRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try known(request.window)
    asked.append("\(request.action) \(request.window) \(words(request.dates)) \(request.reason ?? "-")")
    let refused = request.dates.map(\.from).filter { $0 != heldDate.date }
    return ChangeAnswer(
      message: "1 date changed", changed: [heldDate.date],
      refused: refused.map { DecisionOutcome.Refused(date: $0, why: "it is done") })
  }

  func rerun(_ request: RerunRequest, by: String) async throws(Refusal) -> RerunAnswer {
    try known(request.window)
    asked.append(
      "rerun \(request.window) \(words(request.dates)) \(request.step ?? "-") \(request.downstream) "
        + "\(request.reason ?? "-") \(request.dryRun ? "dry" : "write")")
    return RerunAnswer(
      message: request.dryRun ? "would run" : "runs", rerun: rerunSample,
      refused: request.dates.count > 1 ? [DecisionOutcome.Refused(date: day("2013-02-10"), why: "is skipped")] : [])
  }

  func importDone(_ request: ImportRequest, by: String) async throws(Refusal) -> ImportAnswer {
    try known(request.window)
    asked.append(
      "import \(request.window) \(request.dates.map(\.description).joined(separator: ",")) "
        + "\(request.reason ?? "-") \(request.dryRun ? "dry" : "write")")
    let uncovered = request.dates.filter { $0 < day("2013-01-01") }
    return ImportAnswer(
      message: "2 dates recorded as done", imported: [],
      known: ["2013-02-08", "2013-02-09"].map { .init(date: day($0), why: "is done") }, uncovered: uncovered)
  }

  func pause(_ request: PauseRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    try known(request.window ?? "flights")
    asked.append("pause \(request.window ?? "all") \(request.reason ?? "-")")
    return ChangeAnswer(message: "paused")
  }

  func resume(_ request: ResumeRequest, by: String) async throws(Refusal) -> ChangeAnswer {
    asked.append("resume \(request.window ?? "all") \(request.now) \(request.reason ?? "-")")
    throw Refusal(.refused, "`flights` is not paused, it is active")
  }

  func reload(by: String) async throws(Refusal) -> ReloadAnswer {
    ReloadAnswer(windows: [
      .init(
        window: "flights", change: .broken, note: "old definition in force", findings: ["flights.yaml:3:1: unknown key"]
      ),
      .init(window: "hotels", change: .unchanged),
    ])
  }

  private func known(_ window: String) throws(Refusal) {
    if window != "flights" { throw Refusal(.noSuchWindow, "no window `\(window)`; there is flights") }
  }

  private func words(_ dates: [DateRange]) -> String {
    dates.map { "\($0.from)..\($0.to)" }.joined(separator: ",")
  }
}

/// Besides, a window whose file has errors, and one that has no file any more.
let scriptedStatus = DaemonStatus(
  version: "0.1.0", state: .ready, reason: nil, since: instant("2013-02-01T12:00:00Z"),
  windows: [ScriptedOperations.paused],
  rejected: [RejectedWindowStatus(window: "broken", findings: ["broken.yaml:1:1: `dates` is missing"])],
  unconfigured: [FormerWindowStatus(window: "old", dates: DateCounts(total: 1, states: [.done: 1], verdicts: [:]))])

/// Serves `operations` in a folder of its own until `body` ends.
func withDaemon<Answer: Sendable>(
  _ operations: ScriptedOperations = ScriptedOperations(),
  _ body: @escaping @Sendable (String) async throws -> Answer
) async throws -> Answer {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("backfillctl-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer {
    do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
  }
  let path = folder.appendingPathComponent("control.sock").path
  let (serving, continuation) = AsyncStream.makeStream(of: Void.self)
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let server = ControlServer(operations: operations, socket: .path(path), logger: logger) { continuation.finish() }
  let group = ServiceGroup(services: [server], logger: logger)
  async let end: Void = group.run()
  for await _ in serving {}
  let answer: Result<Answer, any Error>
  do {
    answer = .success(try await body(path))
  } catch {
    answer = .failure(error)
  }
  await group.triggerGracefulShutdown()
  try await end
  return try answer.get()
}
