import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// Whether a test can have programs run as other users, and with another user database.
let canChangeUser =
  geteuid() == 0
  && ["/usr/bin/setpriv", "/usr/bin/unshare"].allSatisfy(FileManager.default.isExecutableFile)

/// Other users at the socket of a daemon that runs as root, on a machine with a group `backfilld`.
@Suite(.timeLimit(.minutes(2)), .enabled(if: canChangeUser, "needs root, setpriv and unshare"))
struct PeerTests {
  private static let group = "64999"
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-03}
    steps: {load: {command: [/bin/true], report: {from: none}}}
    """

  /// A ready daemon to which the group has `members`; the mode of its socket is `mode`.
  private func stage(members: String = "", mode: Int) async throws -> DaemonStage {
    let stage = try DaemonStage(windows: ["w": Self.window])
    try stage.folder.write("root:x:0:\nnogroup:x:65534:\nbackfilld:x:\(Self.group):\(members)\n", to: "group")
    let daemon = try stage.start(launcher: [
      "/usr/bin/unshare", "-m", "/bin/sh", "-c", "mount --bind \"$0\" /etc/group && exec \"$@\"",
      stage.folder.path + "/group",
    ])
    try await daemon.ready()
    let manager = FileManager.default
    for folder in [stage.folder.path, stage.runtime] {
      try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
    }
    try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: stage.socket)
    return stage
  }

  /// What came of `arguments` of the tool for a user, `nobody` if no other is given, with the supplementary `groups`.
  private func ask(
    _ stage: DaemonStage, _ arguments: [String], user: Int = 65534, groups: String? = nil
  ) async throws -> (status: Int32, output: String, errors: String) {
    let become = [
      "--reuid=\(user)", "--regid=\(user)", groups.map { "--groups=\($0)" } ?? "--clear-groups",
      try program("backfillctl"),
    ]
    return try await finished("/usr/bin/setpriv", become + arguments + ["--socket", stage.socket])
  }

  @Test func `somebody whom only a widened mode lets in may look`() async throws {
    let stage = try await stage(mode: 0o666)
    for arguments in [["status"], ["show", "w"], ["plan", "w"], ["failures", "w"], ["validate", "w"]] {
      let answer = try await ask(stage, arguments)
      #expect(answer.status == 0, "\(arguments): \(answer.errors)")
    }
    let dry = try await ask(stage, ["run", "w", "--date", "2024-01-01", "--dry-run"])
    #expect(dry.status == 0)
  }

  @Test func `somebody whom only a widened mode lets in changes nothing, and reads what to do`() async throws {
    let stage = try await stage(mode: 0o666)
    for arguments in [
      ["pause", "w"], ["run", "w", "--date", "2024-01-01"], ["reload"], ["skip", "w", "2024-01-01", "--reason", "x"],
      ["validate", "w", "--apply"],
    ] {
      let answer = try await ask(stage, arguments)
      #expect(answer.status == 1, "\(arguments)")
      #expect(
        answer.errors == "backfillctl: `nobody` may look but change nothing, only root and members of the group "
          + "`backfilld` may: an administrator lets you in with `usermod -aG backfilld nobody`; log in again after that\n"
      )
    }
    #expect(try await stage.client.status().windows.first?.state == .active)
  }

  @Test func `a session from before the user was put into the group is told so`() async throws {
    let stage = try await stage(members: "nobody", mode: 0o666)
    let answer = try await ask(stage, ["pause", "w"])
    #expect(answer.status == 1)
    #expect(
      answer.errors
        == "backfillctl: `nobody` is in the group `backfilld` only since after this session began: log in again\n")
  }

  @Test func `a member of the group operates, and the decision carries the name`() async throws {
    let stage = try await stage(mode: 0o660)
    let answer = try await ask(stage, ["pause", "w", "--reason", "maintenance"], groups: "4,\(Self.group)")
    #expect(answer.status == 0, "\(answer.errors)")
    let window = try #require(try await stage.client.status().windows.first)
    #expect(window.state == .paused)
    #expect(window.by == "nobody")
  }

  @Test func `a member of the group does not have the daemon write files`() async throws {
    let stage = try await stage(mode: 0o660)
    let file = stage.work + "/copy.db"
    let answer = try await ask(stage, ["backup", file], groups: Self.group)
    #expect(answer.status == 1)
    #expect(
      answer.errors == "backfillctl: `nobody` may not do this, only root may: put `sudo` before the command\n")
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test func `whom the mode keeps out cannot reach the daemon, and reads what to do`() async throws {
    let stage = try await stage(mode: 0o660)
    let answer = try await ask(stage, ["status"])
    #expect(answer.status == 3)
    #expect(
      answer.errors == "backfillctl: cannot reach backfilld at \(stage.socket): permission denied; root and members of "
        + "the group `backfilld` may: an administrator lets you in with `usermod -aG backfilld nobody`; log in again "
        + "after that (id -nG shows your groups)\n")
  }

  @Test func `the user whom the daemon runs as does everything, as root does, and is named to others`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o777], ofItemAtPath: stage.folder.path)
    let daemon = try stage.start(launcher: [
      "/bin/sh", "-c", "chmod 666 \"$0\" && exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"",
      stage.folder.path + "/1.notify",
    ])
    try await daemon.ready()
    let copy = try await ask(stage, ["backup", stage.folder.path + "/copy.db"])
    #expect(copy.status == 0, "\(copy.errors)")
    _ = try await stage.client.pause(PauseRequest(window: "w"))
    #expect(try await stage.client.status().windows.first?.by == "root")

    try manager.setAttributes([.posixPermissions: 0o666], ofItemAtPath: stage.socket)
    let other = try await ask(stage, ["resume", "w"], user: 65533)
    #expect(other.status == 1)
    #expect(other.errors.hasPrefix("backfillctl: `65533` may look but change nothing, only root, `nobody` and members"))
  }

  @Test func `the socket of a daemon that runs as root belongs to the group`() async throws {
    let stage = try await stage(mode: 0o660)
    let facts = try FileManager.default.attributesOfItem(atPath: stage.socket)
    #expect(facts[.groupOwnerAccountID] as? Int == Int(Self.group))
  }
}
