import Foundation
import Testing

/// The built program: its exit statuses and what it prints.
@Suite(.timeLimit(.minutes(1)))
struct ProgramTests {
  private static let noSocket = "/nonexistent/control.sock"

  @Test(arguments: [
    ["status"], ["show", "w"], ["plan", "w", "--nights", "2"], ["failures", "w"],
    ["validate", "w"], ["backup", "/tmp/b.db"], ["run", "w", "--date", "2021-01-01"],
    ["accept", "w", "2021-01-01", "--reason", "x"],
    ["retry", "w", "2021-01-01"], ["skip", "w", "2021-01-01", "--reason", "x"], ["pause", "--all"],
    ["rerun", "w", "2021-01-01", "--yes"], ["resume", "w", "--now"], ["status", "--watch"],
  ])
  func `without a daemon the exit status is 3 and the sentence says what to do`(arguments: [String]) async throws {
    let end = try await run(arguments + ["--socket", Self.noSocket])
    #expect(end.status == 3)
    #expect(end.output == "")
    #expect(
      end.errors == "backfillctl: cannot reach backfilld at \(Self.noSocket): no such socket; is the daemon running? "
        + "(systemctl status backfilld)\n")
  }

  @Test func `what is no socket is told as that`() async throws {
    let end = try await run(["status", "--socket", "/etc/passwd"])
    #expect(end.status == 3)
    #expect(end.errors == "backfillctl: cannot reach backfilld at /etc/passwd: this is not a socket\n")
  }

  @Test func `the socket of the environment is used`() async throws {
    let end = try await run(["status"], environment: ["BACKFILLD_SOCKET": "/nonexistent/of-environment.sock"])
    #expect(end.errors.hasPrefix("backfillctl: cannot reach backfilld at /nonexistent/of-environment.sock:"))
  }

  @Test(arguments: [
    ["nope"], ["status", "--nope"], ["show"], ["show", "w", "2021-02-29"], ["run", "w"],
    ["run", "w", "--date", "2021-01-01", "--dates", "2021-01-02"], ["run", "w", "--from", "2021-01-01"],
    ["run", "w", "--from", "2021-01-02", "--to", "2021-01-01"], ["accept", "w", "2021-01-01"],
    ["accept", "w", "2021-01-01", "--reason", "  "], ["skip", "w", "2021-01-01"], ["retry", "w"], ["rerun", "w"],
    ["import", "w"],
    ["rerun", "w", "2021-01-01", "--yes", "--dry-run"], ["pause"],
    ["pause", "w", "--all"], ["resume"], ["check", "--nope"], ["calendar"], ["calendar", "0 1 * * *", "--count", "0"],
    ["calendar", "0 1 * * *", "--nope"], ["plan"], ["plan", "w", "--nights", "0"],
    ["failures"], ["failures", "w", "--by", "hour"], ["validate"], ["validate", "w", "--reason", "x"],
    ["validate", "w", "2021-02-29"], ["backup"], ["backup", "b.db"], ["backup", "/tmp/"],
    ["status", ""], ["show", ""], ["pause", ""], ["logs"], ["logs", ""], ["logs", "w", "2021-02-29"],
    ["calendar", "0", "1"],
    ["status", "--watch", "--json"],
  ])
  func `what cannot be understood is usage, exit status 2`(arguments: [String]) async throws {
    let end = try await run(arguments)
    #expect(end.status == 2)
    #expect(end.output == "")
    #expect(end.errors.contains("Usage: backfillctl"))
  }

  @Test(arguments: [["--help"], ["help"], ["status", "--help"], ["--version"]])
  func `help and version are no failure`(arguments: [String]) async throws {
    let end = try await run(arguments)
    #expect(end.status == 0)
    #expect(end.errors == "")
    #expect(!end.output.isEmpty)
  }

  @Test func `judge answers each line and tells bad ones by their number`() async throws {
    let input = """
      {"id":"a","n":450,"k":205,"lo":0.25,"hi":0.3,"rho":0.005}
      nope

      []
      {"id":3,"n":-1,"k":1,"lo":0,"hi":1}
      {"id":"f","n":10,"lo":0.9,"hi":1,"records":0,"failures":{"X":10},"expected":["X"]}
      """
    let end = try await run(["judge"], input: input)
    #expect(end.status == 1)
    #expect(end.errors == "backfillctl: some lines make no sense; see `error` in the answers\n")
    let lines = end.output.split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.first?.hasSuffix(#""verdict":"warn"}"#) == true)
    #expect(
      lines.dropFirst().prefix(3) == [
        #"{"error":"it is not JSON","id":null,"line":2}"#,
        #"{"error":"the line is not an object","id":null,"line":4}"#,
        #"{"error":"`n` is -1, below 0","id":3,"line":5}"#,
      ])
    #expect(lines.last?.contains(#""id":"f","reasons":["#) == true)
  }

  @Test func `judge ends well when every line makes sense`() async throws {
    let end = try await run(["judge"], input: #"{"id":1,"n":10,"k":1,"lo":0,"hi":0.5}"#)
    #expect(end.status == 0)
    #expect(end.errors == "")
  }

  @Test func `calendar prints UTC and the zone`() async throws {
    let end = try await run(
      ["calendar", "0 1 * * *", "--timezone", "America/New_York", "--after", "2026-03-07", "--count", "2"])
    #expect(
      end.output == """
        0 1 * * *  (cron, America/New_York)
          2026-03-07 06:00:00 UTC   Sat 2026-03-07 01:00:00 EST
          2026-03-08 06:00:00 UTC   Sun 2026-03-08 01:00:00 EST

        """)
    #expect(end.status == 0)
  }

  @Test func `calendar prints JSON with the agreed keys`() async throws {
    let end = try await run(
      ["calendar", "0  1 * * *", "--timezone", "UTC", "--after", "2026-01-14T01:00:00Z", "--count", "1", "--json"])
    #expect(
      end.output == """
        {
          "expression" : "0  1 * * *",
          "kind" : "cron",
          "next" : [
            "2026-01-15T01:00:00Z"
          ],
          "normalized" : "0 1 * * *",
          "timezone" : "UTC"
        }

        """)
  }

  @Test func `a zone in the expression wins over the one it is read in`() async throws {
    let end = try await run(
      [
        "calendar", "Mon..Fri 01:00 America/New_York", "--timezone", "UTC", "--after", "2026-01-16T12:00:00Z",
        "--count",
        "1",
      ])
    #expect(
      end.output == """
        Mon..Fri *-*-* 01:00:00 America/New_York  (oncalendar, America/New_York)
          2026-01-19 06:00:00 UTC   Mon 2026-01-19 01:00:00 EST

        """)
  }

  @Test func `a schedule that ends says so`() async throws {
    let end = try await run(
      ["calendar", "2026-01-15 06:00", "--timezone", "UTC", "--after", "2026-01-14", "--count", "3"])
    #expect(
      end.output == """
        2026-01-15 06:00:00  (oncalendar, UTC)
          2026-01-15 06:00:00 UTC   Thu 2026-01-15 06:00:00 UTC
          then never again

        """)
  }

  @Test func `a bad expression is shown with the place that is wrong`() async throws {
    let end = try await run(["calendar", "0 25 * * *"])
    #expect(end.status == 1)
    #expect(end.errors.hasPrefix("backfillctl: position 2: "))
    #expect(end.errors.hasSuffix("\n  0 25 * * *\n    ^\n"))
  }

  @Test func `an expression that begins like an option is refused as an expression`() async throws {
    let end = try await run(["calendar", "-1 * * * *", "--json"])
    #expect(end.status == 1)
    #expect(end.errors.hasPrefix("backfillctl: position 0: "))
  }

  @Test func `a zone that is not there is refused`() async throws {
    let end = try await run(["calendar", "0 1 * * *", "--timezone", "../../etc/passwd"])
    #expect(end.status == 1)
    #expect(
      end.errors
        == "backfillctl: this machine knows no time zone `../../etc/passwd`; "
        + "write the name of a place, such as `America/New_York`\n")
  }

  @Test func `check names what is wrong and fails`() async throws {
    let end = try await run(["check", "/nonexistent/window.yaml"])
    #expect(end.status == 1)
    #expect(end.output == "")
    #expect(end.errors == "/nonexistent/window.yaml:1:1: cannot be read: No such file or directory\n")
  }

  @Test func `check of a pipeline and the windows that use it names a mistake once`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("check-\(UUID().uuidString)")
    defer {
      do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }
    for name in ["pipelines.d", "windows.d"] {
      let place = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    }
    let pipeline = folder.appendingPathComponent("pipelines.d/p.yaml")
    let window = folder.appendingPathComponent("windows.d/w.yaml")
    try Data("steps: {load: {command: [x], timeout: 0s}}\n".utf8).write(to: pipeline)
    try Data("dates: {from: 2021-10-19, to: 2021-10-25}\npipeline: p\n".utf8).write(to: window)
    let expected = "\(pipeline.path):1:39: `timeout` must be a duration above zero, found `0s`\n"
    for files in [[folder.path], [window.path, pipeline.path]] {
      let end = try await run(["check"] + files)
      #expect(end.status == 1)
      #expect(end.errors == expected)
    }
    let json = try await run(["check", "--json", window.path, pipeline.path])
    #expect(json.output.components(separatedBy: "above zero").count == 3)
  }

  @Test func `check without a file looks at the configuration of the machine`() async throws {
    let all = try await run(["check"])
    let named = try await run(["check", "/etc/backfilld"])
    #expect(all.status == named.status)
    #expect(all.output == named.output)
    #expect(all.errors == named.errors)
    #expect((all.output + all.errors).contains("/etc/backfilld"))
  }
}

/// How a run of the program ended.
struct ProgramEnd: Sendable {
  let status: Int32
  let output: String
  let errors: String
}

/// Runs the program that was built beside these tests, in an environment without terminal and socket.
func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) async throws -> ProgramEnd {
  try await run(arguments, input: Data(input.utf8), environment: environment)
}

/// As above, with bytes that need not be text.
func run(_ arguments: [String], input: Data, environment: [String: String] = [:]) async throws -> ProgramEnd {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(with: Result { try runAndWait(arguments, input, environment) })
    }
  }
}

private func runAndWait(_ arguments: [String], _ input: Data, _ environment: [String: String]) throws -> ProgramEnd {
  let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  let process = Process()
  process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("backfillctl")
  process.arguments = arguments
  process.environment = ["PATH": "/usr/bin:/bin", "TZ": "UTC"].merging(environment) { $1 }
  let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
  process.standardInput = stdin
  process.standardOutput = stdout
  process.standardError = stderr
  try process.run()
  try stdin.fileHandleForWriting.write(contentsOf: input)
  try stdin.fileHandleForWriting.close()
  let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
  let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return ProgramEnd(
    status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
    errors: String(decoding: errors, as: UTF8.self))
}
