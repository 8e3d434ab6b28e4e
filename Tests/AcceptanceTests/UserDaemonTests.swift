import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// `backfilld --user`: the folders of the XDG Base Directory Specification.
@Suite(.timeLimit(.minutes(2)))
struct UserDaemonTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-03}
    steps: {load: {command: [/bin/true], report: {from: none}}}
    """

  /// A daemon with nothing but a home and a folder of its session.
  private func daemon(_ environment: [String: String] = [:]) throws -> (DaemonStage, DaemonProcess) {
    let stage = try DaemonStage()
    let home = try stage.folder.folder("home")
    try stage.folder.write(Self.window, to: "home/.config/backfilld/windows.d/w.yaml")
    let usual = ["HOME": home, "XDG_RUNTIME_DIR": try stage.folder.folder("session")]
    return (stage, try stage.startBare(["--user"], environment: usual.merging(environment) { $1 }))
  }

  @Test func `it is ready without a folder of its own, and its tool finds it`() async throws {
    let (stage, daemon) = try daemon()
    try await daemon.ready()
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: 0 of 3 done")) })
    let manager = FileManager.default
    let state = stage.folder.path + "/home/.local/state"
    #expect(manager.fileExists(atPath: state + "/backfilld/backfilld.db"))
    let above = try manager.attributesOfItem(atPath: state)
    #expect(above[.posixPermissions] as? Int == 0o700)

    let session = ["XDG_RUNTIME_DIR": stage.folder.path + "/session"]
    let answer = try await finished(try program("backfillctl"), ["status", "--user"], environment: session)
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output.contains("w"))
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))

    let gone = try await finished(try program("backfillctl"), ["status", "--user"], environment: session)
    #expect(gone.status == 3)
    #expect(
      gone.errors
        == "backfillctl: cannot reach backfilld at \(stage.folder.path)/session/backfilld/control.sock: no such "
        + "socket; is the daemon running? (systemctl --user status backfilld)\n")
  }

  @Test(arguments: [
    ("", "XDG_RUNTIME_DIR is not set, so that there is no place for the socket: "),
    ("/nonexistent/1000", "XDG_RUNTIME_DIR is `/nonexistent/1000`, and there is no such folder: "),
  ])
  func `without a folder of the session it says how to get one`(folder: String, beginning: String) async throws {
    let (stage, daemon) = try daemon(["XDG_RUNTIME_DIR": folder])
    #expect(try await daemon.ended() == .exited(1))
    #expect(
      daemon.errors == "Error: \(beginning)start it with `systemctl --user start backfilld`, have the folder kept with "
        + "`loginctl enable-linger`, or name another one with --runtime-dir\n")
    #expect(!FileManager.default.fileExists(atPath: stage.folder.path + "/home/.local"))
  }

  @Test func `the configuration is checked without a folder of the session`() async throws {
    let stage = try DaemonStage()
    let home = try stage.folder.folder("home")
    try stage.folder.write(Self.window, to: "home/.config/backfilld/windows.d/w.yaml")
    let daemon = try stage.startBare(["--user", "--check-config"], environment: ["HOME": home])
    #expect(try await daemon.ended() == .exited(0))
    #expect(daemon.output == "1 window ready, 0 disabled\n")
  }

  @Test func `one socket is named, not two`() async throws {
    let answer = try await finished(try program("backfillctl"), ["status", "--user", "--socket", "/x"])
    #expect(answer.status == 2)
    #expect(answer.errors.contains("Give --socket or --user, not both."))
  }
}
