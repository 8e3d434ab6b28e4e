import BackfillCore
import Foundation
import Testing

@testable import BackfillHost

@Suite(.timeLimit(.minutes(1)))
struct SystemClockTests {
  /// Far enough that only the test itself ends the wait.
  private let farAway = Duration.seconds(100_000)

  /// Runs `body` in a task, and returns it when it waits on `clock`.
  private func waiting<Result: Sendable>(
    on clock: SystemClock, _ body: @escaping @Sendable () async throws -> Result
  ) async -> Task<Result, any Error> {
    let before = clock.waiting
    let task = Task { try await body() }
    while clock.waiting == before { await Task.yield() }
    return task
  }

  @Test func `now is the wall clock`() throws {
    let clock = try SystemClock()
    let before = Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    let now = clock.now()
    let after = Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.up)))
    #expect(before <= now)
    #expect(now <= after)
  }

  @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min / 2)])
  func `a wait for no time ends at once`(duration: Duration) async throws {
    let clock = try SystemClock()
    try await clock.wait(for: duration)
    #expect(clock.waiting == 0)
  }

  @Test func `a wait for a duration does not end before it has passed`() async throws {
    let clock = try SystemClock()
    let start = ContinuousClock.now
    try await clock.wait(for: .milliseconds(5))
    #expect(ContinuousClock.now - start >= .milliseconds(5))
  }

  @Test(arguments: [Int64.min, -1, 0, 1_360_303_200_000])
  func `a wait until an instant of the past is reached at once`(milliseconds: Int64) async throws {
    let clock = try SystemClock()
    #expect(try await clock.wait(until: Instant(milliseconds: milliseconds)) == .reached)
  }

  @Test func `a wait until an instant ends when the wall clock shows it`() async throws {
    let clock = try SystemClock()
    let instant = clock.now() + .milliseconds(5)
    #expect(try await clock.wait(until: instant) == .reached)
    #expect(clock.now() >= instant)
  }

  @Test func `waits end in the order of their deadlines`() async throws {
    let clock = try SystemClock()
    let order = await withTaskGroup(of: Int.self) { group in
      for milliseconds in [30, 10, 20] {
        group.addTask {
          do { try await clock.wait(for: .milliseconds(milliseconds)) } catch { return -1 }
          return milliseconds
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(order == [10, 20, 30])
  }

  @Test func `a nearer wait ends although a farther one was there before it`() async throws {
    let clock = try SystemClock()
    let farAway = farAway
    let far = await waiting(on: clock) { try await clock.wait(for: farAway) }
    try await clock.wait(for: .milliseconds(1))
    #expect(clock.waiting == 1)
    far.cancel()
    await #expect(throws: CancellationError.self) { try await far.value }
  }

  @Test func `a cancelled wait throws and is forgotten at once`() async throws {
    let clock = try SystemClock()
    let farAway = farAway
    let task = await waiting(on: clock) { try await clock.wait(for: farAway) }
    task.cancel()
    #expect(clock.waiting == 0)
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `a wait of a task that is cancelled already throws`() async throws {
    let clock = try SystemClock()
    let farAway = farAway
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await clock.wait(until: clock.now() + farAway)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(clock.waiting == 0)
  }

  @Test func `a clock that is set ends the waits for instants and leaves those for durations`() async throws {
    let clock = try SystemClock()
    let farAway = farAway
    let instant = await waiting(on: clock) { try await clock.wait(until: clock.now() + farAway) }
    let duration = await waiting(on: clock) { try await clock.wait(for: farAway) }
    clock.clockWasSet()
    #expect(try await instant.value == .clockWasSet)
    #expect(clock.waiting == 1)
    duration.cancel()
    await #expect(throws: CancellationError.self) { try await duration.value }
  }

  @Test func `a wait for ever can be made and cancelled`() async throws {
    let clock = try SystemClock()
    let task = await waiting(on: clock) { try await clock.wait(for: .seconds(Int64.max)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `ten thousand waits that are cancelled leave nothing behind`() async throws {
    let clock = try SystemClock()
    let farAway = farAway
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<10_000 {
        group.addTask {
          await #expect(throws: CancellationError.self) { try await clock.wait(for: farAway) }
        }
      }
      group.cancelAll()
    }
    #expect(clock.waiting == 0)
  }

  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["BACKFILL_TEST_SETS_CLOCK"] == "1", "sets the machine's clock"))
  func `setting the clock of the machine ends a wait for an instant`() async throws {
    let clock = try SystemClock()
    let farAway = farAway
    let task = await waiting(on: clock) { try await clock.wait(until: clock.now() + farAway) }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    #expect(clock_settime(CLOCK_REALTIME, &now) == 0)
    #expect(try await task.value == .clockWasSet)
  }
}
