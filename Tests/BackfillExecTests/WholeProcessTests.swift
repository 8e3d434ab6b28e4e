import BackfillCore
import Glibc
import Testing

@testable import BackfillExec

/// What is measured on a whole process, in one where nothing else runs.
@Suite(.serialized) struct WholeProcessTests {
  @Test func `300 executions, 20 at once, leave no zombies and no descriptors`() async throws {
    await #expect(processExitsWith: .success) {
      let stage = try Stage()
      _ = try await stage.sh("true")
      let before = openDescriptors()
      let mark = "many-\(getpid())"
      try await withThrowingTaskGroup(of: Ending.self) { group in
        var endings: [Ending] = []
        for number in 0..<300 {
          if number >= 20, let ending = try await group.next() { endings.append(ending) }
          group.addTask {
            let script = "(sleep 1000 &) ; setsid sleep 1000 & echo line; exit \(number % 3)"
            return try await stage.sh(script, runID: "\(mark)-\(number)").ending
          }
        }
        for try await ending in group { endings.append(ending) }
        #expect(endings.count == 300)
        for status in 0..<3 as Range<Int32> { #expect(endings.count { $0 == .exited(status) } == 100) }
      }
      #expect(stage.sink.texts.count == 300)
      #expect(openDescriptors() == before)
      #expect(ProcessTable.childrenOfMainThread() == [])
      let search = "cat /proc/[0-9]*/environ 2> /dev/null | tr '\\000' '\\n' | grep -q ^BACKFILL_RUN_ID=\(mark)-"
      #expect(shell("! " + search) == 0)
    }
  }

  @Test func `200 MB of output without a line feed need little memory`() async throws {
    await #expect(processExitsWith: .success) {
      try await expectLittleMemory("head -c 200000000 /dev/zero", bytes: 200_000_000)
    }
  }

  @Test func `200 MB of output in lines need little memory`() async throws {
    await #expect(processExitsWith: .success) {
      try await expectLittleMemory("head -c 200000000 /dev/zero | tr '\\000' x | fold -w 1000", bytes: 200_000_000)
    }
  }

  @Test func `two million empty lines need little memory`() async throws {
    await #expect(processExitsWith: .success) {
      try await expectLittleMemory("head -c 2000000 /dev/zero | tr '\\000' '\\n'", bytes: 0)
    }
  }

  @Test func `without descriptors the daemon cannot run steps, and with them again it can`() async throws {
    await #expect(processExitsWith: .success) {
      let stage = try Stage()
      _ = try await stage.sh("true")
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(7), &limit)
      let before = limit.rlim_cur
      limit.rlim_cur = 3
      setrlimit(__rlimit_resource_t(7), &limit)
      await #expect(throws: ExecutorFailure("cannot make a pipe for output: Too many open files")) {
        try await stage.sh("true")
      }
      limit.rlim_cur = before
      setrlimit(__rlimit_resource_t(7), &limit)
      #expect(try await stage.sh("exit 4").ending == .exited(4))
    }
  }
}

private func expectLittleMemory(_ script: String, bytes: Int) async throws {
  let stage = try Stage(sink: RecordingSink(isCounting: true))
  _ = try await stage.sh("echo; true")
  let before = peakKiB()
  let execution = try await stage.sh(script)
  let grown = peakKiB() - before
  #expect(execution.ending == .exited(0))
  #expect(stage.sink.count.longest <= 49_152)
  #expect(stage.sink.count.bytes == bytes)
  #expect(grown < 20_000, "the peak grew by \(grown) KiB")
}

private func openDescriptors() -> Int {
  (0..<1024).count { fcntl($0, F_GETFD) >= 0 }
}

/// The peak of this process's resident memory.
private func peakKiB() -> Int {
  guard let file = fopen("/proc/self/status", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, 256, file) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if text.hasPrefix("VmHWM:") { return Int(text.filter(\.isNumber)) ?? 0 }
  }
  return 0
}
