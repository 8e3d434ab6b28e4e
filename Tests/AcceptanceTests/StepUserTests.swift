import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// As whom steps run that name nobody, when the machine's daemon runs as root.
@Suite(.timeLimit(.minutes(2)), .enabled(if: canChangeUser, "needs root and unshare"))
struct StepUserTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-01}
    preflight: [[/bin/sh, -c, 'id -un > "{work}/preflight"']]
    steps:
      load:
        requires: [[/bin/sh, -c, 'id -un > "{work}/requires"']]
        command: [/bin/sh, -c, 'id -un > "{work}/step"; echo "$HOME" > "{work}/home"']
        report: {from: none}
    """
  private static let named = "run: {user: root}\n" + window

  /// A daemon as systemd starts it, on a machine with the given user database.
  private func start(_ window: String, users: String, environment: String) async throws -> DaemonStage {
    let stage = try DaemonStage(windows: ["w": window])
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: stage.work)
    let daemon = try stage.start(launcher: try launcher(stage, users: users, environment: environment))
    try await daemon.ready()
    return stage
  }

  private func launcher(_ stage: DaemonStage, users: String, environment: String = "") throws -> [String] {
    try stage.folder.write("root:x:0:0:root:/root:/bin/sh\n" + users, to: "passwd")
    return [
      "/usr/bin/unshare", "-m", "/bin/sh", "-c", "mount --bind \"$0\" /etc/passwd && \(environment) exec \"$@\"",
      stage.folder.path + "/passwd",
    ]
  }

  private func run(_ stage: DaemonStage) async throws {
    let date = DateRange(from: day("2024-01-01"), to: day("2024-01-01"))
    _ = try await stage.client.run(RunRequest(window: "w", dates: [date]))
    #expect(try await stage.errorsShow("w is complete"), "\(stage.errors())")
  }

  private static let service = "backfilld:x:64998:64998::/var/lib/backfilld:/usr/sbin/nologin\n"

  @Test func `they run as backfilld, their checks too`() async throws {
    let stage = try await start(Self.window, users: Self.service, environment: "SYSTEMD_EXEC_PID=$$")
    try await run(stage)
    for name in ["step", "requires", "preflight"] { #expect(text(of: "\(stage.work)/\(name)") == "backfilld\n") }
    #expect(text(of: stage.work + "/home") == "/var/lib/backfilld\n")
  }

  @Test func `a user who runs as many processes as it may stops no window of others`() async throws {
    func window(_ run: String, _ command: String) -> String {
      "dates: {from: 2024-01-01, to: 2024-01-01}\nrun: {\(run)}\n"
        + "steps: {load: {command: \(command), report: {from: none}}}\n"
    }
    let stage = try DaemonStage(
      settings: "stop_grace: 0s\n",
      windows: [
        "last": window("user: busy", "[/bin/sh, -c, \"echo up; exec sleep 60\"]"),
        "full": window("user: busy", "[/bin/true]"), "other": window("", "[/bin/true]"),
      ])
    // The kernel looks when a process becomes another user's: the first one may. Root itself has no such limit.
    let users = "busy:x:64997:64997::/:/usr/sbin/nologin\n"
    let limit = "prlimit --nproc=0:0 --pid $$ &&"
    let daemon = try stage.start(launcher: try launcher(stage, users: users, environment: limit))
    try await daemon.ready()
    let date = DateRange(from: day("2024-01-01"), to: day("2024-01-01"))
    _ = try await stage.client.run(RunRequest(window: "last", dates: [date]))
    #expect(try await stage.errorsShow("last 2024-01-01 load | up"), "\(stage.errors())")
    _ = try await stage.client.run(RunRequest(window: "full", dates: [date]))
    #expect(
      try await stage.errorsShow(
        "full 2024-01-01 held: `load` failed: cannot execute /bin/true: its user runs as many processes as it may "
          + "(RLIMIT_NPROC)"), "\(stage.errors())")
    #expect(try await stage.client.status().state == .ready)
    _ = try await stage.client.run(RunRequest(window: "other", dates: [date]))
    #expect(try await stage.errorsShow("other is complete"), "\(stage.errors())")
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
  }

  @Test func `a window may name root itself`() async throws {
    let stage = try await start(Self.named, users: Self.service, environment: "SYSTEMD_EXEC_PID=$$")
    try await run(stage)
    #expect(text(of: stage.work + "/step") == "root\n")
  }

  @Test func `without that user the window is off, and says why`() async throws {
    let stage = try await start(Self.window, users: "", environment: "SYSTEMD_EXEC_PID=$$")
    let rejected = try #require(try await stage.client.status().rejected.first)
    #expect(
      rejected.findings == [
        "\(stage.folder.path)/config/windows.d/w.yaml:1:1: `run.user` is missing, and there is no user `backfilld`, as "
          + "whom the machine's backfilld runs commands when it runs as root; name one in `run.user`, or make that user "
          + "(systemd-sysusers); a daemon that root starts with a --state-dir of its own runs them as root"
      ])
  }

  @Test func `a daemon that root runs in folders of its own is root's`() async throws {
    let stage = try await start(Self.window, users: Self.service, environment: "")
    try await run(stage)
    #expect(text(of: stage.work + "/step") == "root\n")
  }

  private static let note =
    "note: this is for a daemon with a --state-dir of its own, which runs commands as root; without one it is the "
    + "machine's, and 1 window more would be disabled: without `run.user` commands run as `backfilld` there, and there is "
    + "no such user\n"

  @Test(arguments: [
    (service, [], "1 window ready, 0 disabled\n"), ("", [], note + "1 window ready, 0 disabled\n"),
    ("", ["--state-dir", "/nonexistent"], "1 window ready, 0 disabled\n"),
  ])
  func `a configuration that is looked at by itself is that of a daemon with folders of its own`(
    users: String, options: [String], output: String
  ) async throws {
    let (end, printed) = try await check(Self.window, users: users, options)
    #expect(printed == output)
    #expect(end == .exited(0))
  }

  @Test func `with the machine's ledger it is looked at as the machine's`() async throws {
    let (end, printed) = try await check(Self.window, users: "", ["--state-dir", "/var/lib/backfilld"])
    #expect(printed.contains("w.yaml:1:1: `run.user` is missing, and there is no user `backfilld`, "))
    #expect(printed.hasSuffix("\n0 windows ready, 1 disabled\n"))
    #expect(end == .exited(1))
  }

  private func check(
    _ window: String, users: String, _ options: [String]
  ) async throws -> (end: DaemonEnd, output: String) {
    let stage = try DaemonStage(windows: ["w": window])
    let daemon = try stage.startBare(
      ["--check-config", "--config-dir", stage.folder.path + "/config"] + options, environment: [:],
      launcher: try launcher(stage, users: users))
    let end = try await daemon.ended()
    #expect(daemon.errors == "")
    return (end, daemon.output)
  }
}
