import BackfillTestKit
import Testing

extension Booted {
  /// A reload with a good and with a broken file, a stop during a step that does not want to end, an upgrade during a run.
  @Suite struct StopTests {
    /// As `Steps.gated`; where there is a gate, SIGTERM is written down and ignored.
    private static let stubborn = Steps.gated.replacing(
      "cd /srv/steps || exit 1\n", with: "cd /srv/steps || exit 1\ntrap 'echo TERM >> signals' TERM\n")

    private struct Story {
      let reloads: [Outcome]
      let statusAfterReload: [String]
      let stateAfterReload: [String]
      let stopSeconds: Double
      let afterStop: [String: String]
      let signals: [String]
      let ledgerAfterStop: [String]
      let processesAfterStop: String
      let versions: [String]
      let upgrade: String
      let afterUpgrade: [String: String]
      let pids: [String]
      let dates: [String]
      let effects: [String]
      let counts: [String: Int]
      let messages: [String]
      let warnings: [String]
    }

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static func tell() async throws -> Story {
      let container = try await Container.installed("stop")
      try await container.write(stubborn, to: "/srv/steps/step", mode: 0o755)
      try await container.write(
        "[Service]\nTimeoutStopSec=3s\n", to: "/etc/systemd/system/backfilld.service.d/stop.conf")
      try await container.write(Steps.window("03"), to: "/etc/backfilld/windows.d/w.yaml")
      try await container.must(
        "touch /srv/steps/gate-2024-01-02; systemctl daemon-reload; systemctl restart backfilld.service")

      var reloads: [Outcome] = []
      var statuses: [String] = []
      var states: [String] = []
      let good = Steps.window("05")
      for text in [good, good.replacing("command:", with: "comand:"), good] {
        try await container.write(text, to: "/etc/backfilld/windows.d/w.yaml")
        reloads.append(try await container.sh("systemctl reload backfilld.service"))
        statuses.append(try await container.property("StatusText"))
        states.append(try await container.property("ActiveState"))
      }

      try await container.must("backfillctl resume w --now")
      try await container.starts(of: "2024-01-02 features", count: 1)
      let begin = ContinuousClock.now
      try await container.must("systemctl stop backfilld.service")
      let stopSeconds = (ContinuousClock.now - begin) / .seconds(1)
      let afterStop = try await container.properties(["ActiveState", "Result", "ExecMainCode", "ExecMainStatus"])
      let signals = try await container.lines(of: "/srv/steps/signals")
      let ledger = try await container.ledger(
        "SELECT step, state, interruptions FROM steps WHERE date = '2024-01-02' ORDER BY step DESC")
      let processes = try await container.sh("pgrep -f '[/]srv/steps/step'").output

      try await container.must("systemctl start backfilld.service")
      try await container.starts(of: "2024-01-02 features", count: 2)
      var versions = [try await container.version()]
      var pids = [try await container.property("MainPID")]
      let folder = try TemporaryFolder()
      defer { withExtendedLifetime(folder) {} }
      let upgrade = try await container.install(try await newerPackage(in: folder.path))
      versions.append(try await container.version())
      pids.append(try await container.property("MainPID"))
      let afterUpgrade = try await container.properties(["ActiveState", "SubState", "UnitFileState"])
      try await container.starts(of: "2024-01-02 features", count: 3)
      try await container.must("rm /srv/steps/gate-2024-01-02")
      try await container.status(showing: "w: complete")
      return Story(
        reloads: reloads, statusAfterReload: statuses, stateAfterReload: states, stopSeconds: stopSeconds,
        afterStop: afterStop, signals: signals,
        ledgerAfterStop: ledger, processesAfterStop: processes, versions: versions, upgrade: upgrade,
        afterUpgrade: afterUpgrade, pids: pids, dates: try await container.dates(of: "w"),
        effects: try await container.lines(of: "/srv/steps/effects"),
        counts: Dictionary(grouping: try await container.lines(of: "/srv/steps/starts")) { $0 }.mapValues(\.count),
        messages: try await container.journal("_SYSTEMD_UNIT=backfilld.service").map(\.message),
        warnings: try await container.journal("_SYSTEMD_UNIT=backfilld.service --priority=warning").map(\.message))
    }

    /// The package under test as a version that is higher.
    private static func newerPackage(in folder: String) async throws -> String {
      let made = try await BootTests.run(
        "/bin/sh",
        [
          "-euc",
          """
          dpkg-deb --raw-extract "$2" "$1/files"
          sed -i 's/^Version: .*/&+newer1/' "$1/files/DEBIAN/control"
          dpkg-deb --root-owner-group -Zgzip -z1 --build "$1/files" "$1/newer.deb" >&2
          rm -r "$1/files"
          """, "sh", folder, Obstacle.package,
        ])
      guard made.status == 0 else { throw Unexpected("the package cannot be repacked: \(made.errors)") }
      return folder + "/newer.deb"
    }

    @Test func `systemctl reload fails with a broken file, and with no other`() {
      #expect(story.reloads.map(\.status) == [0, 1, 0])
      #expect(story.stateAfterReload == ["active", "active", "active"])
    }

    @Test func `a good file takes effect`() {
      #expect(story.statusAfterReload[0].hasPrefix("w: 0 of 5 done"))
      #expect(
        story.messages.contains(
          "the configuration was read again (backfilld): 0 added, 1 changed, 0 unchanged, 0 removed, 0 broken"))
    }

    @Test func `a broken file keeps the old definition, and a person hears of it`() {
      #expect(story.statusAfterReload[1].hasSuffix(" | 1 with errors, old definition in force"))
      #expect(story.warnings.contains { $0.hasPrefix("w keeps its old definition until its file is corrected, ") })
    }

    @Test func `the corrected file ends that`() {
      #expect(!story.statusAfterReload[2].contains("errors"))
    }

    @Test func `a stop gives the step its grace time, then SIGTERM, then SIGKILL`() {
      #expect(story.signals == ["TERM"])
      // One second of grace, ten until SIGKILL.
      #expect(story.stopSeconds >= 11)
      #expect(story.processesAfterStop == "")
    }

    @Test func `systemd waits although its own limit is shorter`() {
      #expect(
        story.afterStop == ["ActiveState": "inactive", "Result": "success", "ExecMainCode": "1", "ExecMainStatus": "0"])
    }

    @Test func `the checkpoint of the step before is kept, and the stop is no interruption`() {
      #expect(story.ledgerAfterStop == ["load|done|0", "features|pending|0"])
      #expect(!story.messages.contains { $0.contains("was interrupted") })
    }

    @Test func `an upgrade restarts the daemon in the middle of the run`() {
      #expect(story.versions.count == 2 && story.versions[1] == story.versions[0] + "+newer1", "\(story.versions)")
      #expect(Set(story.pids).count == 2)
      #expect(story.afterUpgrade == ["ActiveState": "active", "SubState": "running", "UnitFileState": "enabled"])
    }

    @Test func `after the stop and after the upgrade it goes on by itself`() {
      #expect(story.dates == (1...5).map { "2024-01-0\($0) done pass" })
      #expect(story.counts.values.filter { $0 == 3 }.count == 1)
      #expect(story.counts.values.filter { $0 == 1 }.count == 9)
    }

    @Test func `nothing was done twice`() {
      #expect(story.effects == (1...5).flatMap { ["2024-01-0\($0) load", "2024-01-0\($0) features"] })
    }
  }
}

extension Container {
  /// The version of the installed package.
  fileprivate func version() async throws -> String {
    try await must("dpkg-query --show --showformat='${Version}' backfilld")
  }
}
