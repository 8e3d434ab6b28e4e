import BackfillControl
import BackfillCore
import Foundation
import Testing

/// The built program and a served socket: what is asked, what is printed, the exit status.
@Suite(.timeLimit(.minutes(1)))
struct DaemonTests {
  @Test func `status names the held date in the command to type`() async throws {
    let end = try await withDaemon { try await run(["status", "--socket", $0]) }
    #expect(end.status == 0)
    #expect(end.errors == "")
    #expect(end.output.contains("\n  next:  backfillctl show flights 2013-02-08\n"))
    #expect(!end.output.contains("\u{1B}"))
  }

  @Test func `status prints JSON that reads as the same status`() async throws {
    let end = try await withDaemon { try await run(["status", "--json", "--socket", $0]) }
    let read = try ControlCoding.decode(DaemonStatus.self, from: Array(end.output.utf8))
    #expect(read == scriptedStatus)
  }

  @Test func `plan prints JSON that reads as the same plan`() async throws {
    let end = try await withDaemon { try await run(["plan", "flights", "--json", "--socket", $0]) }
    #expect(end.status == 0)
    #expect(try ControlCoding.decode(PlanView.self, from: Array(end.output.utf8)) == samplePlan)
  }

  @Test func `what validate could not write down is told, exit status 1`() async throws {
    let end = try await withDaemon { try await run(["validate", "flights", "--apply", "--socket", $0]) }
    #expect(end.status == 1)
    #expect(
      end.output == "1 report of flights judged again: no verdict changes\n1 verdict on 1 date changed\n")
    #expect(end.errors == "2013-02-08: `load` ran again meanwhile\n")
  }

  @Test func `a backup tells its file and size`() async throws {
    let end = try await withDaemon { try await run(["backup", "/var/backups/b.db", "--socket", $0]) }
    #expect(end.output == "/var/backups/b.db: 40 KiB\n")
    #expect(end.status == 0)
    let json = try await withDaemon { try await run(["backup", "/var/backups/b.db", "--json", "--socket", $0]) }
    #expect(json.output == "{\n  \"bytes\" : 40960,\n  \"file\" : \"/var/backups/b.db\"\n}\n")
  }

  @Test func `doctor tells what the daemon says, and ends with 1 where a person has to act`() async throws {
    let end = try await withDaemon { try await run(["doctor", "--socket", $0]) }
    #expect(end.output.contains("ok       ledger         /var/lib/backfilld/backfilld.db, 1.0 MiB,"), "\(end.output)")
    let json = try await withDaemon { try await run(["doctor", "--json", "--socket", $0]) }
    #expect(json.output.contains("\"check\" : \"ledger\""), "\(json.output)")
    #expect(json.status == (end.output.contains("\nwarning") || end.output.contains("\nerror") ? 1 : 0))
  }

  @Test func `doctor without a daemon says what was not looked at, exit status 1`() async throws {
    let end = try await run(["doctor", "--socket", "/nonexistent/control.sock"])
    #expect(end.status == 1)
    #expect(end.output.hasPrefix("error    daemon "), "\(end.output)")
    #expect(end.output.contains("unknown  ledger         not looked at: no daemon answers\n"), "\(end.output)")
    #expect(end.errors.isEmpty)
  }

  @Test func `a backup that is refused says why, exit status 1`() async throws {
    let end = try await withDaemon { try await run(["backup", "/there", "--socket", $0]) }
    #expect(end.status == 1)
    #expect(end.errors == "backfillctl: no backup was made: `/there` is there already\n")
  }

  @Test func `show prints a date with its attempts`() async throws {
    let end = try await withDaemon { try await run(["show", "flights", "2013-02-08", "--socket", $0]) }
    #expect(end.status == 0)
    #expect(end.output.hasPrefix("flights 2013-02-08 Fri  held  anomaly\n"))
    #expect(end.output.contains("\nattempts, times in America/New_York\n"))
  }

  @Test(arguments: [
    ["show", "nope"], ["status", "nope"], ["plan", "nope"], ["failures", "nope"],
    ["validate", "nope"], ["run", "nope", "--date", "2021-01-01"], ["pause", "nope"],
  ])
  func `a window that does not exist is exit status 4`(arguments: [String]) async throws {
    let end = try await withDaemon { try await run(arguments + ["--socket", $0]) }
    #expect(end.status == 4)
    #expect(end.output == "")
    #expect(end.errors == "backfillctl: no window `nope`; there is flights\n")
  }

  @Test func `a date that does not exist is exit status 4`() async throws {
    let end = try await withDaemon { try await run(["show", "flights", "2020-01-01", "--socket", $0]) }
    #expect(end.status == 4)
    #expect(end.errors == "backfillctl: `flights` does not cover 2020-01-01\n")
  }

  @Test func `a change that happens is one sentence and exit status 0`() async throws {
    let end = try await withDaemon {
      try await run(["accept", "flights", "2013-02-08", "--reason", "blizzard", "--socket", $0])
    }
    #expect(end.status == 0)
    #expect(end.output == "1 date changed\n")
    #expect(end.errors == "")
  }

  @Test func `a change of which a part is refused prints both and is exit status 1`() async throws {
    let end = try await withDaemon {
      try await run(["retry", "flights", "2013-02-08,2013-02-09", "2013-02-10", "--socket", $0])
    }
    #expect(end.status == 1)
    #expect(end.output == "1 date changed\n")
    #expect(end.errors == "2013-02-09..2013-02-10 (2 dates): it is done\n")
  }

  @Test func `a reload that found errors prints them and is exit status 1`() async throws {
    let end = try await withDaemon { try await run(["reload", "--socket", $0]) }
    #expect(end.status == 1)
    #expect(
      end.output == "flights  broken  old definition in force\n  flights.yaml:3:1: unknown key\nhotels   unchanged\n")
    #expect(
      end.errors
        == "backfillctl: the configuration has errors, named above: what they are about is as it was before\n")
  }

  @Test func `a refused request says why and is exit status 1`() async throws {
    let end = try await withDaemon { try await run(["resume", "flights", "--socket", $0]) }
    #expect(end.status == 1)
    #expect(end.output == "")
    #expect(end.errors == "backfillctl: `flights` is not paused, it is active\n")
  }

  /// Runs `import flights` with a file of `text`.
  private func runImport(
    _ text: String, _ arguments: String..., operations: ScriptedOperations = ScriptedOperations()
  ) async throws -> (end: ProgramEnd, file: String) {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("done-\(UUID().uuidString)")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer {
      do { try FileManager.default.removeItem(at: file) } catch { Issue.record(error) }
    }
    let end = try await withDaemon(operations) {
      try await run(["import", "flights", "--done", file.path, "--socket", $0] + arguments)
    }
    return (end, file.path)
  }

  @Test func `an import sends the dates of its file and lists what was left alone`() async throws {
    let operations = ScriptedOperations()
    let (end, _) = try await runImport(
      "2013-02-08\n# games\n\n2013-02-07 # first\n", "--reason", "cron", operations: operations)
    #expect(end.status == 0)
    #expect(end.output == "2 dates recorded as done\n2 dates left alone:\n  2013-02-08..2013-02-09 (2 dates) is done\n")
    #expect(end.errors == "")
    #expect(await operations.asked == ["import flights 2013-02-07,2013-02-08 cron write"])
  }

  @Test func `every bad line of an import is found at once, and nothing is written`() async throws {
    let operations = ScriptedOperations()
    let (end, file) = try await runImport(
      "2012-12-31\n2013-02-30\n2013-02-08\n\n2013-02-08\ntomorrow\n", operations: operations)
    #expect(end.status == 1)
    #expect(end.output == "")
    #expect(
      end.errors == """
        \(file):1:1: `flights` does not cover 2012-12-31
        \(file):2:1: `2013-02-30` is a date that does not exist; 2013-02 has 28 days
        \(file):5:1: `2013-02-08` is listed twice, first on line 3
        \(file):6:1: not a date: `tomorrow`; write YYYY-MM-DD, such as `2021-10-19`
        backfillctl: nothing was recorded: 4 findings in \(file)

        """)
    #expect(await operations.asked == ["import flights 2012-12-31,2013-02-08 - dry"])
  }

  @Test(arguments: [
    ("", "1:1: the file lists no dates"), ("x\n", "1:1: not a date: `x`; write YYYY-MM-DD, such as `2021-10-19`"),
  ])
  func `an import without a date asks nobody`(text: String, finding: String) async throws {
    let operations = ScriptedOperations()
    let (end, file) = try await runImport(text, operations: operations)
    #expect(end.status == 1)
    #expect(end.errors == "\(file):\(finding)\nbackfillctl: nothing was recorded: 1 finding in \(file)\n")
    #expect(await operations.asked == [])
  }

  @Test func `a dry run prints what would run again and become stale`() async throws {
    let operations = ScriptedOperations()
    let end = try await withDaemon(operations) {
      try await run(["rerun", "flights", "2013-02-08", "--step", "load", "--dry-run", "--socket", $0])
    }
    #expect(end.status == 0)
    #expect(end.output == rerunList + "would run\n")
    #expect(end.errors == "")
    #expect(await operations.asked == ["rerun flights 2013-02-08..2013-02-08 load false - dry"])
  }

  @Test func `a rerun that nobody can confirm is shown, changes nothing and is exit status 2`() async throws {
    let operations = ScriptedOperations()
    let end = try await withDaemon(operations) {
      try await run(["rerun", "flights", "2013-02-08", "--step", "load", "--socket", $0])
    }
    #expect(end.status == 2)
    #expect(end.output == rerunList + "would run\n")
    #expect(
      end.errors == "backfillctl: 7 steps on 5 dates: not confirmed, standard input is not a terminal; "
        + "say --yes, or --dry-run to look only\n")
    #expect(await operations.asked == ["rerun flights 2013-02-08..2013-02-08 load false - dry"])
  }

  @Test func `a rerun of which a date is refused prints both and is exit status 1`() async throws {
    let end = try await withDaemon {
      try await run(["rerun", "flights", "2013-02-08", "2013-02-10", "--yes", "--socket", $0])
    }
    #expect(end.status == 1)
    #expect(end.output == rerunList + "runs\n")
    #expect(end.errors == "2013-02-10: is skipped\n")
  }

  @Test func `every change arrives as it was typed`() async throws {
    let operations = ScriptedOperations()
    try await withDaemon(operations) { path in
      for arguments in [
        ["run", "flights", "--date", "2013-02-08"], ["run", "flights", "--date", "2013-02-08", "--dry-run"],
        ["run", "flights", "--date", "2013-02-08..2013-02-10", "--step", "load"],
        ["run", "flights", "--dates", "2013-02-08,2013-02-10..2013-02-11"],
        ["run", "flights", "--from", "2013-02-08", "--to", "2013-02-09"],
        ["skip", "flights", "2013-02-08", "2013-02-09..2013-02-10", "--reason", "gone"],
        ["rerun", "flights", "2013-02-08", "--step", "load", "--downstream", "--reason", "late", "--yes"],
        ["failures", "flights"], ["failures", "flights", "--by", "week"], ["validate", "flights"],
        ["validate", "flights", "2013-02-08", "2013-02-10..2013-02-11", "--apply", "--reason", "wider"],
        ["pause", "--all", "--reason", "night"], ["pause", "flights"], ["resume", "--all", "--now"],
      ] {
        _ = try await run(arguments + ["--socket", path])
      }
    }
    #expect(
      await operations.asked == [
        "run flights 2013-02-08..2013-02-08 -", "dry run flights 2013-02-08..2013-02-08 -",
        "run flights 2013-02-08..2013-02-10 load",
        "run flights 2013-02-08..2013-02-08,2013-02-10..2013-02-11 -", "run flights 2013-02-08..2013-02-09 -",
        "skip flights 2013-02-08..2013-02-08,2013-02-09..2013-02-10 gone",
        "rerun flights 2013-02-08..2013-02-08 load true late write", "failures flights category",
        "failures flights week", "validate flights all false -",
        "validate flights 2013-02-08..2013-02-08,2013-02-10..2013-02-11 true wider", "pause all night",
        "pause flights -",
        "resume all true -",
      ])
  }
}

private let rerunList = """
  dates                   count  run again  become stale
  2013-02-08                  1  load       routes, summary
  2013-02-09..2013-02-11      3             features
  2013-02-12                  1             features (stays held)

  5 dates, 7 steps

  """
