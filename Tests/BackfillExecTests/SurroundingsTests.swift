import BackfillCore
import Glibc
import Testing

@testable import BackfillExec

@Suite struct SurroundingsTests {
  @Test func `the environment is exactly the order's and the report's path`() async throws {
    let stage = try Stage()
    let order = ExecutionOrder(
      attempt: stage.order([]).attempt, command: ["/usr/bin/env"], environment: ["A": "1", "EMPTY": "", "Z": "ü = \n"],
      report: .none)
    _ = try await stage.executor.run(order)
    let lines = stage.sink.texts.sorted()
    #expect(lines.filter { !$0.hasPrefix("BACKFILL_REPORT=") } == ["", "A=1", "EMPTY=", "Z=ü = "])
    #expect(lines.count { $0.hasPrefix("BACKFILL_REPORT=\(stage.reports)/run-") } == 1)
  }

  @Test func `lines of the environment file stand below the order's environment`() async throws {
    let stage = try Stage()
    try stage.write("A=file\nexport B = \"two words\" # why\n# comment\n\nC='$A'\n", to: "env")
    _ = try await stage.sh("echo \"$A|$B|$C\"", environment: ["A": "order"], file: "\(stage.folder)/env")
    #expect(stage.sink.texts == ["order|two words|$A"])
  }

  @Test func `a value of the environment file may have several lines in quotes, and is never continued without`() throws
  {
    let text = """
      ; a comment
      KEY="-----BEGIN-----
      a\\"b = '#'
      -----END-----" # why
      B=one \\
      C='first
      # second'
      D=a\\$b
      """
    let entries = try EnvironmentFile.parse(Array(text.utf8), path: "/e").mapValues {
      String(decoding: $0, as: UTF8.self)
    }
    #expect(
      entries == [
        "KEY": "-----BEGIN-----\na\"b = '#'\n-----END-----", "B": "one \\", "C": "first\n# second", "D": "a\\$b",
      ])
  }

  @Test func `lines of the environment file stand above what is inherited`() async throws {
    let stage = try Stage()
    try stage.write("LANG=de_DE\nPATH=/usr/bin:/bin\n", to: "env")
    let order = ExecutionOrder(
      attempt: stage.order([]).attempt, command: ["sh", "-c", "echo \"$LANG|$TZ|$PATH\""], environment: [:],
      inherited: ["LANG": "C", "TZ": "UTC", "PATH": "/nowhere"], environmentFile: "\(stage.folder)/env", report: .none)
    _ = try await stage.executor.run(order)
    #expect(stage.sink.texts == ["de_DE|UTC|/usr/bin:/bin"])
  }

  @Test func `bytes of the environment file stay what they are`() async throws {
    let stage = try Stage()
    shell("printf 'A=\\377\\376\\n' > \(stage.folder)/env")
    _ = try await stage.sh("printf '%s\\n' \"$A\"", file: "\(stage.folder)/env")
    #expect(stage.sink.lines.map(\.bytes) == [[0xFF, 0xFE]])
  }

  @Test(arguments: [
    ("no equals\n", "1: expected NAME=VALUE"),
    ("A=1\n2B=x\n", "2: expected NAME=VALUE; a name is letters, digits and `_`, and does not begin with a digit"),
    ("A=1\n\n# x\nB=\"open\n", "4: a quote is not closed"),
    ("B='a' b\n", "1: unexpected text after the closing quote"),
    ("A=\"x\ny\"\nB=\"open\nC=\"x\"\n", "3: unexpected text after the closing quote"),
    ("A=\"x\ny\"\nno equals\n", "3: expected NAME=VALUE"),
    ("B=a\0b\n", "1: a NUL byte cannot be part of an environment"),
  ])
  func `a bad line of the environment file is named`(text: String, words: String) throws {
    #expect(throws: StartFailure.order("environment file /e:\(words)")) {
      try EnvironmentFile.parse(Array(text.utf8), path: "/e")
    }
  }

  @Test func `an environment file that is not there keeps the step from being started`() async throws {
    let stage = try Stage()
    #expect(
      try await stage.sh("true", file: "/no/such").ending
        == .notStarted("environment file /no/such: No such file or directory"))
    #expect(try await stage.sh("true", file: "/tmp").ending == .notStarted("environment file /tmp: not a regular file"))
  }

  @Test func `only the three standard descriptors are open`() async throws {
    let stage = try Stage()
    let held = open("/dev/null", O_RDONLY)
    defer { close(held) }
    _ = try await stage.executor.run(stage.order(["/bin/ls", "/proc/self/fd"]))
    // 3 is the directory that ls itself has open.
    #expect(stage.sink.texts == ["0", "1", "2", "3"])
  }

  @Test func `the step leads a session and a group of its own`() async throws {
    let stage = try Stage()
    _ = try await stage.sh(
      "read pid comm state parent group session rest < /proc/$$/stat; echo $pid $group $session $parent")
    let numbers = stage.sink.texts.flatMap { $0.split(separator: " ").compactMap { pid_t($0) } }
    #expect(Set(numbers.prefix(3)).count == 1)
    #expect(numbers.last == getpid())
  }

  @Test func `no signal is blocked, ignored or handled, and the umask is 022`() async throws {
    let stage = try Stage()
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    _ = try await stage.executor.run(
      stage.order(["/usr/bin/perl", "-ne", "print if /^(Sig(Blk|Ign|Cgt)|Umask)/", "/proc/self/status"]))
    // Perl itself ignores SIGFPE (bit 8).
    #expect(
      stage.sink.texts == [
        "Umask:\t0022", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000080", "SigCgt:\t0000000000000000",
      ])
  }

  @Test(.enabled(if: geteuid() == 0, "only root can become another user"))
  func `a step runs as its user, with that user's groups, and can write its report`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh(
      "id -u; id -G; echo '{\"records\": 3}' > $BACKFILL_REPORT", user: "nobody", report: .file)
    #expect(stage.sink.texts == ["65534", "65534"])
    #expect(execution.report == .report(Report(records: 3)))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can become another user"))
  func `a directory that the user may not enter is named`() async throws {
    let stage = try Stage()
    shell("mkdir -m 700 \(stage.folder)/closed")
    #expect(
      try await stage.sh("true", directory: "\(stage.folder)/closed", user: "nobody").ending
        == .notStarted("cannot enter directory \(stage.folder)/closed: Permission denied"))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can become another user"))
  func `another user can neither list the reports nor enter the place of a report`() async throws {
    let stage = try Stage()
    let script = "ls \(stage.reports) 2>&1; su nobody -s /bin/sh -c \"ls $(dirname $BACKFILL_REPORT)\" 2>&1"
    _ = try await stage.sh(script)
    #expect(stage.sink.texts.count == 2)
    #expect(stage.sink.texts.last?.hasSuffix("Permission denied") == true)
    _ = try await stage.sh("ls \(stage.reports) 2>&1", user: "nobody")
    #expect(stage.sink.texts.last == "ls: cannot open directory '\(stage.reports)': Permission denied")
  }
}
