import BackfillCore
import Glibc
import Synchronization
import Testing

@testable import BackfillExec

/// The threads that tasks run on.
@Suite struct ThreadTests {
  /// What some jobs saw.
  private final class Seen: Sendable {
    private let threads = Mutex<[String]>([])
    var all: [String] { threads.withLock { $0 } }

    /// Notes the name of the calling thread.
    func note() {
      guard case .success(let name) = FileReading.bytes(at: "/proc/thread-self/comm", limit: 64) else { return }
      threads.withLock { $0.append(String(decoding: name.dropLast(), as: UTF8.self)) }
    }
  }

  @Test func `a task stays on its thread over its waits, and so do its children`() async throws {
    let seen = Seen()
    await withTaskExecutorPreference(try EventThread("test-own")) {
      seen.note()
      await Task.yield()
      seen.note()
      await withTaskGroup { group in
        for _ in 0..<3 { group.addTask { seen.note() } }
      }
    }
    #expect(seen.all == Array(repeating: "test-own", count: 5))
  }

  @Test func `a process is started, read and seen to end on the thread of its task`() async throws {
    let seen = Seen()
    let stage = try Stage()
    let executor = LocalExecutor(
      reportDirectory: stage.reports, output: NotingSink { seen.note() }, clock: StandingClock())
    let order = stage.order(["/bin/echo", "line"])
    try await withTaskExecutorPreference(LocalThreads().own()) {
      _ = try await executor.run(order)
      seen.note()
    }
    #expect(seen.all == ["backfill-work", "backfill-work"])
  }

  @Test func `a process that is not started on a thread for it is no background process`() async throws {
    let stage = try Stage()
    try await withTaskExecutorPreference(LocalThreads().journal) {
      _ = try await stage.sh("cat /proc/self/sched | grep ^policy > $DIR/policy")
    }
    // SCHED_OTHER
    #expect(try stage.text("policy").hasSuffix(": 0") || stage.text("policy").hasSuffix(" 0"))
  }

  /// With thousands of steps, the numbers of descriptors come round all the time.
  @Test(.timeLimit(.minutes(1)))
  func `what had the number of a descriptor before it does not end its watch`() async throws {
    let thread = try EventThread("test-own")
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      thread.perform {
        guard let work = EventThread.current else { return }
        var before: [Int32] = [-1, -1]
        var after: [Int32] = [-1, -1]
        pipe(&before)
        let ended = work.watch(before[0]) { false }
        work.unwatch(ended)
        pipe(&after)
        dup2(after[0], before[0])
        work.watch(before[0]) {
          continuation.resume()
          return false
        }
        work.unwatch(ended)
        write(after[1], "x", 1)
      }
    }
  }

  @Test func `a thread that waits for a process runs what else its task has to do`() async throws {
    let stage = try Stage()
    try stage.fifo("go")
    let execution = try await withTaskExecutorPreference(LocalThreads().own()) {
      async let execution = stage.sh("read line < $DIR/go; echo $line")
      // Opening waits for the reader: the process runs by then.
      let path = "\(stage.folder)/go"
      await onThread {
        guard let file = fopen(path, "w") else { return }
        fputs("gone on\n", file)
        fclose(file)
      }
      return try await execution
    }
    #expect(execution.ending == .exited(0))
    #expect(stage.sink.texts == ["gone on"])
  }

  @Test func `a task that is cancelled while its thread waits for its process has it stopped`() async throws {
    let stage = try Stage()
    try stage.fifo("started")
    let execution = try await withTaskExecutorPreference(LocalThreads().own()) {
      try await withThrowingTaskGroup(of: Execution.self) { group in
        group.addTask { try await stage.sh("echo yes > $DIR/started; exec sleep 1000") }
        #expect(try await stage.line(fromFIFO: "started") == "yes")
        group.cancelAll()
        return try #require(try await group.next())
      }
    }
    #expect(execution.ending == .stopped)
  }

  @Test func `the loop's work is done on the thread that gave it, where that has nothing else to do`() async throws {
    let seen = Seen()
    let threads = try LocalThreads()
    await withTaskExecutorPreference(threads.own()) {
      await withTaskExecutorPreference(threads.loop) { seen.note() }
    }
    #expect(seen.all == ["backfill-work"])
  }

  @Test func `a thread that always has work of its own leaves the loop's to the loop's thread`() async throws {
    let seen = Seen()
    let threads = try LocalThreads()
    await withTaskExecutorPreference(threads.own()) {
      await withTaskGroup { group in
        group.addTask(executorPreference: threads.loop) { seen.note() }
        while seen.all.isEmpty { await Task.yield() }
      }
    }
    #expect(seen.all == ["backfill-loop"])
  }

  @Test func `a thread that waits for a process does the loop's work meanwhile`() async throws {
    let seen = Seen()
    let stage = try Stage()
    let threads = try LocalThreads()
    try stage.fifo("go")
    try await withTaskExecutorPreference(threads.own()) {
      try await withThrowingTaskGroup { group in
        group.addTask { _ = try await stage.sh("read line < $DIR/go") }
        group.addTask(executorPreference: threads.loop) {
          seen.note()
          await onThread { _ = shell("echo > \(stage.folder)/go") }
        }
        try await group.waitForAll()
      }
    }
    #expect(seen.all == ["backfill-work"])
  }

  @Test func `a thread ends with the last reference to it`() async throws {
    func count() -> Int { ProcessTable.threads(named: "test-ends") }
    do {
      let thread = try EventThread("test-ends")
      await withTaskExecutorPreference(thread) { await Task.yield() }
      #expect(count() == 1)
    }
    while count() > 0 { await Task.yield() }
  }

  @Test func `more tasks than there may be threads share some, and each gets one that has become free`() throws {
    let threads = try LocalThreads()
    var executors = (0..<LocalThreads.limit + 10).map { _ in threads.own() }
    #expect(executors.count { $0 is EventThread } == LocalThreads.limit)
    executors.removeAll()
    #expect(threads.own() is EventThread)
  }

  @Test func `a task without a thread of its own runs its process all the same`() async throws {
    let stage = try Stage()
    let threads = try LocalThreads()
    let taken = (0..<LocalThreads.limit).map { _ in threads.own() }
    let execution = try await withTaskExecutorPreference(threads.own()) { try await stage.sh("exit 3") }
    #expect(execution.ending == .exited(3))
    withExtendedLifetime(taken) {}
  }
}

/// Calls something for each line.
private struct NotingSink: OutputSink {
  let note: @Sendable () -> Void

  func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) { note() }
}

extension ProcessTable {
  /// How many threads of this process have that name.
  fileprivate static func threads(named name: String) -> Int {
    guard let folder = opendir("/proc/self/task") else { return 0 }
    defer { closedir(folder) }
    return ReportPlace.names(in: folder).count { bytes in
      let id = String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard case .success(let bytes) = FileReading.bytes(at: "/proc/self/task/\(id)/comm", limit: 64) else {
        return false
      }
      return String(decoding: bytes.dropLast(), as: UTF8.self) == name
    }
  }
}
