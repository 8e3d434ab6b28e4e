import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Glibc
import Testing

/// Lets daemons live and die over one window until it is complete, and gathers what is seen meanwhile.
struct CrashRun {
  private let stage: DaemonStage
  private(set) var kills: [String: Int] = [:]
  private(set) var interrupted: Set<Execution> = []
  private(set) var stopped: Set<Execution> = []
  private(set) var held: [Hold] = []

  /// One start of a step's process: the `number`-th of that attempt.
  struct Execution: Hashable {
    let date: String
    let step: String
    let attempt: String
    let number: String
  }

  /// A date that was found held, and why.
  struct Hold: Hashable {
    let date: String
    let reason: String
  }

  init() throws {
    stage = try DaemonStage()
    let month = (Calendar(identifier: .gregorian).component(.month, from: Date()) + 5) % 12 + 1
    try stage.write(CrashWindow.file(ledger: stage.ledger, firingIn: month), toWindow: CrashWindow.name)
    try stage.folder.write(CrashWindow.script, to: "work/step", mode: 0o755)
    _ = try stage.folder.folder("work/locks")
  }

  /// The whole story, of which `seed` decides the random part.
  static func story(seed: UInt64) async throws -> CrashStory {
    var run = try CrashRun()
    try await run.dieOpening { client in
      try await client.run(RunRequest(window: CrashWindow.name, dates: [CrashWindow.byHand]))
    }
    let lives = CrashPlan(seed: seed).lives
    for life in lives.prefix(lives.count / 2) { try await run.live(life) }
    try await run.dieUntilHeld()
    try await run.dieOpening { client in
      try await client.resume(ResumeRequest(window: CrashWindow.name, now: true))
    }
    for life in lives.dropFirst(lives.count / 2) { try await run.live(life) }
    try await run.finish()
    return try CrashStory(of: run, run.stage)
  }

  /// A daemon starts, and dies or is stopped as `life` says.
  private mutating func live(_ life: CrashLife) async throws {
    switch life {
    case .fault(let point, let count):
      let daemon = try stage.start(environment: ["BACKFILLD_FAULT": "\(point.rawValue):\(count)"])
      try await expectDeath(of: daemon, point.rawValue)
    case .killedAfterStart(let milliseconds):
      let daemon = try stage.start()
      try await Task.sleep(for: .milliseconds(milliseconds))
      try await kill(daemon)
    case .killedAtWork(let milliseconds):
      let daemon = try await stage.startReady()
      try await retryHeld()
      try await Task.sleep(for: .milliseconds(milliseconds))
      try await kill(daemon)
    case .stopped(let milliseconds, let grace):
      try stage.folder.write("stop_grace: \(grace)s\n", to: "config/backfilld.yaml")
      let daemon = try await stage.startReady()
      try await retryHeld()
      try await Task.sleep(for: .milliseconds(milliseconds))
      try await stop(daemon)
    }
  }

  /// A person asks for work; the daemon dies when the activation is written down, so that the person gets no answer.
  private mutating func dieOpening(_ ask: (ControlClient) async throws -> ChangeAnswer) async throws {
    let daemon = try await stage.startReady(environment: ["BACKFILLD_FAULT": "activation-opened:1"])
    await #expect(throws: ControlFailure.self, "an answer must not come before what it promises is written down") {
      _ = try await ask(stage.client)
    }
    try await expectDeath(of: daemon, FaultPoint.activationOpened.rawValue)
  }

  /// Daemons die right after a claim, until a date was interrupted three times in a row.
  private mutating func dieUntilHeld() async throws {
    for _ in 0..<8 {
      if try LedgerCopy(of: stage.ledger).value("SELECT count(*) FROM dates WHERE state = 'held'") != "0" { break }
      try await live(.fault(.claimed, count: 1))
      try await live(.fault(.recovered, count: 1))
    }
    try await live(.killedAtWork(milliseconds: 0))
  }

  /// A daemon lives until every date is done; held ones are tried again.
  private mutating func finish() async throws {
    let daemon = try await stage.startReady()
    let deadline = ContinuousClock.now + .seconds(60)
    while try await stage.client.status(of: CrashWindow.name).windows.first?.state != .complete {
      try #require(ContinuousClock.now < deadline, "the window is not complete: \(stage.errors().suffix(4000))")
      try await retryHeld()
      try await Task.sleep(for: .milliseconds(50))
    }
    try await stop(daemon)
  }

  private mutating func retryHeld() async throws {
    for date in try await stage.client.show(CrashWindow.name).dates where date.state == .held {
      held.append(Hold(date: date.date.description, reason: date.reason ?? ""))
      let one = DateRange(from: date.date, to: date.date)
      let answer = try await stage.client.change(
        ChangeRequest(window: CrashWindow.name, action: .retry, dates: [one]))
      #expect(answer.changed == [date.date])
    }
  }

  private mutating func expectDeath(of daemon: DaemonProcess, _ place: String) async throws {
    #expect(try await daemon.ended(within: .seconds(20)) == .killed(SIGKILL))
    kills[place, default: 0] += 1
    try look()
  }

  private mutating func kill(_ daemon: DaemonProcess) async throws {
    daemon.send(SIGKILL)
    #expect(try await daemon.ended() == .killed(SIGKILL))
    kills["at random", default: 0] += 1
    try look()
  }

  private mutating func stop(_ daemon: DaemonProcess) async throws {
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0), "\(daemon.errors)")
    let claims = try look()
    #expect(claims.isEmpty, "an orderly stop leaves no claim behind")
  }

  /// Looks at what the daemon left: executions it did not see the end of, and those that it stopped. Returns the former.
  @discardableResult
  private mutating func look() throws -> Set<Execution> {
    let rows = try LedgerCopy(of: stage.ledger).rows(
      """
      SELECT s.state, s.date, s.step, s.attempt, a.executions
      FROM steps s JOIN attempts a ON a.date = s.date AND a.step = s.step AND a.attempt = s.attempt
      WHERE s.state = 'running' OR (s.unfinished AND a.ending = 'stopped')
      """)
    var claims: Set<Execution> = []
    for row in rows {
      let execution = Execution(date: row[1], step: row[2], attempt: row[3], number: row[4])
      if row[0] == "running" { claims.insert(execution) } else { stopped.insert(execution) }
    }
    interrupted.formUnion(claims)
    return claims
  }
}
