import BackfillCore
import BackfillExec
import Glibc
import Synchronization
import Testing

/// A folder of its own, an executor over it, and what it handed to the sink.
final class Stage: Sendable {
  let folder: String
  let sink: RecordingSink
  let executor: LocalExecutor
  let reports: String

  init(sink: RecordingSink = RecordingSink()) throws {
    var template = Array("/tmp/backfill-exec-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    chmod(folder, 0o755)
    reports = "\(folder)/reports"
    self.sink = sink
    executor = LocalExecutor(reportDirectory: reports, output: sink, clock: StandingClock())
  }

  deinit {
    _ = shell("rm -rf '\(folder)'")
  }

  /// Runs `script` with /bin/sh; `$DIR` is the folder.
  func sh(
    _ script: String, runID: String = "run", environment: [String: String] = [:], file: String? = nil,
    directory: String? = nil, user: String? = nil, timeout: Duration? = nil, killGrace: Duration = .seconds(10),
    report: ReportSource = .none
  ) async throws -> Execution {
    try await executor.run(
      order(
        ["/bin/sh", "-c", script], runID: runID, environment: environment, file: file, directory: directory, user: user,
        timeout: timeout, killGrace: killGrace, report: report))
  }

  func order(
    _ command: [String], runID: String = "run", environment: [String: String] = [:], file: String? = nil,
    directory: String? = nil, user: String? = nil, timeout: Duration? = nil, killGrace: Duration = .seconds(10),
    report: ReportSource = .none
  ) -> ExecutionOrder {
    let base = ["PATH": "/usr/bin:/bin", "BACKFILL_RUN_ID": runID, "DIR": folder]
    return ExecutionOrder(
      attempt: AttemptIdentity(
        window: "w", date: CivilDate(daysSinceEpoch: 18_993), step: "s", attempt: 1, runID: runID, chunk: 1),
      command: command, environment: base.merging(environment) { $1 }, environmentFile: file, directory: directory,
      user: user, timeout: timeout, killGrace: killGrace, report: report)
  }

  /// The text of a file in the folder, blanks around it left out.
  func text(_ name: String) throws -> String {
    let file = try #require(fopen("\(folder)/\(name)", "r"), "no file \(name)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
    var text = String(decoding: bytes, as: UTF8.self)[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  func write(_ text: String, to name: String) throws {
    let file = try #require(fopen("\(folder)/\(name)", "w"))
    fputs(text, file)
    fclose(file)
  }

  /// Makes a FIFO in the folder.
  func fifo(_ name: String) throws {
    try #require(mkfifo("\(folder)/\(name)", 0o666) == 0)
    chmod("\(folder)/\(name)", 0o666)
  }

  /// Waits on a thread of its own until a script has opened the FIFO for writing, and returns what it wrote. To be asked for one
  /// line of each FIFO: a process of another test that was forked meanwhile has it open for reading until its exec, and a
  /// second line could end there.
  func line(fromFIFO name: String) async throws -> String {
    let path = "\(folder)/\(name)"
    let text: String? = await onThread {
      guard let file = fopen(path, "re") else { return nil }
      defer { fclose(file) }
      var bytes: [UInt8] = []
      while case let byte = fgetc(file), byte != EOF, byte != 10 { bytes.append(UInt8(byte)) }
      return String(decoding: bytes, as: UTF8.self)
    }
    return try #require(text)
  }
}

/// Keeps the lines it is given.
final class RecordingSink: OutputSink {
  struct Line: Sendable, Equatable {
    let bytes: [UInt8]
    let isError: Bool
    let runID: String
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  private let kept = Mutex<[Line]>([])
  private let isCounting: Bool
  private let counted = Mutex((lines: 0, bytes: 0, longest: 0))

  /// - Parameter isCounting: Counts lines instead of keeping them.
  init(isCounting: Bool = false) {
    self.isCounting = isCounting
  }

  func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) {
    if isCounting {
      counted.withLock { $0 = ($0.lines + 1, $0.bytes + line.count, max($0.longest, line.count)) }
    } else {
      kept.withLock { $0.append(Line(bytes: line, isError: isError, runID: attempt.runID)) }
    }
  }

  var lines: [Line] { kept.withLock { $0 } }
  var texts: [String] { lines.map(\.text) }
  var count: (lines: Int, bytes: Int, longest: Int) { counted.withLock { $0 } }
}

struct StandingClock: BackfillCore.Clock {
  static let instant = Instant(seconds: 1_640_995_200)

  func now() -> Instant { Self.instant }
  func wait(for duration: Duration) async throws {}
  func wait(until instant: Instant) async throws -> WallWait { .reached }
}

/// Runs blocking `body` on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Job { continuation.resume(returning: body()) })
    pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
  }
}

private final class Job: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}

/// Runs `command` with the shell outside the executor, and waits.
@discardableResult
func shell(_ command: String) -> Int32 {
  system(command)
}

/// Whether a process runs; a zombie does not.
func isRunning(_ pid: pid_t) -> Bool {
  kill(pid, 0) == 0 && shell("! grep -q '^State:.*[ZX] ' /proc/\(pid)/status") == 0
}
