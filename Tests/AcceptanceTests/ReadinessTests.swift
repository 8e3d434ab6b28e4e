import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// What the daemon tells systemd. Source: sd_notify(3).
@Suite(.timeLimit(.minutes(2)))
struct ReadinessTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-03}
    steps: {load: {command: [/bin/true], report: {from: none}}}
    """

  @Test func `READY is said once, and then the control socket answers`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try stage.start()
    try await daemon.ready()
    #expect(try await stage.client.status().state == .ready)
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    #expect(daemon.told.count { $0 == "READY=1" } == 1)
  }

  @Test(arguments: [FaultPoint.beforeRecovery, .recovered])
  func `READY is not said before the recovery is done`(point: FaultPoint) async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try stage.start(environment: ["BACKFILLD_FAULT": "\(point.rawValue):1"])
    #expect(try await daemon.ended() == .killed(SIGKILL))
    #expect(!daemon.told.contains("READY=1"))
  }

  @Test func `STATUS shows where the windows are`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    #expect(await daemon.tells("STATUS=w: 0 of 3 done"))
    _ = try await stage.client.run(
      RunRequest(window: "w", dates: [DateRange(from: day("2024-01-01"), to: day("2024-01-02"))]))
    #expect(await daemon.tells("STATUS=w: 2 of 3 done"))
    _ = try await stage.client.pause(PauseRequest(window: "w", reason: "maintenance"))
    #expect(await daemon.tells("STATUS=w: 2 of 3 done, paused"))
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `an orderly stop says STOPPING and ends with status 0`(signal: Int32) async throws {
    let stage = try DaemonStage()
    let daemon = try await stage.startReady()
    daemon.send(signal)
    #expect(try await daemon.ended() == .exited(0))
    #expect(daemon.told.count { $0 == "STOPPING=1" } == 1)
    #expect(daemon.told.contains { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") })
  }

  @Test func `the watchdog is fed again and again`() async throws {
    let stage = try DaemonStage()
    let daemon = try await stage.startReady(environment: ["WATCHDOG_USEC": "200000"])
    #expect(await daemon.notes.wait { notes in notes.count { $0 == .told("WATCHDOG=1") } >= 4 })
  }

  @Test func `without a watchdog none is fed`() async throws {
    let stage = try DaemonStage()
    let daemon = try await stage.startReady()
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    #expect(!daemon.told.contains("WATCHDOG=1"))
  }

  @Test func `a hang-up does not end the daemon`() async throws {
    let stage = try DaemonStage()
    let daemon = try await stage.startReady()
    daemon.send(SIGHUP)
    daemon.send(SIGHUP)
    #expect(try await stage.client.status().state == .ready)
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
  }
}

extension DaemonProcess {
  /// Waits for `text`; returns whether systemd was told it.
  fileprivate func tells(_ text: String) async -> Bool {
    await notes.wait { $0.contains(.told(text)) }
  }
}
