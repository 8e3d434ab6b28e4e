import BackfillCore
import Testing

@testable import BackfillExec

@Suite struct EndingTests {
  @Test(arguments: [0, 1, 66, 75, 255] as [Int32])
  func `the exit status is the step's`(status: Int32) async throws {
    let stage = try Stage()
    #expect(try await stage.sh("exit \(status)").ending == .exited(status))
  }

  @Test(
    arguments: [
      ("SEGV", 11, "killed by SIGSEGV"), ("KILL", 9, "killed by SIGKILL"), ("TERM", 15, "killed by SIGTERM"),
      ("USR1", 10, "killed by SIGUSR1"),
    ] as [(String, Int32, String)])
  func `a signal of another is named`(name: String, number: Int32, words: String) async throws {
    let stage = try Stage()
    let ending = try await stage.sh("kill -\(name) $$").ending
    #expect(ending == .signaled(number))
    #expect(ending.sentence == words)
  }

  @Test func `a command that is not there is named with the path that was searched`() async throws {
    let stage = try Stage()
    let execution = try await stage.executor.run(stage.order(["no-such-program", "x"]))
    #expect(execution.ending == .notStarted("command not found: no-such-program (searched PATH=/usr/bin:/bin)"))
    #expect(execution.duration == .zero)
    #expect(execution.report == .notPromised)
  }

  @Test func `a step that was not started has no report`() async throws {
    let stage = try Stage()
    let execution = try await stage.executor.run(stage.order(["no-such-program"], report: .file))
    #expect(execution.report == .missing("no report: the step was not started"))
  }

  @Test(
    arguments: [
      ([], "the command is empty"),
      (["/no/such/program"], "command not found: /no/such/program"),
      (["/etc/passwd"], "not executable: /etc/passwd: Permission denied"),
      (["/etc"], "not executable: /etc: Permission denied"),
      (["/bin/true", "a\0b"], "argument 1 of the command holds a NUL byte"),
    ] as [([String], String)])
  func `what cannot be executed is said`(command: [String], words: String) async throws {
    let stage = try Stage()
    #expect(try await stage.executor.run(stage.order(command)).ending == .notStarted(words))
  }

  @Test func `a script without an interpreter line, and one whose interpreter is missing, are told apart`() async throws
  {
    let stage = try Stage()
    try stage.write("echo hello\n", to: "plain")
    try stage.write("#!/no/such/sh\n", to: "lost")
    shell("chmod +x \(stage.folder)/plain \(stage.folder)/lost")
    #expect(
      try await stage.executor.run(stage.order(["\(stage.folder)/plain"])).ending
        == .notStarted("cannot execute \(stage.folder)/plain: not a program, and no script that begins with #!"))
    #expect(
      try await stage.executor.run(stage.order(["\(stage.folder)/lost"])).ending
        == .notStarted("cannot execute \(stage.folder)/lost: its interpreter does not exist"))
  }

  @Test func `a directory that is not there is named`() async throws {
    let stage = try Stage()
    #expect(
      try await stage.sh("true", directory: "/no/such").ending == .notStarted("directory does not exist: /no/such"))
    #expect(
      try await stage.sh("true", directory: "/etc/passwd").ending
        == .notStarted("cannot enter directory /etc/passwd: Not a directory"))
  }

  @Test func `an unknown user is named`() async throws {
    let stage = try Stage()
    #expect(
      try await stage.sh("true", user: "no-such-user").ending == .notStarted("user unknown: no-such-user"))
  }

  @Test func `the directory of the step is entered, without one the root`() async throws {
    let stage = try Stage()
    _ = try await stage.sh("pwd", directory: stage.folder)
    _ = try await stage.sh("pwd")
    #expect(stage.sink.texts == [stage.folder, "/"])
  }

  @Test func `a relative program is looked for below the directory`() async throws {
    let stage = try Stage()
    shell(
      "mkdir \(stage.folder)/bin && printf '#!/bin/sh\\necho found\\n' > \(stage.folder)/bin/tool && chmod +x \(stage.folder)/bin/tool"
    )
    _ = try await stage.executor.run(stage.order(["bin/tool"], directory: stage.folder))
    _ = try await stage.executor.run(stage.order(["tool"], environment: ["PATH": "bin"], directory: stage.folder))
    #expect(stage.sink.texts == ["found", "found"])
  }

  @Test func `a program that may not be executed does not hide one later in the path`() async throws {
    let stage = try Stage()
    shell("mkdir \(stage.folder)/a && echo no > \(stage.folder)/a/true")
    let order = stage.order(["true"], environment: ["PATH": "\(stage.folder)/a:/bin"])
    #expect(try await stage.executor.run(order).ending == .exited(0))
  }

  @Test func `a peak below the one of the process that started it is not known`() async throws {
    let stage = try Stage()
    let execution = try await stage.executor.run(stage.order(["/bin/true"]))
    #expect(execution.usage.peakMemoryKiB == nil)
  }

  @Test func `start, duration, CPU time and peak memory are measured`() async throws {
    let stage = try Stage()
    let execution = try await stage.executor.run(
      stage.order(["/usr/bin/perl", "-e", "my $x = 'a' x 200_000_000; my $n = 0; $n += $_ for 1..2_000_000; exit 0"]))
    #expect(execution.ending == .exited(0))
    #expect(execution.started == StandingClock.instant)
    #expect(try #require(execution.usage.peakMemoryKiB) > 190_000)
    #expect(execution.usage.userCPU > .milliseconds(20))
    #expect(execution.duration >= execution.usage.userCPU)
  }

  @Test func `descendants that were waited for count into the usage`() async throws {
    let stage = try Stage()
    let execution = try await stage.sh("perl -e 'my $n = 0; $n += $_ for 1..2_000_000' ; exit 0")
    #expect(execution.usage.userCPU > .milliseconds(20))
  }
}
