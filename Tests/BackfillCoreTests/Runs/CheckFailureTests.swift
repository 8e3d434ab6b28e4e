import BackfillCore
import BackfillTestKit
import Testing

@Suite struct CheckFailureTests {
  @Test(arguments: [
    (Ending.exited(1), "exited with 1"), (.exited(66), "exited with 66"),
    (.signaled(9), "was killed by SIGKILL"),
    (.timedOut(.seconds(60)), "was stopped after its time limit of 1m"),
    (
      .notStarted("command not found: bin/upstream-exists.sh"),
      "could not be started: command not found: bin/upstream-exists.sh"
    ),
  ])
  func `a failed check is told with its step, its command and what happened`(ending: Ending, happened: String) {
    let failure = CheckFailure(
      .requires, of: "psza", command: ["bin/upstream-exists.sh", "2013-01-02"], ending: ending)
    #expect(failure.sentence == "`requires` of `psza` failed: `bin/upstream-exists.sh 2013-01-02` \(happened)")
  }

  @Test func `a failed preflight has no step`() {
    let failure = CheckFailure(.preflight, of: nil, command: ["df", "/srv"], ending: .exited(2))
    #expect(failure.sentence == "`preflight` failed: `df /srv` exited with 2")
  }

  @Test func `a long command is quoted on one line, cut`() {
    let script = "if true; then\n  exit 3\nfi # " + String(repeating: "x", count: 200)
    let failure = CheckFailure(.freshness, of: "load", command: ["sh", "-c", script], ending: .exited(3))
    #expect(
      failure.sentence == "`freshness` of `load` failed: `sh -c if true; then   exit 3 fi # "
        + String(repeating: "x", count: 86) + "...` exited with 3")
  }
}

@Suite struct CheckedExecutionTests {
  private func execution(
    _ ending: Ending = .exited(0), at second: Int64, took: Duration, tail: String, memory: Int? = nil
  ) -> Execution {
    Execution(
      ending: ending, started: Instant(seconds: second), duration: took,
      usage: ResourceUsage(userCPU: took, systemCPU: .milliseconds(1), peakMemoryKiB: memory),
      outputTail: Array(tail.utf8), report: .report(Report(records: 1)))
  }

  @Test func `a step is judged by its own start and duration; what its checks cost and printed is kept`() {
    let check = execution(at: 1, took: .seconds(60), tail: "upstream: 12 rows\n", memory: 900)
    let command = execution(at: 61, took: .seconds(5), tail: "done\n", memory: 700)
    let whole = command.after([check])
    #expect(whole.started == Instant(seconds: 61))
    #expect(whole.duration == .seconds(5))
    #expect(whole.report == .report(Report(records: 1)))
    #expect(
      whole.usage == ResourceUsage(userCPU: .seconds(65), systemCPU: .milliseconds(2), peakMemoryKiB: 900))
    #expect(String(decoding: whole.outputTail, as: UTF8.self) == "upstream: 12 rows\ndone\n")
  }

  @Test func `a step whose check failed was not run`() {
    let failure = CheckFailure(.requires, of: "load", command: ["a"], ending: .exited(1))
    let checks = [
      execution(at: 1, took: .seconds(2), tail: "one\n"),
      execution(.exited(1), at: 3, took: .seconds(1), tail: "two\n"),
    ]
    let whole = Execution.inputMissing(failure, checks)
    #expect(StepOutcome(whole) == .checkFailed("`requires` of `load` failed: `a` exited with 1"))
    #expect(whole.ending.sentence == "input missing")
    #expect(whole.started == Instant(seconds: 1))
    #expect(whole.duration == .seconds(3))
    #expect(String(decoding: whole.outputTail, as: UTF8.self) == "one\ntwo\n")
  }

  @Test func `of the output of a step and its checks the last 64 KiB are kept`() {
    let long = execution(at: 1, took: .zero, tail: String(repeating: "a", count: 60 * 1024))
    #expect(long.after([long]).outputTail.count == 64 * 1024)
  }
}

@Suite struct SettledTests {
  private func window(_ days: Int?) -> Window {
    let date = day("2013-02-01")
    return Window(name: "w", dates: DateSelection(from: date, to: date), settledAfterDays: days, steps: [])
  }

  @Test(arguments: [("2013-02-07", true), ("2013-02-08", false)])
  func `a date so many days old is settled`(date: String, isSettled: Bool) {
    #expect(window(3).isSettled(day(date), on: day("2013-02-10")) == isSettled)
  }

  @Test func `without settled_after no date is`() {
    #expect(!window(nil).isSettled(day("2000-01-01"), on: day("2013-02-10")))
  }

  @Test func `on a settled date freshness is left out, requires never`() {
    let step = Step(
      name: "load", command: ["load"], requires: [Check(command: ["cheap"], timeout: .seconds(1))],
      freshness: [Check(command: ["full"], timeout: .seconds(1))])
    #expect(step.checks(isSettled: true).map(\.check.command) == [["cheap"]])
    #expect(step.checks(isSettled: false).map(\.check.command) == [["cheap"], ["full"]])
  }
}
