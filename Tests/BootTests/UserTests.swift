import Foundation
import Testing

extension Booted {
  /// An ordinary user with a daemon of her own, over a reboot.
  @Suite struct UserTests {
    private struct Story {
      let verified: Outcome
      let enabled: String
      let owner: String
      let files: String
      let status: String
      let dates: [String]
      let effects: [String]
      let journal: [String]
      let system: String
    }

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static func tell() async throws -> Story {
      let container = try await Container("user")
      try await container.install(Obstacle.package)
      try await container.must(
        "systemctl disable --now backfilld.service backfilld.socket; useradd --create-home ann; loginctl enable-linger ann"
      )
      _ = try await eventually("her systemd runs") {
        try await container.sh("systemctl --user is-system-running --wait", asAnn: true).output == "running\n"
          ? true : nil
      }
      let step = Steps.gated.replacing("/srv/steps", with: "/home/ann/steps")
      let window = Steps.window("03").replacing("/srv/steps", with: "/home/ann/steps")
      try await container.must("mkdir -p steps .config/backfilld/windows.d", asAnn: true)
      try await container.write(step, to: "/home/ann/steps/step", mode: 0o755)
      try await container.write("stop_grace: 1s\n", to: "/home/ann/.config/backfilld/backfilld.yaml")
      try await container.write(window, to: "/home/ann/.config/backfilld/windows.d/w.yaml")
      try await container.must("touch steps/gate-2024-01-02", asAnn: true)
      try await container.must("systemctl --user enable --now backfilld.service", asAnn: true)
      try await container.must("backfillctl resume w --now", asAnn: true)
      _ = try await eventually("2024-01-02 is under way") {
        try await container.lines(of: "/home/ann/steps/starts").contains { $0.hasPrefix("2024-01-02 features") }
          ? true : nil
      }
      try await container.reboot()
      try await container.must("rm steps/gate-2024-01-02", asAnn: true)
      _ = try await eventually("the window is complete") {
        try await container.sh("systemctl --user show --value -p StatusText backfilld.service", asAnn: true).output
          == "w: complete\n"
          ? true : nil
      }
      let shown = try JSONDecoder().decode(
        ShownWindow.self, from: Data(try await container.must("backfillctl show w --json", asAnn: true).utf8))
      return Story(
        verified: try await container.sh(
          "systemd-analyze --user verify --man=no /usr/lib/systemd/user/backfilld.service", asAnn: true),
        enabled: try await container.must("systemctl --user is-enabled backfilld.service", asAnn: true),
        owner: try await container.must("ps -o user= -C backfilld"),
        files: try await container.must(
          "stat -c '%U %a' .local/state/backfilld/backfilld.db .local/state/backfilld", asAnn: true),
        status: try await container.must("backfillctl status", asAnn: true),
        dates: shown.dates.map { "\($0.date) \($0.state) \($0.verdict ?? "-")" },
        effects: try await container.lines(of: "/home/ann/steps/effects"),
        journal: try await container.journal("_SYSTEMD_USER_UNIT=backfilld.service BACKFILL_WINDOW=w").map(\.message),
        system: try await container.property("ActiveState"))
    }

    @Test func `systemd-analyze verify is silent`() {
      #expect(story.verified.output + story.verified.errors == "")
      #expect(story.verified.status == 0)
    }

    @Test func `it is enabled, and runs as her`() {
      #expect(story.enabled == "enabled\n")
      #expect(story.owner == "ann\n")
      #expect(story.system == "inactive")
    }

    @Test func `its ledger is in her state directory, which strangers cannot read`() {
      #expect(story.files == "ann 600\nann 750\n")
    }

    @Test func `backfillctl finds it without being told where`() {
      #expect(story.status.contains("ready, up since "))
    }

    @Test func `it goes on after a reboot, without a login`() {
      #expect(story.dates == (1...3).map { "2024-01-0\($0) done pass" })
      #expect(story.effects == (1...3).flatMap { ["2024-01-0\($0) load", "2024-01-0\($0) features"] })
    }

    @Test func `the journal has it under her unit`() {
      #expect(story.journal.contains("w 2024-01-01 done (pass)"))
      #expect(story.journal.contains("w is complete: every date is done or skipped"))
    }
  }

  /// Root, a member of the group, and somebody else at the socket.
  @Suite struct PeerTests {
    private struct Story {
      let stranger: Outcome
      let strangerRaw: Outcome
      let operatorLooks: Outcome
      let operatorActs: Outcome
      let pausedBy: [String]
      let widenedLooks: Outcome
      let widenedActs: [String: Outcome]
      let root: Outcome
      let state: String
    }

    private static let acts = [
      "backfillctl pause w", "backfillctl resume w --now", "backfillctl run w --date 2024-01-02", "backfillctl reload",
      "backfillctl skip w 2024-01-02 --reason because",
    ]

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static func tell() async throws -> Story {
      let container = try await Container.installed("peers")
      try await container.write(Steps.gated, to: "/srv/steps/step", mode: 0o755)
      try await container.write(Steps.window("03"), to: "/etc/backfilld/windows.d/w.yaml")
      try await container.must("useradd stranger; useradd --groups backfilld olga; systemctl restart backfilld.service")
      let stranger = try await container.sh("backfillctl status", as: "stranger")
      let strangerRaw = try await container.sh("ls -l /var/lib/backfilld /run/backfilld/control.sock", as: "stranger")
      let looks = try await container.sh("backfillctl status w", as: "olga")
      let acts = try await container.sh("backfillctl pause w --reason 'the store is moved'", as: "olga")
      let pausedBy = try await container.journal("BACKFILL_EVENT=window-paused").map(\.message)
      try await container.must("chmod 0666 /run/backfilld/control.sock; chmod 0755 /run/backfilld")
      let widenedLooks = try await container.sh("backfillctl status w", as: "stranger")
      var widenedActs: [String: Outcome] = [:]
      for act in Self.acts { widenedActs[act] = try await container.sh(act, as: "stranger") }
      let state = try await container.shown("w").state
      return Story(
        stranger: stranger, strangerRaw: strangerRaw, operatorLooks: looks, operatorActs: acts, pausedBy: pausedBy,
        widenedLooks: widenedLooks, widenedActs: widenedActs, root: try await container.sh("backfillctl resume w"),
        state: state)
    }

    @Test func `a stranger is refused, and told what would help`() {
      #expect(story.stranger.status == 3)
      #expect(story.stranger.output == "")
      #expect(story.stranger.errors.contains("permission denied"))
      #expect(story.stranger.errors.contains("group `backfilld`"))
    }

    @Test func `a stranger cannot look into the state directory`() {
      #expect(story.strangerRaw.errors.contains("/var/lib/backfilld': Permission denied"))
    }

    @Test func `a member of the group looks and acts, and the journal names her`() {
      #expect(story.operatorLooks.status == 0)
      #expect(story.operatorActs.status == 0)
      #expect(story.pausedBy == ["w paused by olga: the store is moved; next: backfillctl resume w"])
    }

    @Test func `where the socket was opened to all, a stranger may look`() {
      #expect(story.widenedLooks.status == 0, "\(story.widenedLooks)")
    }

    @Test(arguments: acts) func `where the socket was opened to all, a stranger still may not act`(command: String)
      throws
    {
      let outcome = try #require(story.widenedActs[command])
      #expect(outcome.status == 1, "\(outcome)")
      #expect(outcome.errors.contains("stranger"))
      #expect(outcome.errors.contains("group `backfilld`"))
    }

    @Test func `root may act`() {
      #expect(story.state == "paused", "the stranger has changed nothing")
      #expect(story.root.status == 0)
    }
  }
}

extension Container {
  /// Runs `script` as `ann`, in her home folder, as in a session of hers; it must succeed.
  @discardableResult
  fileprivate func must(_ script: String, asAnn: Bool) async throws -> String {
    let outcome = try await sh(script, asAnn: asAnn)
    guard outcome.status == 0 else {
      throw Unexpected("`\(script)` ended with \(outcome.status): \(outcome.output)\(outcome.errors)")
    }
    return outcome.output
  }

  fileprivate func sh(_ script: String, asAnn: Bool) async throws -> Outcome {
    try await sh("export HOME=/home/ann XDG_RUNTIME_DIR=/run/user/$(id -u); cd && \(script)", as: "ann")
  }
}
