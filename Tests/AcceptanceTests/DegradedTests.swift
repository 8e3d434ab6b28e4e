import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// The disk is full or read-only, or the ledger damaged: the daemon is up, says why, and goes on by itself.
@Suite(.timeLimit(.minutes(3)))
struct DegradedTests {
  private static let needsRoot: ConditionTrait = .enabled(if: getuid() == 0, "mounting a small disk needs root")
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-02}
    steps: {load: {command: [/bin/true], report: {from: none}}}
    """
  private let one = [DateRange(from: day("2024-01-01"), to: day("2024-01-01"))]

  @Test(needsRoot) func `a daemon starts on a full disk, and works when there is room`() async throws {
    let disk = try SmallDisk(kibibytes: 512)
    try disk.fill()
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try stage.start(state: disk.path)
    try await daemon.ready()
    let status = try await stage.client.status()
    #expect(status.state == .degraded)
    #expect(
      status.reason?.contains("No space left on device") == true || status.reason?.contains("full") == true,
      "\(status.reason ?? "no reason")")
    #expect(daemon.told.first == "STATUS=degraded, no new date starts: \(status.reason ?? "")")
    try disk.empty()
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 0 of 2 done")) })
    _ = try await stage.client.run(RunRequest(window: "w", dates: one))
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 1 of 2 done")) })
    #expect(daemon.told.count { $0 == "READY=1" } == 1)
    #expect(await daemon.wrote("the ledger can be written again"), "\(daemon.errors)")
    #expect(daemon.errors.components(separatedBy: "the ledger cannot be written").count == 2, "\(daemon.errors)")
    #expect(daemon.errors.components(separatedBy: "the ledger can be written again").count == 2, "\(daemon.errors)")
  }

  @Test(needsRoot) func `a daemon starts on a read-only disk, and works when it can be written`() async throws {
    let disk = try SmallDisk(kibibytes: 2048)
    let stage = try DaemonStage(windows: ["w": Self.window])
    let first = try stage.start(state: disk.path)
    try await first.ready()
    first.send(SIGTERM)
    #expect(try await first.ended() == .exited(0))
    try disk.makeReadOnly()
    let daemon = try stage.start(state: disk.path)
    try await daemon.ready()
    let reason =
      "the directory `\(disk.path)` cannot be used: \(disk.path)/backfilld.lock: Read-only file system"
    #expect(daemon.told.first == "STATUS=degraded, no new date starts: \(reason)")
    await #expect(
      throws: ControlFailure.refused(Refusal(.unavailable, "there is no ledger to work with: \(reason)"))
    ) { _ = try await stage.client.run(RunRequest(window: "w", dates: one)) }
    try disk.makeWritable()
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 0 of 2 done")) })
  }

  @Test func `a damaged ledger is left as it is, and a backup in its place is taken up`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let first = try await stage.startReady()
    _ = try await stage.client.pause(PauseRequest(window: "w", reason: "maintenance"))
    _ = try await stage.client.backup(to: stage.work + "/backup.db")
    first.send(SIGTERM)
    #expect(try await first.ended() == .exited(0))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: stage.ledger))
    for index in 4096..<min(bytes.count, 60_000) { bytes[index] = 0x5A }
    try bytes.write(to: URL(fileURLWithPath: stage.ledger))

    let daemon = try await stage.startReady()
    let reason = try #require(try await stage.client.status().reason)
    #expect(reason.hasPrefix("the ledger `\(stage.ledger)` is damaged: "), "\(reason)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: stage.ledger)) == bytes)
    try FileManager.default.moveItem(atPath: stage.ledger, toPath: stage.ledger + ".damaged")
    try FileManager.default.moveItem(atPath: stage.work + "/backup.db", toPath: stage.ledger)
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 0 of 2 done, paused")) }, "\(daemon.errors)")
  }

  @Test func `a daemon without a ledger stops in an orderly way`() async throws {
    let stage = try DaemonStage()
    try FileManager.default.createDirectory(atPath: stage.state, withIntermediateDirectories: true)
    try "not a database, and longer than its header".write(toFile: stage.ledger, atomically: false, encoding: .utf8)
    let daemon = try await stage.startReady()
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    #expect(daemon.told.last == "STOPPING=1")
  }

  @Test func `a second daemon ends also while the first waits for its ledger`() async throws {
    let stage = try DaemonStage()
    try FileManager.default.createDirectory(atPath: stage.state, withIntermediateDirectories: true)
    try "not a database, and longer than its header".write(toFile: stage.ledger, atomically: false, encoding: .utf8)
    let first = try await stage.startReady()
    let second = try stage.start()
    #expect(try await second.ended() == .exited(1))
    #expect(
      second.errors == "Error: the directory `\(stage.runtime)` is in use by another backfilld (pid \(first.pid))\n")
    #expect(first.end == nil)
  }

  @Test(needsRoot) func `a disk that fills up while a step runs loses no result`() async throws {
    let disk = try SmallDisk(kibibytes: 1024)
    let stage = try DaemonStage(windows: [
      "w": """
      dates: {from: 2024-01-01, to: 2024-01-02}
      steps:
        load:
          command: [/bin/sh, -c, 'touch {work}/started; while [ ! -e {work}/go ]; do sleep 0.05; done; exit 3']
          report: {from: none}
      """
    ])
    let daemon = try stage.start(state: disk.path)
    try await daemon.ready()
    _ = try await stage.client.run(RunRequest(window: "w", dates: one))
    while !FileManager.default.fileExists(atPath: stage.work + "/started") { await Task.yield() }
    // Not a byte is left, also not within the files that are there.
    try disk.fill()
    await exhaust(stage.client)
    try "".write(toFile: stage.work + "/go", atomically: false, encoding: .utf8)
    #expect(
      await daemon.notes.wait { notes in
        notes.contains { if case .told(let text) = $0 { text.hasPrefix("STATUS=degraded") } else { false } }
      }, "\(daemon.errors)")
    try disk.empty()
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 0 of 2 done, 1 held")) }, "\(daemon.errors)")
    #expect(await daemon.wrote("the ledger can be written again"), "\(daemon.errors)")
    #expect(daemon.errors.components(separatedBy: "the ledger cannot be written").count == 2, "\(daemon.errors)")
    #expect(daemon.errors.components(separatedBy: "the ledger can be written again").count == 2, "\(daemon.errors)")
  }

  /// Writes until the ledger refuses: a full disk leaves room within the files that are there.
  private func exhaust(_ client: ControlClient) async {
    let reason = String(repeating: "a long reason ", count: 1000)
    do {
      while true {
        _ = try await client.pause(PauseRequest(window: "w", reason: reason))
        _ = try await client.resume(ResumeRequest(window: "w", reason: reason))
      }
    } catch {
      // Full.
    }
  }
}
