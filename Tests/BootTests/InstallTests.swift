import Foundation
import Testing

extension Booted {
  /// The package on a machine that has never seen it, until it is removed.
  @Suite struct InstallTests {
    private struct Story {
      let afterInstall: [String: String]
      let afterEnable: [String: String]
      let user: String
      let socket: String
      let missing: [String]
      let libraries: String
      let verified: Outcome
      let exposure: Double
      let exposures: [String: Double]
      let status: String
      let doctor: Outcome
      let messages: [String]
      let afterRemoval: [String: Outcome]
    }

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static let properties = [
      "ActiveState", "SubState", "UnitFileState", "Type", "StatusText", "Result", "NRestarts",
    ]

    private static func tell() async throws -> Story {
      let container = try await Container("install")
      try await container.install(Obstacle.package)
      let afterInstall = try await container.properties(properties)
      try await container.must("systemctl disable --now backfilld.service backfilld.socket")
      try await container.must("systemctl enable --now backfilld.socket backfilld.service")
      let afterEnable = try await container.properties(properties)
      let files = try await container.must("dpkg --listfiles backfilld").split(separator: "\n").map(String.init)
      let exposure = try await container.exposure()
      var exposures: [String: Double] = [:]
      for path in files where path.hasPrefix("/usr/share/backfilld/drop-ins/") && path.hasSuffix(".conf") {
        let installed = "/etc/systemd/system/backfilld.service.d/tried.conf"
        try await container.must("install -D -m 644 \(path) \(installed); systemctl daemon-reload")
        exposures[String(path.split(separator: "/").last ?? "")] = try await container.exposure()
        try await container.must("rm \(installed); systemctl daemon-reload")
      }
      let status = try await container.must("backfillctl status")
      let story = Story(
        afterInstall: afterInstall, afterEnable: afterEnable,
        user: try await container.must("ps -o user= -p $(systemctl show --value -p MainPID backfilld.service)"),
        socket: try await container.must("stat -c '%a %G %F' /run/backfilld/control.sock"),
        missing: expected.filter { !files.contains($0) },
        libraries: try await container.must("ldd /usr/sbin/backfilld /usr/bin/backfillctl"),
        verified: try await container.sh("systemd-analyze verify --man=no backfilld.service backfilld.socket"),
        exposure: exposure, exposures: exposures,
        status: status, doctor: try await container.sh("backfillctl doctor --json"),
        messages: try await container.journal("--unit=backfilld.service").map(\.message),
        afterRemoval: try await removal(in: container))
      return story
    }

    /// What is there when the package is removed.
    private static func removal(in container: Container) async throws -> [String: Outcome] {
      try await container.must("dpkg --remove backfilld")
      var found: [String: Outcome] = [:]
      for (what, script) in [
        "ledger": "test -e /var/lib/backfilld/backfilld.db", "settings": "test -e /etc/backfilld/backfilld.yaml",
        "unit": "systemctl cat backfilld.service", "processes": "pgrep -x backfilld",
      ] {
        found[what] = try await container.sh(script)
      }
      return found
    }

    private static var page: String {
      get throws { try String(contentsOfFile: Obstacle.root + "/docs/installing.md", encoding: .utf8) }
    }

    /// What the package must bring.
    private static let expected =
      [
        "/usr/sbin/backfilld", "/usr/bin/backfillctl", "/etc/backfilld/backfilld.yaml",
        "/usr/lib/sysusers.d/backfilld.conf", "/usr/lib/tmpfiles.d/backfilld.conf",
        "/usr/lib/systemd/catalog/backfilld.catalog", "/usr/lib/systemd/user/backfilld.service",
        "/usr/share/bash-completion/completions/backfillctl", "/usr/share/zsh/vendor-completions/_backfillctl",
        "/usr/share/fish/vendor_completions.d/backfillctl.fish",
      ]
      + ["man8/backfilld.8", "man1/backfillctl.1", "man5/backfilld.yaml.5", "man5/backfill-window.5"].map {
        "/usr/share/man/\($0).gz"
      }

    @Test func `it runs after the installation`() {
      #expect(story.afterInstall["ActiveState"] == "active")
      #expect(story.afterInstall["UnitFileState"] == "enabled")
    }

    @Test func `it is enabled and started, and systemd has heard READY and STATUS`() {
      // With Type=notify a unit is active when it has said READY, not before.
      #expect(
        story.afterEnable == [
          "ActiveState": "active", "SubState": "running", "UnitFileState": "enabled", "Type": "notify",
          "StatusText": "no windows", "Result": "success", "NRestarts": "0",
        ])
    }

    @Test func `it runs as its own user`() {
      #expect(story.user == "backfilld\n")
    }

    @Test func `its socket is for its group`() {
      #expect(story.socket == "660 backfilld socket\n")
    }

    @Test func `backfillctl answers`() {
      #expect(story.status.contains("ready, up since "))
    }

    @Test func `doctor looks at everything, and finds nothing but what is the container's`() throws {
      struct Answer: Decodable {
        struct Finding: Decodable {
          let check: String
          let level: String
        }
        let findings: [Finding]
      }
      let answer = try JSONDecoder().decode(Answer.self, from: Data(story.doctor.output.utf8))
      let levels = answer.findings.map { "\($0.check) \($0.level)" }
      // The kernel says it to the tool; the unit may not ask. Whether it is synchronised is up to the machine.
      let clock = levels.contains("clock ok") ? "clock ok" : "clock warning"
      #expect(
        levels == [
          "daemon ok", "configuration ok", "permissions ok", "ledger ok", "room ok", clock, "zones ok", "journal ok",
          "lingering ok", "wsl ok",
        ])
      #expect(story.doctor.status == (clock == "clock ok" ? 0 : 1))
    }

    @Test func `its start and its stop are in the journal`() {
      #expect(story.messages.contains { $0.hasPrefix("backfilld ") && $0.hasSuffix(" started with 0 windows") })
      #expect(story.messages.contains { $0.hasPrefix("backfilld stops") })
    }

    @Test func `the package brings programs, units, man pages, completions and the catalog`() {
      #expect(story.missing == [])
    }

    @Test func `the programs find their libraries, and none of them is Swift's`() {
      #expect(!story.libraries.contains("not found"))
      #expect(!story.libraries.contains("swift"))
      #expect(story.libraries.contains("libsystemd.so.0"))
      #expect(story.libraries.contains("libsqlite3.so.0"))
    }

    @Test func `systemd-analyze verify is silent`() {
      #expect(story.verified.output + story.verified.errors == "")
      #expect(story.verified.status == 0)
    }

    @Test func `the exposure is at most 4.0, and the one that the documentation states`() throws {
      #expect(story.exposure <= 4.0)
      #expect(try Self.page.firstMatch(of: /an exposure of ([0-9]\.[0-9])/).flatMap { Double($0.1) } == story.exposure)
    }

    @Test func `the exposure with each drop-in is the one that the documentation states`() throws {
      let stated = try Self.page.matches(of: /\| `([a-z]+\.conf)` \|.*\| ([0-9]\.[0-9]) \|/).map {
        (String($0.1), Double($0.2))
      }
      #expect(stated.count == story.exposures.count)
      for (name, exposure) in stated { #expect(story.exposures[name] == exposure, "\(name)") }
    }

    @Test func `a removal stops it and keeps the ledger and the settings`() {
      #expect(story.afterRemoval["ledger"]?.status == 0)
      #expect(story.afterRemoval["settings"]?.status == 0)
      #expect(story.afterRemoval["unit"]?.status == 1)
      #expect(story.afterRemoval["processes"]?.status == 1)
    }
  }
}

extension Container {
  /// The exposure of the unit, from 0 to 10.
  fileprivate func exposure() async throws -> Double {
    let text = try await must("systemd-analyze security --no-pager backfilld.service")
    return try #require(
      text.firstMatch(of: /exposure level for backfilld.service: ([0-9.]+)/).flatMap { Double($0.1) }, "\(text)")
  }

  /// Properties of the unit by name.
  func properties(_ names: [String]) async throws -> [String: String] {
    let text = try await must("systemctl show --property=\(names.joined(separator: ",")) backfilld.service")
    let pairs = text.split(separator: "\n").map {
      $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    }
    return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) })
  }
}
