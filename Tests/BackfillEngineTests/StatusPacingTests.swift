import BackfillCore
import BackfillTestKit
import Dispatch
import Testing

@testable import BackfillEngine

/// When the loop tells its status line.
@Suite struct StatusPacingTests {
  private let start = DispatchTime(uptimeNanoseconds: 1_000_000_000)
  /// A date of a chain has ended, the next one runs.
  private let progress = Message.dateEnded(
    window: "w", date: day("2024-01-01"), DateSummary(state: .done), next: (date: day("2024-01-02"), steps: ["load"]))
  /// The last date of a chain has ended.
  private let end = Message.dateEnded(window: "w", date: day("2024-01-02"), DateSummary(state: .done), next: nil)

  @Test func `progress is told at once, and what comes in the tenth of a second after it once at its end`() {
    var pacing = StatusPacing(told: nil)
    let first = pacing.turn(after: progress, at: start)
    let isFirstNews = pacing.tell("1 of 3 done", at: start)
    #expect(first == .now && isFirstNews)
    let later = start + .milliseconds(100)
    let second = pacing.turn(after: progress, at: start + .milliseconds(2))
    let third = pacing.turn(after: progress, at: start + .milliseconds(99))
    #expect(second == .at(later) && third == .not)
    let planned = pacing.turn(after: .tick, at: later)
    let isLastNews = pacing.tell("3 of 3 done", at: later)
    #expect(planned == .now && isLastNews)
  }

  @Test func `whatever is more than progress is told at once`() {
    var pacing = StatusPacing(told: "1 of 2 done")
    _ = pacing.tell("1 of 2 done", at: start)
    let ended = pacing.turn(after: end, at: start + .milliseconds(1))
    let isNews = pacing.tell("complete", at: start + .milliseconds(1))
    #expect(ended == .now && isNews)
    let paused = pacing.turn(
      after: .windowPaused(window: "w", reason: "x", by: "ada", at: Instant(milliseconds: 0)),
      at: start + .milliseconds(2))
    #expect(paused == .now)
  }

  @Test func `the same line is told once`() {
    var pacing = StatusPacing(told: nil)
    let isNews = pacing.tell("idle", at: start)
    let isNewsAgain = pacing.tell("idle", at: start + .seconds(1))
    #expect(isNews && !isNewsAgain)
  }
}
