import Foundation
import Testing

extension Booted {
  /// A firing by the real clock, in a zone other than the machine's, and what the journal has of it.
  @Suite struct NightTests {
    /// The one date whose rows are missing stops the window.
    private static let step = """
      #!/bin/sh
      echo "$BACKFILL_STEP looks at $BACKFILL_DATE"
      echo "nothing to be afraid of" >&2
      records=30
      if [ "$BACKFILL_DATE $BACKFILL_STEP" = "2024-01-03 features" ]; then records=0; fi
      echo "{\\"attempted\\": 30, \\"records\\": $records}" > "$BACKFILL_REPORT"
      """

    private struct Story {
      let nominal: Double
      let all: [JournalLine]
      let warnings: [String]
      let state: String
      let dates: [String]
      let byField: [String: [JournalLine]]
      let oneDate: [JournalLine]
      let underItsName: [JournalLine]
      let explained: String
      let catalogued: [String: String]
      let status: String
    }

    /// What may be asked for, and an answer that there must be.
    private static let fields = [
      "BACKFILL_WINDOW=nightly", "BACKFILL_DATE=2024-01-02", "BACKFILL_STEP=features", "BACKFILL_ATTEMPT=1",
      "BACKFILL_CHUNK=1", "BACKFILL_VERDICT=anomaly", "BACKFILL_EVENT=date-done",
    ]

    private static let run = Task { try await tell() }
    private let story: Story

    init() async throws {
      story = try await Self.run.value
    }

    private static func tell() async throws -> Story {
      let container = try await Container.installed("night")
      try await container.write(step, to: "/srv/steps/step", mode: 0o755)
      // The next whole minute that is far enough away for the daemon to start.
      let nominal = ((Date.now.timeIntervalSince1970 + 15) / 60).rounded(.up) * 60
      let minute = try await container.must("TZ=America/New_York date -d @\(Int(nominal)) '+%M %H'").trimmingCharacters(
        in: .newlines)
      try await container.write(
        """
        dates: {from: 2024-01-01, to: 2024-01-10}
        schedule: {when: "\(minute) * * *", timezone: America/New_York, chunk: 5}
        steps:
          load: {command: [/srv/steps/step], expect: {records: 30}}
          features: {after: [load], command: [/srv/steps/step], expect: {records: ">= 1"}}
        """, to: "/etc/backfilld/windows.d/nightly.yaml")
      try await container.must("systemctl restart backfilld.service")
      try await container.journal("BACKFILL_EVENT=window-paused", shows: "nightly paused", within: .seconds(120))
      var byField: [String: [JournalLine]] = [:]
      for field in fields { byField[field] = try await container.journal(field) }
      let all = try await container.journal("BACKFILL_WINDOW=nightly")
      var catalogued: [String: String] = [:]
      for (event, id) in Set(
        all.compactMap { line in line["BACKFILL_EVENT"].flatMap { event in line["MESSAGE_ID"].map { [event, $0] } } }
      )
      .map({ ($0[0], $0[1]) }) {
        catalogued[event] = try await container.sh("journalctl --dump-catalog \(id)").output
      }
      let shown = try await container.shown("nightly")
      return Story(
        nominal: nominal, all: all,
        warnings: try await container.must("journalctl -u backfilld -p warning -o cat").split(separator: "\n").map(
          String.init),
        state: shown.state, dates: shown.dates.prefix(4).map { "\($0.date) \($0.state) \($0.verdict ?? "-")" },
        byField: byField, oneDate: try await container.journal("BACKFILL_WINDOW=nightly BACKFILL_DATE=2024-01-02"),
        underItsName: try await container.journal("--identifier=load"),
        explained: try await container.must("journalctl -x -u backfilld BACKFILL_EVENT=window-paused"),
        catalogued: catalogued, status: try await container.property("StatusText"))
    }

    private func event(_ name: String) throws -> JournalLine {
      try #require(story.all.first { $0["BACKFILL_EVENT"] == name }, "\(name)")
    }

    @Test func `the window fires at its minute, in its zone`() throws {
      let opened = try event("activation-opened")
      let nominal = Date(timeIntervalSince1970: story.nominal).ISO8601Format()
      #expect(
        opened.message.hasPrefix("nightly chunk 1 opened by its schedule, firing of \(nominal), at most 5 dates, "))
      #expect(opened.second >= story.nominal)
      #expect(opened.second < story.nominal + 10)
    }

    @Test func `its steps run, and each date is checkpointed`() {
      #expect(
        story.dates == [
          "2024-01-01 done pass", "2024-01-02 done pass", "2024-01-03 held anomaly", "2024-01-04 pending -",
        ])
    }

    @Test func `an anomaly pauses it, and STATUS says so`() {
      #expect(story.state == "paused")
      #expect(story.status.hasPrefix("nightly: 2 of 10 done, 1 held, paused"))
    }

    @Test(arguments: fields) func `the journal is found by each field`(field: String) throws {
      let name = String(field.prefix { $0 != "=" })
      let lines = try #require(story.byField[field])
      #expect(!lines.isEmpty)
      #expect(lines.allSatisfy { "\(name)=\($0[name] ?? "")" == field })
    }

    @Test func `one date is found, with its output`() {
      #expect(story.oneDate.allSatisfy { $0["BACKFILL_DATE"] == "2024-01-02" })
      let messages = story.oneDate.map(\.message)
      #expect(messages.contains("load looks at 2024-01-02"))
      #expect(messages.contains("nightly 2024-01-02 done (pass)"))
    }

    @Test func `a step's output is under its name, with the date, the step and the attempt`() {
      #expect(
        Set(story.underItsName.map(\.message))
          == Set(["nothing to be afraid of"] + (1...3).map { "load looks at 2024-01-0\($0)" }))
      #expect(story.underItsName.allSatisfy { $0["BACKFILL_STEP"] == "load" && $0["BACKFILL_ATTEMPT"] == "1" })
    }

    @Test func `the warnings of the unit are what a person must look at`() {
      let beginnings = [
        "nightly 2024-01-03 features", "nightly 2024-01-03 held: ", "nightly paused: 2024-01-03 features",
      ]
      #expect(story.warnings.count == 3, "\(story.warnings)")
      for (line, beginning) in zip(story.warnings, beginnings) { #expect(line.hasPrefix(beginning)) }
    }

    @Test func `journalctl -x explains the pause and says what to do`() {
      #expect(story.explained.contains("\n░░ Subject: "))
      #expect(
        story.explained.contains("backfillctl show nightly 2024-01-03") || story.explained.contains("backfillctl show"))
    }

    @Test func `every kind of event that was seen has a text in the catalog`() {
      #expect(story.catalogued.count >= 6)
      for (event, text) in story.catalogued { #expect(text.contains("Subject: "), "\(event)") }
    }
  }
}
