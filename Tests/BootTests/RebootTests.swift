import Testing

extension Booted {
  /// A reboot in the middle of a step, later a power cut in the middle of another one.
  @Suite struct RebootTests {
    private struct Story {
      let dates: [String]
      let effects: [String]
      let starts: [String]
      let isEnabled: String
      /// The messages of each boot, oldest first.
      let boots: [[String]]
      let interruptions: [String]
      let integrity: String
    }

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static func tell() async throws -> Story {
      let container = try await Container.installed("reboot")
      try await container.write(Steps.gated, to: "/srv/steps/step", mode: 0o755)
      try await container.write(Steps.window("05"), to: "/etc/backfilld/windows.d/w.yaml")
      try await container.must(
        """
        touch /srv/steps/gate-2024-01-02 /srv/steps/gate-2024-01-04
        systemctl enable backfilld.service
        systemctl restart backfilld.service
        backfillctl resume w --now
        """)
      try await container.starts(of: "2024-01-02 features", count: 1)
      try await container.reboot()
      try await container.goOn(after: "2024-01-02 features")
      try await container.starts(of: "2024-01-04 features", count: 1)
      // What the journal was told a moment before a power cut it is told again: this one comes later.
      _ = try await eventually("the outbox is empty") {
        try await container.ledger("SELECT count(*) FROM outbox WHERE event IS NOT NULL") == ["0"] ? true : nil
      }
      try container.cutPower()
      try await container.boot()
      try await container.goOn(after: "2024-01-04 features")
      try await container.status(showing: "w: complete")
      let boots = try await [-2, -1, 0].asyncMap { boot in
        try await container.journal("--boot=\(boot) _SYSTEMD_UNIT=backfilld.service").map(\.message)
      }
      return Story(
        dates: try await container.dates(of: "w"), effects: try await container.lines(of: "/srv/steps/effects"),
        starts: try await container.lines(of: "/srv/steps/starts"),
        isEnabled: try await container.must("systemctl is-enabled backfilld.service"), boots: boots,
        interruptions: try await container.ledger(
          "SELECT s.date, s.step, a.executions, s.interruptions FROM steps s JOIN attempts a USING (step, date) "
            + "WHERE a.executions > 1 ORDER BY 1"),
        integrity: try await container.ledger("PRAGMA integrity_check").joined())
    }

    @Test func `no date is lost`() {
      #expect(story.dates == (1...5).map { "2024-01-0\($0) done pass" })
    }

    @Test func `nothing was done twice`() {
      #expect(story.effects == (1...5).flatMap { ["2024-01-0\($0) load", "2024-01-0\($0) features"] })
    }

    @Test func `only the steps that were cut were executed again, under the same run id`() {
      let counts = Dictionary(grouping: story.starts) { $0 }.mapValues(\.count)
      #expect(Set(story.starts.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }).count == 10)
      #expect(counts.count == 10, "a run id for each step of each date")
      let again = counts.filter { $0.value > 1 }.keys.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
      #expect(again.sorted() == ["2024-01-02 features", "2024-01-04 features"])
      #expect(counts.values.allSatisfy { $0 <= 2 })
    }

    @Test func `the journal before the reboot ends with an orderly stop`() throws {
      #expect(story.boots[0].contains("w 2024-01-02 features was stopped, attempt 1 is executed again later"))
      #expect(story.boots[0].contains("backfilld stops: no new steps start, running ones are given time to end"))
    }

    @Test func `the reboot counts as no interruption`() {
      #expect(!story.boots[1].contains { $0.contains("was interrupted") })
    }

    @Test func `the journal before the power cut ends in the middle`() {
      #expect(story.boots[1].contains("w 2024-01-03 done (pass)"))
      #expect(!story.boots[1].contains { $0.hasPrefix("backfilld stops") })
    }

    @Test func `the journal after the power cut begins with the interruption`() {
      let cut = "w 2024-01-04 features was interrupted, backfilld or the machine died; attempt 1 is executed again"
      #expect(story.boots[2].contains(cut))
      #expect(story.boots[2].contains("w is complete: every date is done or skipped"))
    }

    @Test func `each date is told as done once`() {
      let done = story.boots.joined().filter { $0.hasSuffix(" done (pass)") }
      #expect(done.sorted() == (1...5).map { "w 2024-01-0\($0) done (pass)" })
    }

    @Test func `the ledger has the executions and is whole`() {
      #expect(story.interruptions == ["2024-01-02|features|2|0", "2024-01-04|features|2|0"])
      #expect(story.integrity == "ok")
    }
  }
}

extension Container {
  /// Waits until `step`, as `DATE STEP`, was started so often.
  func starts(of step: String, count: Int) async throws {
    _ = try await eventually("\(step) is started \(count) times") {
      let lines = try await lines(of: "/srv/steps/starts").filter { $0.hasPrefix(step + " ") }
      return lines.count >= count ? true : nil
    }
  }

  /// Waits until the daemon executes `step`, as `DATE STEP`, a second time by itself, and opens the gate of its date.
  func goOn(after step: String) async throws {
    try await starts(of: step, count: 2)
    try await must("rm /srv/steps/gate-\(step.prefix(10))")
  }

  /// The rows that the ledger has for `query`.
  func ledger(_ query: String) async throws -> [String] {
    try await must("sqlite3 -readonly /var/lib/backfilld/backfilld.db \"\(query)\"").split(separator: "\n").map(
      String.init)
  }
}

extension Sequence {
  func asyncMap<Result>(_ change: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await change(element)) }
    return results
  }
}
