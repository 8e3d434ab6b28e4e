import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// Weeks of nights, those of the clock changes among them, in seconds.
@Suite(.timeLimit(.minutes(1))) struct NightsTests {
  /// So many nights from the firing `first` on, `STAMP` at so many hours and minutes of UTC.
  struct Weeks: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let when: String
    let start: String
    /// `FROM TO CLOCK`: each day from FROM to TO (both included) at CLOCK of UTC.
    let stretches: [(from: String, to: String, clock: String)]

    var instants: [Instant] {
      stretches.flatMap { stretch in
        (day(stretch.from).daysSinceEpoch...day(stretch.to).daysSinceEpoch).compactMap { number in
          Instant(iso: "\(CivilDate(daysSinceEpoch: number))T\(stretch.clock):00Z")
        }
      }
    }
  }

  static let weeks = [
    // 2026-03-08: the clock goes from 02:00 to 03:00. Cron fires when the gap ends, OnCalendar not at all.
    Weeks(
      testDescription: "cron, spring", when: "30 2 * * *", start: "2026-02-21T12:00:00Z",
      stretches: [
        ("2026-02-22", "2026-03-07", "07:30"), ("2026-03-08", "2026-03-08", "07:00"),
        ("2026-03-09", "2026-03-22", "06:30"),
      ]),
    Weeks(
      testDescription: "OnCalendar, spring", when: "*-*-* 02:30", start: "2026-02-21T12:00:00Z",
      stretches: [("2026-02-22", "2026-03-07", "07:30"), ("2026-03-09", "2026-03-22", "06:30")]),
    // 2026-11-01: the clock goes from 02:00 back to 01:00, and 01:30 comes twice.
    Weeks(
      testDescription: "cron, autumn", when: "30 1 * * *", start: "2026-10-17T12:00:00Z",
      stretches: [("2026-10-18", "2026-11-01", "05:30"), ("2026-11-02", "2026-11-15", "06:30")]),
    Weeks(
      testDescription: "OnCalendar, autumn", when: "*-*-* 01:30", start: "2026-10-17T12:00:00Z",
      stretches: [("2026-10-18", "2026-11-01", "05:30"), ("2026-11-02", "2026-11-15", "06:30")]),
  ]

  @Test(arguments: weeks)
  func `each night of four weeks fires once, at the instant of the calendar`(_ weeks: Weeks) async throws {
    let zone = try Zone(
      name: "America/New_York",
      tzif: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/America/New_York"))))
    let window = Window(
      name: "w", dates: DateSelection(from: day("2025-01-01"), to: day("2025-12-31")),
      schedule: Schedule(when: try CalendarExpression.parse(weeks.when), chunk: 1), zone: zone,
      steps: [Step(name: "load", command: ["load"])], definitionHash: "d1")
    let harness = try EngineHarness(at: weeks.start)
    let clock = harness.clock
    let expected = weeks.instants
    try await harness.run(window) { operations in
      _ = try await operations.status(of: nil)
      for (night, instant) in expected.enumerated() {
        // Nothing comes before its time, half an hour at a time: the second 01:30 of a night neither.
        while clock.now() + .seconds(1800) < instant {
          clock.advance(by: .seconds(1800))
          _ = try await operations.status(of: nil)
        }
        clock.move(to: instant - .milliseconds(1))
        let next = try await operations.status(of: nil).windows.first?.next
        #expect(next == instant)
        clock.move(to: instant)
        await harness.waitForActivationEnds(night + 1)
      }
    }
    let opened = harness.recorder.events.compactMap { event in
      if case .activationOpened(let activation) = event { activation.nominal } else { nil }
    }
    #expect(opened == expected)
    #expect(harness.executor.orders.count == expected.count)
  }
}
