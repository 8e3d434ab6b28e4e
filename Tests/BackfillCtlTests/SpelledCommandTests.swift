import Testing

@testable import backfillctl

/// A command line with a slip: what is said, and whose usage is shown.
@Suite(.timeLimit(.minutes(1)))
struct SpelledCommandTests {
  private static let all =
    "the commands are status, show, plan, failures, logs, run, accept, retry, skip, rerun, validate, import, backup, "
    + "pause, resume, reload, check, calendar, judge, doctor"

  @Test(arguments: [
    (["stauts"], "stauts", "did you mean `status`?"), (["help", "stauts"], "stauts", "did you mean `status`?"),
    (["cal", "0 1 * * *"], "cal", "did you mean `calendar`?"), (["hlep"], "hlep", "did you mean `help`?"),
    (["foo"], "foo", all), (["help", "nope"], "nope", all), (["foo", "--help"], "foo", all),
  ])
  func `a command that there is not is said, exit status 2`(
    _ arguments: [String], _ word: String, _ hint: String
  ) async throws {
    let end = try await run(arguments)
    #expect(end.status == 2)
    #expect(end.output == "")
    #expect(
      end.errors == """
        Error: There is no command `\(word)`; \(hint)
        Usage: backfillctl <subcommand>
          See 'backfillctl --help' for more information.

        """)
  }

  @Test(arguments: [["help", "status"], ["help", "--help"], ["help", "help"]])
  func `help of a command that there is is no failure`(arguments: [String]) async throws {
    let end = try await run(arguments)
    #expect(end.status == 0)
    #expect(end.output.contains("USAGE: backfillctl"))
  }

  @Test(arguments: [
    ("tomorrow", "`tomorrow` is neither 2026-01-15T06:00:00Z nor 2026-01-15 nor 2026-01-15 06:00."),
    ("2026-02-30", "`2026-02-30` is a date that does not exist: 2026-02 has 28 days."),
  ])
  func `a start that is none is told with the usage of calendar`(text: String, message: String) async throws {
    let end = try await run(["calendar", "0 1 * * *", "--after", text])
    #expect(end.status == 2)
    #expect(end.errors.hasPrefix("Error: The value '\(text)' is invalid for '--after <after>': \(message)\n"))
    #expect(end.errors.contains("\nUsage: backfillctl calendar "))
  }

  @Test func `logs takes a socket, as every command that asks the daemon`() async throws {
    let end = try await run(["logs", "w", "--socket", "/nonexistent/control.sock", "--print"])
    #expect(end.status == 0)
    #expect(end.output == "journalctl BACKFILL_WINDOW=w\n")
  }

  @Test func `the help of reload is wrapped once`() async throws {
    let end = try await run(["reload", "--help"], environment: ["COLUMNS": "80"])
    #expect(
      end.output.contains(
        """

        Returns when the files are read and everything that can take effect has. A
        changed window with dates in flight takes effect when those have ended; this
        command and status say that it waits. Exit status 1 when a file has errors:
        what was in force before stays in force.

        """), "\(end.output)")
  }
}
