import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// The control socket where systemd opens it. Source: sd_listen_fds(3), systemd-socket-activate(1).
@Suite(.timeLimit(.minutes(2)))
struct HandedOverSocketTests {
  private static let launcher = "/usr/bin/systemd-socket-activate"
  private static let hasLauncher = FileManager.default.isExecutableFile(atPath: launcher)
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-01}
    steps:
      load:
        command: [/bin/sh, -c, 'env > "{work}/env"; ls /proc/self/fd > "{work}/descriptors"']
        report: {from: none}
    """

  @Test(.enabled(if: hasLauncher, "there is no systemd-socket-activate here"))
  func `the daemon serves the socket it was given, passes nothing of it on, and leaves it where it is`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let path = "\(stage.folder.path)/given.sock"
    let notify = "NOTIFY_SOCKET=\(stage.folder.path)/1.notify"
    let daemon = try stage.start(
      launcher: [Self.launcher, "-l", path, "--fdname=control", "-E", notify, "-E", "TZ=UTC"])
    #expect(try await stage.errorsShow("Listening on \(path)"))
    let client = ControlClient(socketPath: path)
    // The first who connects starts it, and waits until it is there.
    #expect(try await client.status().state == .ready)
    #expect(!FileManager.default.fileExists(atPath: "\(stage.runtime)/control.sock"))

    let date = DateRange(from: day("2024-01-01"), to: day("2024-01-01"))
    _ = try await client.run(RunRequest(window: "w", dates: [date]))
    #expect(await daemon.notes.wait { $0.contains(.told("STATUS=w: complete")) }, "\(daemon.errors)")
    #expect(!text(of: stage.work + "/env").contains("LISTEN_"))
    // What `ls` opens to look is the fourth.
    #expect(text(of: stage.work + "/descriptors").split(separator: "\n") == ["0", "1", "2", "3"])

    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test func `what is no socket is refused with the line of the unit that puts it right`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let script = "exec 3</dev/null; export LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=control; exec \"$@\""
    let daemon = try stage.start(launcher: ["/bin/sh", "-c", script, "sh"])
    #expect(try await daemon.ended() == .exited(1))
    #expect(
      daemon.errors.hasSuffix(
        "Error: `control`, handed over by systemd, is no socket: backfilld.socket needs one ListenStream= and nothing "
          + "else\n"))
    #expect(!daemon.told.contains("READY=1"))
  }
}
