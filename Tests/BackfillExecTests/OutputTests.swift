import BackfillCore
import Glibc
import Synchronization
import Testing

@testable import BackfillExec

@Suite struct OutputTests {
  @Test func `each line is handed out once, with its stream`() async throws {
    let stage = try Stage()
    _ = try await stage.sh("echo one; echo; echo three")
    _ = try await stage.sh("echo wrong >&2", runID: "second")
    #expect(
      stage.sink.lines == [
        RecordingSink.Line(bytes: Array("one".utf8), isError: false, runID: "run"),
        RecordingSink.Line(bytes: [], isError: false, runID: "run"),
        RecordingSink.Line(bytes: Array("three".utf8), isError: false, runID: "run"),
        RecordingSink.Line(bytes: Array("wrong".utf8), isError: true, runID: "second"),
      ])
  }

  @Test func `a last line without a line feed is handed out too`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh("printf 'a\\nb'; printf c >&2")
    #expect(Set(stage.sink.texts) == ["a", "b", "c"])
    #expect(execution.outputTail.count == 4)
  }

  @Test func `output that is to be kept is there whole up to its limit, and not handed out`() async throws {
    let stage = try Stage()
    let order = ExecutionOrder(
      attempt: stage.order(["/bin/true"]).attempt,
      command: ["/bin/sh", "-c", "printf 'one\ntwo\nthree'; echo wrong >&2"],
      environment: [:], inherited: ["PATH": "/usr/bin:/bin"], report: .none, keptOutput: 8)
    let execution = try await stage.executor.run(order)
    #expect(execution.standardOutput == Array("one\ntwo\nt".utf8))
    #expect(stage.sink.texts == ["wrong"])
    #expect(execution.outputTail == Array("wrong\n".utf8))
    #expect(execution.lastWords == "wrong")
  }

  @Test func `NUL bytes and bytes that are no UTF-8 stay what they are`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh("printf '\\000\\377\\n\\200'")
    #expect(stage.sink.lines.map(\.bytes) == [[0x00, 0xFF], [0x80]])
    #expect(execution.outputTail == [0x00, 0xFF, 0x0A, 0x80])
  }

  @Test(arguments: [
    (49_152, [49_152]), (49_153, [49_152, 1]), (98_304, [49_152, 49_152]), (100_000, [49_152, 49_152, 1696]),
  ])
  func `a line above 48 KiB is cut in pieces`(length: Int, pieces: [Int]) async throws {
    let stage = try Stage()
    _ = try await stage.sh("head -c \(length) /dev/zero; echo; echo end")
    #expect(stage.sink.lines.map(\.bytes.count) == pieces + [3])
  }

  @Test func `the last 64 KiB of the output are kept`() async throws {
    let stage = try Stage(sink: RecordingSink(isCounting: true))
    let execution = try await stage.sh("seq 1 200000; echo last >&2")
    #expect(execution.outputTail.count == 65_536)
    #expect(String(decoding: execution.outputTail, as: UTF8.self).contains("200000\n"))
    #expect(stage.sink.count.lines == 200_001)
  }

  @Test func `a sink that blocks holds up neither the end of another step's process nor its time limit`() async throws {
    let sink = BlockingSink()
    let stage = try Stage()
    let blocked = LocalExecutor(reportDirectory: "\(stage.folder)/blocked", output: sink, clock: StandingClock())
    async let slow = blocked.run(stage.order(["/bin/echo", "line"]))
    await sink.isReached()
    #expect(try await stage.sh("exit 3").ending == .exited(3))
    sink.letGo()
    #expect(try await slow.ending == .exited(0))
  }

  @Test func `the report is the last line of the output that looks like a JSON object`() async throws {
    let stage = try Stage()
    let script = "echo '{\"records\": 1}'; echo ' {\"records\": 2} '; echo '{not a report}'; echo 'done {}'"
    let execution = try await stage.sh(script, report: .output)
    #expect(execution.report == .report(Report(records: 2)))
  }

  @Test func `a report on standard error does not count`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh("echo '{\"records\": 1}' >&2", report: .output)
    #expect(execution.report == .missing("no line of the step's standard output is a JSON object"))
  }

  @Test func `a last line that is a bad report does not let an older one count`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh("echo '{\"records\": 1}'; printf '{\"records\": NaN}'", report: .output)
    #expect(
      execution.report == .unreadable("report is not JSON: NaN is not a JSON number at line 1, column 13"))
  }

  @Test func `a report in the output may be 1 MiB long and no longer`() async throws {
    let stage = try Stage(sink: RecordingSink(isCounting: true))
    // 14 bytes around the text.
    let script = { (size: Int) in
      "printf '{\"message\": \"'; head -c \(size - 15) /dev/zero | tr '\\000' x; printf '\"}\\n'"
    }
    guard case .report(let report) = try await stage.sh(script(1 << 20), report: .output).report else {
      Issue.record("not read")
      return
    }
    #expect(report.message?.utf8.count == (1 << 20) - 15)
    #expect(
      try await stage.sh(script((1 << 20) + 1), report: .output).report
        == .unreadable("the report in the output is longer than 1 MiB; at most 1 MiB of a line is read"))
  }
}

/// Holds the first line it is given until it is let go.
private final class BlockingSink: OutputSink {
  private let reached: [Int32]
  private let released: [Int32]

  init() {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    reached = ends
    pipe(&ends)
    released = ends
  }

  deinit {
    for descriptor in reached + released { close(descriptor) }
  }

  func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) {
    var byte: UInt8 = 1
    write(reached[1], &byte, 1)
    read(released[0], &byte, 1)
  }

  func isReached() async {
    await onThread { [reached] in
      var byte: UInt8 = 0
      read(reached[0], &byte, 1)
    }
  }

  func letGo() {
    var byte: UInt8 = 1
    write(released[1], &byte, 1)
  }
}
