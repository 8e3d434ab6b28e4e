import BackfillCore
import Glibc
import Testing

@testable import BackfillExec

@Suite struct ReportTests {
  @Test func `a report is read`() async throws {
    let stage = try Stage()
    let text = #"""
      {"attempted":450,"records":325.0,"failures":{"INSUFFICIENT_DATA":125,"NONE":-1},
       "metrics":{"usage_rate":0.45,"n":1e3},"message":"gr\u00fc\u00df \ud83d\ude00","mine":[1,{"x":null}]}
      """#
    let execution = try await stage.sh("cat > $BACKFILL_REPORT <<'END'\n\(text)\nEND", report: .file)
    #expect(
      execution.report
        == .report(
          Report(
            attempted: 450, records: 325, failures: ["INSUFFICIENT_DATA": 125, "NONE": -1],
            metrics: ["usage_rate": 0.45, "n": 1000], message: "grüß 😀")))
  }

  @Test func `a report of a step that failed is read too`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh("echo '{}' > $BACKFILL_REPORT; exit 3", report: .file)
    #expect(execution.ending == .exited(3))
    #expect(execution.report == .report(Report()))
  }

  @Test func `a report that is not promised is not read`() async throws {
    let stage = try Stage()
    #expect(try await stage.sh("echo '{}' > $BACKFILL_REPORT", report: .none).report == .notPromised)
  }

  @Test(arguments: [
    ("true", "no report: the step did not write the file that BACKFILL_REPORT names"),
    (": > $BACKFILL_REPORT", "no report: the file that BACKFILL_REPORT names is empty"),
  ])
  func `a report that is not there is missing`(script: String, words: String) async throws {
    let stage = try Stage()
    #expect(try await stage.sh(script, report: .file).report == .missing(words))
  }

  @Test(arguments: [
    ("head -c 11534336 /dev/zero > $BACKFILL_REPORT", "report is 11.0 MiB; at most 10 MiB are read"),
    ("head -c 11000000 /dev/zero > $BACKFILL_REPORT", "report is 10.5 MiB; at most 10 MiB are read"),
    ("head -c 10485761 /dev/zero > $BACKFILL_REPORT", "report is 10.1 MiB; at most 10 MiB are read"),
    ("ln -s /etc/passwd $BACKFILL_REPORT", "report is a symbolic link; only a regular file is read"),
    ("mkfifo $BACKFILL_REPORT", "report is a FIFO; only a regular file is read"),
    ("mkdir $BACKFILL_REPORT", "report is a directory; only a regular file is read"),
    (
      "perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => $ENV{BACKFILL_REPORT}, Listen => 1) or die'",
      "report is a socket; only a regular file is read"
    ),
    ("echo {} > $DIR/x; ln $DIR/x $BACKFILL_REPORT", "report has 2 names (hard links); a file with one name is read"),
    (
      #"printf '"\\u001b[31m\\n"' > $BACKFILL_REPORT"#,
      #"report must be a JSON object, found "\u{1B}[31m\n""#
    ),
    ("printf '\\377' > $BACKFILL_REPORT", "report is not JSON: expected a value at line 1, column 1"),
    (
      "printf '{\"message\": \"\\377\"}' > $BACKFILL_REPORT",
      "report is not JSON: a text is not UTF-8 at line 1, column 13"
    ),
  ])
  func `what is not a report is said`(script: String, words: String) async throws {
    let stage = try Stage()
    #expect(try await stage.sh(script, report: .file).report == .unreadable(words))
  }

  @Test(arguments: [
    ("", "report is not JSON: unexpected end at line 1, column 1"),
    ("{\"records\": 5", "report is not JSON: unexpected end inside an object at line 1, column 14"),
    ("{\n  \"ü\": 1,\n}", "report is not JSON: expected a name in double quotes at line 3, column 1"),
    ("{\"ü\": x}", "report is not JSON: `x` is not a JSON value at line 1, column 7"),
    ("{\"a\": 1 \"b\": 2}", "report is not JSON: expected `,` or `}` at line 1, column 9"),
    ("{} {}", "report is not JSON: unexpected text after the value at line 1, column 4"),
    ("{'a': 1}", "report is not JSON: expected a name in double quotes at line 1, column 2"),
    ("{\"a\": \"b", "report is not JSON: a text is not closed at line 1, column 7"),
    ("{\"a\": 01}", "report is not JSON: a number begins with 0 at line 1, column 7"),
    ("{\"a\": -Infinity}", "report is not JSON: -Infinity is not a JSON number at line 1, column 7"),
    ("{\"metrics\": {\"x\": NaN}}", "report is not JSON: NaN is not a JSON number at line 1, column 19"),
    ("{\"a\": \"\\ud800\"}", "report is not JSON: half a surrogate pair inside a text at line 1, column 8"),
    (String(repeating: "[", count: 100_000), "report is not JSON: nested deeper than 64 levels at line 1, column 66"),
    ("[1]", "report must be a JSON object, found an array"),
    ("null", "report must be a JSON object, found null"),
    ("\"done\"", "report must be a JSON object, found \"done\""),
    ("{\"attempted\": \"450\"}", "`attempted` must be a whole number, found \"450\""),
    ("{\"attempted\": 4.5}", "`attempted` must be a whole number, found 4.5"),
    ("{\"attempted\": true}", "`attempted` must be a whole number, found true"),
    ("{\"records\": 9223372036854775808}", "`records` does not fit into 64 bits, found 9223372036854775808"),
    ("{\"records\": 1e30}", "`records` does not fit into 64 bits, found 1e30"),
    ("{\"failures\": [1]}", "`failures` must be an object, found an array"),
    ("{\"failures\": {\"A\": null}}", "`failures.A` must be a whole number, found null"),
    ("{\"failures\": {\"A\": 1, \"A\": 2}}", "`failures.A` is in the report twice"),
    ("{\"records\": 1, \"records\": 2}", "`records` is in the report twice"),
    ("{\"metrics\": {\"x\": \"1\"}}", "`metrics.x` must be a number, found \"1\""),
    ("{\"metrics\": {\"x\": 1e999}}", "`metrics.x` must be a number, found 1e999"),
    ("{\"message\": 5}", "`message` must be a text, found 5"),
  ])
  func `a text that is no report is unreadable`(text: String, words: String) {
    #expect(ReportText.reading(of: Array(text.utf8)) == .unreadable(words))
  }

  @Test(arguments: [
    ("{}", Report()),
    (" {\"records\": null, \"failures\": null, \"message\": null} \n", Report()),
    ("{\"records\": 9223372036854775807}", Report(records: .max)),
    ("{\"records\": 3e1, \"attempted\": -5}", Report(attempted: -5, records: 30)),
    ("{\"metrics\": {\"x\": -0.5e-3}}", Report(metrics: ["x": -0.0005])),
    ("\u{FEFF}{\"message\": \"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", Report(message: "a\"\\/\u{8}\u{C}\n\r\t")),
  ])
  func `a text that is a report is read`(text: String, report: Report) {
    #expect(ReportText.reading(of: Array(text.utf8)) == .report(report))
  }

  @Test func `no two executions are given the same path, and nothing of it is left`() async throws {
    let stage = try Stage()
    for _ in 0..<3 {
      _ = try await stage.sh(
        "echo $BACKFILL_REPORT; mkdir -p $BACKFILL_REPORT.d/a; ln -s /etc $BACKFILL_REPORT.d/a/l; echo > $BACKFILL_REPORT.tmp"
      )
    }
    #expect(Set(stage.sink.texts).count == 3)
    #expect(shell("test -z \"$(ls -A \(stage.reports))\"") == 0)
    #expect(access("/etc/passwd", F_OK) == 0)
  }

  @Test func `places that a daemon that died has left are removed, and nothing else`() throws {
    let stage = try Stage()
    shell("mkdir -p \(stage.reports)/run-0123 \(stage.reports)/other && echo > \(stage.reports)/run-0123/report.json")
    _ = LocalExecutor(reportDirectory: stage.reports, output: RecordingSink(), clock: StandingClock())
    #expect(shell("test \"$(ls \(stage.reports))\" = other") == 0)
  }

  @Test func `without a place for reports the daemon cannot run steps`() async throws {
    let stage = try Stage()
    let executor = LocalExecutor(reportDirectory: "/proc/none", output: stage.sink, clock: StandingClock())
    await #expect(throws: ExecutorFailure.self) {
      try await executor.run(stage.order(["/bin/true"]))
    }
  }

  @Test func `a file whose name is no text goes with the place of the report`() async throws {
    let stage = try Stage()
    _ = try await stage.sh(#"echo '{}' > $BACKFILL_REPORT; : > "$(dirname "$BACKFILL_REPORT")/$(printf 'x\377y')""#)
    // What a step has left is removed by another thread, after its end was told.
    while shell("test -z \"$(ls \(stage.reports))\"") != 0 { await Task.yield() }
  }
}
