import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// A daemon whose window gets its dates from a program.
@Suite(.timeLimit(.minutes(2)))
struct CalendarCommandTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-31, from_command: [cat, "{work}/dates"]}
    steps: {load: {command: [/bin/true], report: {from: none}}}
    """

  @Test func `the program is run after READY, and its failure pauses the window with the last good calendar`()
    async throws
  {
    let stage = try DaemonStage(windows: ["w": Self.window])
    try stage.folder.write("date,count\n2024-01-03,16\n2024-01-05\n", to: "work/dates")
    let daemon = try await stage.startReady()
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 0 of 2 done")) })
    let ready = try #require(daemon.told.firstIndex(of: "READY=1"))
    let known = try #require(daemon.told.firstIndex(of: "STATUS=w: 0 of 2 done"))
    #expect(ready < known)
    try FileManager.default.removeItem(atPath: "\(stage.work)/dates")
    _ = try await stage.client.reload()
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 0 of 2 done, paused")) })
    #expect(
      try await stage.client.status().windows.first?.reason
        == "the calendar's command `cat \(stage.work)/dates` failed: exit status 1 "
        + "(cat: \(stage.work)/dates: No such file or directory); the last good calendar stays in force")
    // The dates themselves are no lines of the journal.
    #expect(!daemon.errors.contains("2024-01-03"))
  }
}
