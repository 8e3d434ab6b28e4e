import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// What must be true of a window over which the daemon was killed again and again. One run, looked at from all sides.
///
/// `BACKFILLD_CRASH_SEED` in the environment gives other random instants.
@Suite(.timeLimit(.minutes(3)))
struct CrashTests {
  private static let run = Task {
    let seed = ProcessInfo.processInfo.environment["BACKFILLD_CRASH_SEED"].flatMap { UInt64($0) } ?? 2013
    do {
      return try await CrashRun.story(seed: seed)
    } catch {
      throw BrokenOff(seed: seed, why: "\(error)")
    }
  }

  /// The run came to no end: a failure of each test, where an expectation that failed would count for the first one only.
  private struct BrokenOff: Error {
    let seed: UInt64
    let why: String
  }

  private let story: CrashStory

  init() async throws {
    story = try await Self.run.value
  }

  @Test func `the daemon was killed at least 40 times, at every fault point and at random instants`() {
    #expect(story.kills.values.reduce(0, +) >= 40)
    #expect(Set(story.kills.keys) == Set(FaultPoint.allCases.map(\.rawValue) + ["at random"]))
    print("kills: \(story.kills.values.reduce(0, +)), \(story.kills.sorted { $0.key < $1.key })")
  }

  @Test func `every date is done`() {
    #expect(story.dates == CrashWindow.dates.map { "\($0) done pass" })
  }

  @Test func `every step of every date was done by its first attempt, and by no other`() {
    let expected = CrashWindow.dates.flatMap { date in CrashWindow.steps.sorted().map { "\(date) \($0) 1 done" } }
    #expect(story.attempts.map { "\($0.date) \($0.step) \($0.number) \($0.state)" } == expected)
    #expect(Set(story.attempts.map(\.ending)) == ["exit status 0"])
  }

  @Test func `no execution of a step found another one alive, its step done, unclaimed or too early`() {
    #expect(story.log.filter { $0.first != "started" } == [], "\(story.problems)")
  }

  @Test func `the report of every step is the one of its date`() {
    for attempt in story.attempts {
      #expect(
        attempt.report == CrashWindow.report(of: attempt.step, day(attempt.date)), "\(attempt.date) \(attempt.step)")
    }
  }

  @Test func `every execution but the last one was interrupted by a death, or stopped`() {
    let cut = story.interrupted.union(story.stopped)
    #expect(story.interrupted.isDisjoint(with: story.stopped))
    let executions = story.attempts.flatMap { attempt in
      (1..<max(1, attempt.executions)).map { number in
        CrashRun.Execution(date: attempt.date, step: attempt.step, attempt: attempt.number, number: "\(number)")
      }
    }
    #expect(Set(executions) == cut)
    #expect(story.interrupted.count >= 20)
    #expect(!story.stopped.isEmpty)
  }

  @Test func `a process was started at most once for each claim, under the run id of its attempt`() {
    let starts = Dictionary(grouping: story.log.filter { $0.first == "started" }) { "\($0[1]) \($0[2]) \($0[3])" }
    let attempts = Dictionary(uniqueKeysWithValues: story.attempts.map { ("\($0.date) \($0.step) \($0.runID)", $0) })
    #expect(Set(starts.keys) == Set(attempts.keys))
    for (key, attempt) in attempts { #expect((1...attempt.executions).contains(starts[key]?.count ?? 0), "\(key)") }
  }

  @Test func `every interruption was told, and nothing else was told as one`() {
    let lines = story.journal.filter { $0.contains(" was interrupted, backfilld or the machine died") }
    // A line that was told again after a death is the same to the second.
    #expect(Set(lines).count <= story.interrupted.count)
    #expect(lines.count >= story.interrupted.count)
    let told = Set(lines.map { line in line.split(separator: " ").dropFirst(2).prefix(2).joined(separator: " ") })
    #expect(told == Set(story.interrupted.map { "\($0.date) \($0.step)" }))
  }

  @Test func `three interruptions in a row held a date, with the step and the number in its reason`() {
    #expect(!story.held.isEmpty)
    let reasons = CrashWindow.steps.map { "`\($0)` was interrupted 3 times in a row" }
    for hold in story.held {
      #expect(reasons.contains(hold.reason), "\(hold.date)")
      story.expectInOrder(["\(hold.date) held: \(hold.reason); next: backfillctl show crash \(hold.date)"])
      story.expectInOrder(["\(hold.date) held: ", "\(hold.date) is tried again, asked for by "])
    }
  }

  @Test func `what was asked for by hand and what the schedule's turn began went on after every death`() {
    #expect(story.activations.first == "hand ended 40")
    let retries = story.held.map { _ in "hand ended 1" }
    #expect(story.activations.sorted() == ["forced ended any"] + retries + ["hand ended 40"])
    let held = Set(story.held.map(\.date))
    let first = story.attempts.filter { !held.contains($0.date) && day($0.date) <= CrashWindow.byHand.to }
    #expect(Set(first.map(\.kind)) == ["hand"])
    let second = story.attempts.filter { !held.contains($0.date) && day($0.date) > CrashWindow.byHand.to }
    #expect(Set(second.map(\.kind)) == ["forced"])
  }

  @Test func `every event was handed over, those of a date in its order`() {
    #expect(story.eventsLeft == "0")
    for date in CrashWindow.dates {
      let judged = CrashWindow.steps.map { step in
        let report = CrashWindow.report(of: step, date)
        return "\(date) \(step): \(report.attempted ?? 0) attempted, \(report.records ?? 0) records, took "
      }
      for (step, judged) in zip(CrashWindow.steps, judged) {
        story.expectInOrder(["\(date) \(step) started, attempt 1", judged, "\(date) done (pass)"])
      }
      story.expectInOrder([judged[0], "\(date) features started, attempt 1"])
    }
  }

  @Test func `what opened and ended was told in its order`() {
    let user = NSUserName()
    story.expectInOrder([
      "chunk 1 opened by \(user) by hand, 40 dates from 2024-01-01 to 2024-02-09", "chunk 1 ended after 40 dates: ",
      "is complete: every date is done or skipped",
    ])
    #expect(story.messages.contains { $0.contains(" opened by \(user), outside the schedule, no date starts after ") })
  }

  @Test func `each start of an execution was told`() {
    for attempt in story.attempts {
      let count = story.messages.count { $0 == "crash \(attempt.date) \(attempt.step) started, attempt 1" }
      #expect(count >= attempt.executions, "\(attempt.date) \(attempt.step)")
    }
  }

  @Test func `the database is whole`() {
    #expect(story.integrity == "ok")
  }

  @Test func `no process is left over`() {
    #expect(story.processes == [])
  }
}

extension CrashStory {
  /// Expects messages of the window with these beginnings; the first of each in this order.
  fileprivate func expectInOrder(_ beginnings: [String]) {
    let places = beginnings.map { beginning in messages.firstIndex { $0.hasPrefix("crash \(beginning)") } }
    for (beginning, place) in zip(beginnings, places) where place == nil {
      Issue.record("never told: \(beginning)")
    }
    #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted(), "\(beginnings)")
  }
}
