import Testing

extension Booted {
  /// A state directory on a small file system of its own that becomes full while a step runs.
  @Suite struct FullDiskTests {
    private struct Story {
      let fullStatus: String
      let fullState: String
      let startsWhileFull: [String]
      let runWhileFull: Outcome
      let afterFull: [String: String]
      let dates: [String]
      let effects: [String]
      let messages: [String]
      let errors: [String]
      let integrity: String
      let pids: [String]
    }

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static func tell() async throws -> Story {
      let container = try await Container.installed("full")
      try await container.write(Steps.gated, to: "/srv/steps/step", mode: 0o755)
      try await container.write(Steps.window("05"), to: "/etc/backfilld/windows.d/w.yaml")
      try await container.must(
        """
        systemctl stop backfilld.service
        mount -t tmpfs -o size=4m,mode=0750,uid=$(id -u backfilld),gid=$(id -g backfilld) state /var/lib/backfilld
        touch /srv/steps/gate-2024-01-02 /srv/steps/gate-2024-01-04
        systemctl start backfilld.service
        backfillctl resume w --now
        """)
      // Full while a step runs: its end cannot be written down.
      try await container.starts(of: "2024-01-02 features", count: 1)
      let pid = try await container.property("MainPID")
      try await container.must(
        "dd if=/dev/zero of=/var/lib/backfilld/filler bs=4k 2>/dev/null; test -s /var/lib/backfilld/filler; rm /srv/steps/gate-2024-01-02"
      )
      let fullStatus = try await container.status(showing: "degraded")
      let fullState = try await container.must("backfillctl status")
      let runWhileFull = try await container.sh("backfillctl run w --date 2024-01-05")
      let startsWhileFull = try await container.lines(of: "/srv/steps/starts")
      try await container.must("rm /var/lib/backfilld/filler")
      try await container.starts(of: "2024-01-04 features", count: 1)
      let afterFull = try await container.properties(["ActiveState", "NRestarts", "StatusText"])
      let pidAfterFull = try await container.property("MainPID")

      try await container.must("rm /srv/steps/gate-2024-01-04")
      try await container.status(showing: "w: complete")
      return Story(
        fullStatus: fullStatus, fullState: fullState, startsWhileFull: startsWhileFull, runWhileFull: runWhileFull,
        afterFull: afterFull,
        dates: try await container.dates(of: "w"), effects: try await container.lines(of: "/srv/steps/effects"),
        messages: try await container.journal("_SYSTEMD_UNIT=backfilld.service").map(\.message),
        errors: try await container.journal("_SYSTEMD_UNIT=backfilld.service --priority=err").map(\.message),
        integrity: try await container.ledger("PRAGMA integrity_check").joined(), pids: [pid, pidAfterFull])
    }

    @Test func `STATUS has the reason`() {
      #expect(story.fullStatus.hasPrefix("degraded, no new date starts: "))
      #expect(story.fullStatus.contains("full"))
    }

    @Test func `the journal has the reason, as an error`() {
      #expect(
        story.errors.contains {
          $0.hasPrefix("the ledger cannot be written, no new date starts until it can: ") && $0.contains("full")
        })
    }

    @Test func `backfillctl status has the reason`() {
      #expect(story.fullState.contains("degraded"))
    }

    @Test func `no new date starts, asked for or not`() {
      #expect(!story.startsWhileFull.contains { $0.hasPrefix("2024-01-03") || $0.hasPrefix("2024-01-05") })
      #expect(story.runWhileFull.status == 1, "\(story.runWhileFull)")
    }

    @Test func `it goes on by itself when there is room, in the same process`() {
      #expect(story.afterFull["ActiveState"] == "active")
      #expect(story.afterFull["NRestarts"] == "0")
      #expect(Set(story.pids).count == 1)
      #expect(story.messages.contains("the ledger can be written again, work goes on"))
    }

    @Test func `no date is lost, nothing was done twice, the ledger is whole`() {
      #expect(story.dates == (1...5).map { "2024-01-0\($0) done pass" })
      #expect(story.effects == (1...5).flatMap { ["2024-01-0\($0) load", "2024-01-0\($0) features"] })
      #expect(story.integrity == "ok")
    }
  }

  /// A state directory that is read-only when the daemon starts, as the kernel makes a damaged one.
  @Suite struct ReadOnlyTests {
    private struct Story {
      let start: Outcome
      let status: String
      let shown: String
      let starts: [String]
      let restarts: String
      let errors: [String]
      let dates: [String]
      let effects: [String]
    }

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static func tell() async throws -> Story {
      let container = try await Container.installed("read-only")
      try await container.write(Steps.gated, to: "/srv/steps/step", mode: 0o755)
      try await container.write(Steps.window("03"), to: "/etc/backfilld/windows.d/w.yaml")
      try await container.must(
        """
        systemctl stop backfilld.service
        mount -t tmpfs -o mode=0750,uid=$(id -u backfilld),gid=$(id -g backfilld) state /var/lib/backfilld
        touch /srv/steps/gate-2024-01-02
        systemctl start backfilld.service
        backfillctl resume w --now
        """)
      try await container.starts(of: "2024-01-02 features", count: 1)
      // As the kernel leaves it after an error: the file system is read-only, the mount is not. Of a mount that is read-only
      // itself the unit's mount namespace gets a copy, which stays so when the mount is changed.
      try await container.must(
        """
        systemctl stop backfilld.service
        mount -o remount,ro /var/lib/backfilld
        mount -o remount,bind,rw /var/lib/backfilld
        rm /srv/steps/gate-2024-01-02
        """)
      let start = try await container.sh("systemctl start backfilld.service")
      let status = try await container.status(showing: "degraded")
      let shown = try await container.sh("backfillctl status").output
      let starts = try await container.lines(of: "/srv/steps/starts")
      try await container.must("mount -o remount,rw /var/lib/backfilld")
      try await container.status(showing: "w: complete")
      return Story(
        start: start, status: status, shown: shown, starts: starts,
        restarts: try await container.property("NRestarts"),
        errors: try await container.journal("_SYSTEMD_UNIT=backfilld.service --priority=err").map(\.message),
        dates: try await container.dates(of: "w"), effects: try await container.lines(of: "/srv/steps/effects"))
    }

    @Test func `it starts, and STATUS, backfillctl and the journal say why nothing runs`() {
      #expect(story.start.status == 0, "\(story.start)")
      #expect(story.status.hasPrefix("degraded, no new date starts: "))
      #expect(story.status.contains("Read-only file system"), "\(story.status)")
      #expect(story.shown.contains("Read-only file system"), "\(story.shown)")
      #expect(story.errors.contains { $0.contains("Read-only file system") }, "\(story.errors)")
    }

    @Test func `no date starts`() {
      #expect(story.starts.count == 4, "\(story.starts)")
    }

    @Test func `it goes on by itself, in the same process, when it can be written again`() {
      #expect(story.restarts == "0")
      #expect(story.dates == (1...3).map { "2024-01-0\($0) done pass" })
      #expect(story.effects == (1...3).flatMap { ["2024-01-0\($0) load", "2024-01-0\($0) features"] })
    }
  }
}
