import BackfillCore
import Synchronization
import Testing

@testable import BackfillHost

struct BudgetedOutputTests {
  /// Keeps what it is given, in order and in words.
  private final class Recorder: EventSink, OutputSink {
    private let kept = Mutex<[String]>([])

    var words: [String] { kept.withLock { $0 } }

    func hand(over event: JournalEvent, at: Instant) { kept.withLock { $0.append(event.message) } }

    func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) {
      kept.withLock { $0.append("\(attempt.runID): \(String(decoding: line, as: UTF8.self))") }
    }

    func ended(_ attempt: AttemptIdentity) { kept.withLock { $0.append("\(attempt.runID) ended") } }
  }

  private let recorder = Recorder()

  private func output() -> BudgetedOutput {
    BudgetedOutput(
      recorder, clock: StandingClock(instant: Sample.instant), limits: OutputBudget.Limits(lines: 2))
  }

  private func attempt(_ runID: String) -> AttemptIdentity {
    AttemptIdentity(
      window: "flights", date: Sample.attempt.date, step: "routes", attempt: 2, runID: runID, chunk: 7)
  }

  private func write(_ lines: [String], to output: BudgetedOutput, of runID: String) {
    for line in lines { output.take(line: Array(line.utf8), isError: false, of: attempt(runID)) }
  }

  @Test func `the first lines go through, and the number of the others is told when the execution ends`() {
    let output = output()
    write(["a", "b", "c", "d"], to: output, of: "one")
    output.ended(attempt("one"))
    #expect(
      recorder.words == [
        "one: a", "one: b",
        "flights 2013-02-08 routes wrote too much: 2 lines of its output (1 KiB) are not in the journal", "one ended",
      ])
  }

  @Test func `each execution has a budget of its own`() {
    let output = output()
    write(["a", "b", "c"], to: output, of: "one")
    write(["a"], to: output, of: "two")
    #expect(recorder.words == ["one: a", "one: b", "two: a"])
  }

  @Test func `what follows under the same run id has a budget of its own`() {
    let output = output()
    write(["a", "b"], to: output, of: "one")
    output.ended(attempt("one"))
    write(["c"], to: output, of: "one")
    #expect(recorder.words == ["one: a", "one: b", "one ended", "one: c"])
  }

  @Test func `events pass whatever the output is`() {
    let output = output()
    write(["a", "b", "c"], to: output, of: "one")
    output.hand(over: Sample.dateDone, at: Sample.instant)
    #expect(recorder.words.last == Sample.dateDone.message)
  }
}
