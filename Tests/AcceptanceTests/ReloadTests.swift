import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// A daemon that reads its files again.
@Suite(.timeLimit(.minutes(2)))
struct ReloadTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-03}
    steps: {load: {command: [/bin/true], report: {from: none}}}
    """
  private static let longer = window.replacing("2024-01-03", with: "2024-01-05")
  private static let broken = window.replacing("command:", with: "comand:")

  @Test func `SIGHUP: systemd hears RELOADING with its instant, then READY, and the new definition is in force`()
    async throws
  {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    try stage.write(Self.longer, toWindow: "w")
    try stage.write(Self.window, toWindow: "new")
    daemon.send(SIGHUP)
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=new: 0 of 3 done | w: 0 of 5 done")) })
    #expect(await daemon.notes.wait { notes in notes.count { $0 == .told("READY=1") } == 2 })
    let heard = daemon.told.filter { !$0.hasPrefix("STATUS") }
    #expect(heard.count == 3)
    #expect(heard.first == "READY=1")
    #expect(heard.dropFirst().first?.wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[0-9]+/) != nil)
    #expect(heard.last == "READY=1")
    #expect(
      daemon.errors.contains(
        "the configuration was read again (SIGHUP): 1 added, 1 changed, 0 unchanged, 0 removed, 0 broken\n"))
  }

  @Test func `a broken file keeps the old definition; corrected, it takes effect`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    try stage.write(Self.broken, toWindow: "w")
    let answer = try await stage.client.reload()
    let finding = "\(stage.folder.path)/config/windows.d/w.yaml:2:16: unknown key `comand`; did you mean `command`?"
    #expect(answer.windows.map(\.change) == [.broken])
    #expect(answer.windows.first?.findings.contains(finding) == true)
    let status = try await stage.client.status()
    #expect(status.windows.first?.dates.total == 3)
    #expect(status.rejected.first?.inForce == true)
    try stage.write(Self.longer, toWindow: "w")
    #expect(try await stage.client.reload().windows.map(\.change) == [.changed])
    #expect(try await stage.client.status().windows.first?.dates.total == 5)
    #expect(daemon.errors.contains("w keeps its old definition until its file is corrected, "))
  }

  @Test func `without windows.d every window stays in force, and a person is told`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    let (here, gone) = ("\(stage.folder.path)/config/windows.d", "\(stage.folder.path)/config/gone")
    try FileManager.default.moveItem(atPath: here, toPath: gone)
    let finding = "\(here):1:1: there is no such directory; make it: each of its files is a window"
    let end = try await finished(try program("backfillctl"), ["reload", "--socket", stage.socket])
    #expect(end.status == 1)
    #expect(end.output.split(separator: "\n").first == "What was in force stays in force:")
    #expect(try await stage.client.reload() == ReloadAnswer(windows: [], findings: [finding]))
    #expect(try await stage.client.status().windows.map(\.window) == ["w"])
    #expect(daemon.errors.contains(finding))
    try FileManager.default.moveItem(atPath: gone, toPath: here)
    #expect(try await stage.client.reload().windows.map(\.change) == [.unchanged])
  }

  @Test func `a deleted window is listed, also by the next daemon`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    let one = DateRange(from: day("2024-01-01"), to: day("2024-01-01"))
    _ = try await stage.client.run(RunRequest(window: "w", dates: [one]))
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 1 of 3 done")) })
    try FileManager.default.removeItem(atPath: "\(stage.folder.path)/config/windows.d/w.yaml")
    #expect(try await stage.client.reload().windows.map(\.change) == [.removed])
    #expect(try await stage.client.status().unconfigured.map(\.window) == ["w"])
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    try await stage.startReady()
    #expect(try await stage.client.status().unconfigured.map(\.window) == ["w"])
  }

  @Test func `settings of the daemon take effect`() async throws {
    let stage = try DaemonStage(settings: "max_processes: 2")
    let daemon = try await stage.startReady()
    try stage.folder.write("stop_grace: 1s", to: "config/backfilld.yaml")
    #expect(try await stage.client.reload().settings == ["max_processes 2 -> 4", "stop_grace 1m -> 1s"])
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    #expect(daemon.told.contains("EXTEND_TIMEOUT_USEC=31000000"))
  }
}
