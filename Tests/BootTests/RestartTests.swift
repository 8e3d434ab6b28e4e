import Foundation
import Testing

extension Booted {
  /// A daemon that is killed in the middle of a step, and later one that hangs.
  @Suite struct RestartTests {
    /// As `Steps.gated`, with processes that nobody wants to see again: it ignores SIGTERM, and so does its child,
    /// which has a session of its own.
    private static let stubborn = Steps.gated.replacing(
      "cd /srv/steps || exit 1\n",
      with: """
        cd /srv/steps || exit 1
        trap '' TERM
        if [ -e "gate-$BACKFILL_DATE" ]; then setsid sleep 100000 & echo "$! $$" >> pids; fi

        """)

    private struct Story {
      let dates: [String]
      let effects: [String]
      let restarts: [String]
      let leftAfterKill: String
      let leftAfterHang: String
      let systemd: [String]
      let messages: [String]
      let interruptions: [String]
      let result: String
    }

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static func tell() async throws -> Story {
      let container = try await Container.installed("restart")
      try await container.write(stubborn, to: "/srv/steps/step", mode: 0o755)
      try await container.write(Steps.window("05"), to: "/etc/backfilld/windows.d/w.yaml")
      try await container.write("[Service]\nWatchdogSec=6s\n", to: "/etc/systemd/system/backfilld.service.d/dog.conf")
      try await container.must(
        """
        touch /srv/steps/gate-2024-01-02 /srv/steps/gate-2024-01-04
        systemctl daemon-reload
        systemctl restart backfilld.service
        backfillctl resume w --now
        """)
      try await container.starts(of: "2024-01-02 features", count: 1)
      let leftAfterKill = try await left(after: "KILL", sentTo: container, step: "2024-01-02 features")
      let killed = try await container.property("NRestarts")
      try await container.must("rm /srv/steps/gate-2024-01-02")
      try await container.starts(of: "2024-01-04 features", count: 1)
      let leftAfterHang = try await left(after: "STOP", sentTo: container, step: "2024-01-04 features")
      let hung = try await container.property("NRestarts")
      try await container.must("rm /srv/steps/gate-2024-01-04")
      try await container.status(showing: "w: complete")
      return Story(
        dates: try await container.dates(of: "w"), effects: try await container.lines(of: "/srv/steps/effects"),
        restarts: [killed, hung], leftAfterKill: leftAfterKill, leftAfterHang: leftAfterHang,
        systemd: try await container.journal("_PID=1 UNIT=backfilld.service").map(\.message),
        messages: try await container.journal("_SYSTEMD_UNIT=backfilld.service").map(\.message),
        interruptions: try await container.ledger(
          "SELECT s.date, s.step, a.executions FROM steps s JOIN attempts a USING (step, date) WHERE a.executions > 1 "
            + "ORDER BY 1"),
        result: try await container.property("ActiveState"))
    }

    /// Sends a signal to the daemon, waits until the step is executed again; returns which processes of its first
    /// execution are there still.
    private static func left(after signal: String, sentTo container: Container, step: String) async throws -> String {
      let pids = try await container.must("tail -n 1 /srv/steps/pids").trimmingCharacters(in: .newlines)
      try await container.must("kill -0 \(pids)")
      try await container.must("systemctl kill --signal=\(signal) --kill-whom=main backfilld.service")
      try await container.starts(of: step, count: 2)
      return try await container.must("for pid in \(pids); do if kill -0 $pid 2>/dev/null; then echo $pid; fi; done")
    }

    @Test func `systemd starts it again, once after the kill and once after the hang`() {
      #expect(story.restarts == ["1", "2"])
      #expect(story.result == "active")
    }

    @Test func `the watchdog finds a daemon that hangs`() {
      #expect(story.systemd.contains { $0.hasPrefix("backfilld.service: Watchdog timeout (limit 6s)!") })
      #expect(story.systemd.contains("backfilld.service: Main process exited, code=killed, status=9/KILL"))
    }

    @Test func `no process of the step is left when it is executed again`() {
      #expect(story.leftAfterKill == "")
      #expect(story.leftAfterHang == "")
    }

    @Test func `every date is done, and nothing was done twice`() {
      #expect(story.dates == (1...5).map { "2024-01-0\($0) done pass" })
      #expect(story.effects == (1...5).flatMap { ["2024-01-0\($0) load", "2024-01-0\($0) features"] })
    }

    @Test func `both deaths are told as interruptions`() {
      #expect(story.interruptions == ["2024-01-02|features|2", "2024-01-04|features|2"])
      let told = story.messages.filter { $0.contains("was interrupted") }.map { $0.prefix(21) }
      #expect(told == ["w 2024-01-02 features", "w 2024-01-04 features"])
    }
  }
}
