import BackfillCore
import BackfillTestKit
import Testing

@testable import BackfillEngine

/// Thousands of windows on one timer.
@Suite(.timeLimit(.minutes(2))) struct ManyWindowsTests {
  /// 2,000 windows, each with a minute of its own in the night of 2013-06-02 and the next one.
  private func windows() throws -> [Window] {
    try (0..<2000).map { number in
      let (hour, minute) = (number / 60 % 24, number % 60)
      // After a day's 1,440 minutes, the same ones on the next day.
      let when = "\(minute) \(hour) \(number < 1440 ? 2 : 3) 6 *"
      return testWindow("w\(number)", schedule: Schedule(when: try CalendarExpression.parse(when), chunk: 1))
    }
  }

  @Test func `two thousand windows wait on one deadline, and an idle daemon gets no message`() async throws {
    let harness = try EngineHarness(at: "2013-06-01T12:00:00Z")
    let clock = harness.clock
    let midnight = try #require(Instant(iso: "2013-06-02T00:00:00Z"))
    try await harness.run(all: try windows()) { operations in
      _ = try await operations.status(of: "w0")
      while clock.waiting == 0 { await Task.yield() }
      #expect(clock.waiting == 1)
      #expect(clock.nextWake == midnight)
      // The loop reads the clock once for each message.
      let before = clock.readings
      clock.move(to: midnight - .milliseconds(1))
      _ = try await operations.status(of: "w0")
      #expect(clock.readings == before + 1)

      clock.move(to: midnight)
      await harness.waitForActivationEnds(1)
      _ = try await operations.status(of: "w0")
      while clock.nextWake != midnight + .seconds(60) { await Task.yield() }
      #expect(clock.waiting == 1)
      // Some ten messages for one date of one window, whatever the others are.
      #expect(clock.readings - before < 40)
    }
    #expect(harness.executor.orders.map(\.attempt.window) == ["w0"])
  }

  @Test func `a firing has its own window planned and no other`() throws {
    let now = Instant(seconds: 1_370_088_000)
    let runtimes = try windows().map { window in
      WindowRuntime(window: window, record: WindowRecord(window: window.name, since: now), dates: [:], now: now)
    }
    var state = EngineState(
      version: "test", startedAt: now,
      windows: Dictionary(uniqueKeysWithValues: runtimes.map { ($0.window.name, $0) }), rejected: [])
    _ = state.handle(.tick, at: now)
    let first = try #require(state.nextDeadline)
    // A window that nobody plans: it would fire if it were.
    state.windows["w1999"]?.nextFiring = now
    let effects = state.handle(.tick, at: first)
    #expect(
      effects.compactMap { if case .open(let request, _) = $0 { request.window } else { nil } } == ["w0"])
    #expect(state.nextDeadline == first + .seconds(60))
  }
}
