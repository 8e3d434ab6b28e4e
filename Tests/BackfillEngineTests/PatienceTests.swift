import BackfillCore
import BackfillTestKit
import Testing

@testable import BackfillEngine

/// What systemd is asked to wait for.
@Suite(.timeLimit(.minutes(1))) struct PatienceTests {
  @Test(arguments: [
    (0, [30, 10]), (1, [31, 11]), (60, [60, 60, 50, 30, 10]), (90, [60, 60, 60, 60, 40, 20]),
  ])
  func `a stop asks for the grace time and 30 seconds, never for more than a minute at once`(
    grace: Int, pieces: [Int]
  ) {
    var patience = StopPatience(grace: .seconds(grace))
    var asked: [Duration] = []
    while let piece = patience.next() { asked.append(piece) }
    #expect(asked == pieces.map { .seconds($0) })
  }

  @Test func `a stop goes on asking while a step ends`() async throws {
    let gate = Gate()
    let harness = try EngineHarness(
      ScriptedExecutor { _ in
        await gate.waitUntilCancelledOrOpen()
        return .ended(.stopped)
      })
    let extensions: @Sendable () -> [String] = { harness.notifier.heard.filter { $0.hasPrefix("EXTEND") } }
    async let clock: Void = {
      await gate.waitUntilReached()
      for count in 1...3 {
        await harness.notifier.wait { $0.count { $0.hasPrefix("EXTEND") } >= count }
        // The grace time and the next message.
        while harness.clock.waiting < 2 { await Task.yield() }
        harness.clock.advance(by: .seconds(20))
      }
    }()
    try await harness.run(testWindow()) { operations in
      let one = [DateRange(from: day("2013-02-01"), to: day("2013-02-01"))]
      _ = try await operations.run(RunRequest(window: "w", dates: one), by: "ann")
      await gate.waitUntilReached()
    }
    await clock
    #expect(Array(extensions().prefix(3)) == ["EXTEND 1m", "EXTEND 1m", "EXTEND 50s"])
  }

  @Test func `a start that takes long asks for a minute every 20 seconds, and no more when it is over`() async {
    let notifier = NotifierRecorder()
    let clock = ManualClock(iso: "2013-06-01T12:00:00Z")
    let gate = Gate()
    let patience = StartPatience(notifier: notifier, clock: clock) { await gate.waitUntilCancelledOrOpen() }
    async let over: Void = patience.run()
    for count in 1...3 {
      while clock.waiting == 0 { await Task.yield() }
      #expect(notifier.heard.count == count - 1)
      clock.advance(by: .seconds(20))
      await notifier.wait { $0.count == count }
    }
    gate.open()
    await over
    #expect(notifier.heard == ["EXTEND 1m", "EXTEND 1m", "EXTEND 1m"])
    #expect(clock.waiting == 0)
  }

  @Test func `a start that hangs asks for an hour and no more`() async {
    let notifier = NotifierRecorder()
    let clock = ManualClock(iso: "2013-06-01T12:00:00Z")
    let gate = Gate()
    let patience = StartPatience(notifier: notifier, clock: clock) { await gate.waitUntilCancelledOrOpen() }
    async let over: Void = patience.run()
    for count in 1...180 {
      while clock.waiting == 0 { await Task.yield() }
      clock.advance(by: .seconds(20))
      await notifier.wait { $0.count == count }
    }
    for _ in 0..<100 { await Task.yield() }
    #expect(clock.waiting == 0)
    gate.open()
    await over
    #expect(notifier.heard.count == 180)
  }
}
