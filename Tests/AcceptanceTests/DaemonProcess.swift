import Foundation
import Testing

/// The daemon that was built beside these tests, as a process of its own under a pretended systemd.
final class DaemonProcess: Sendable {
  let notes = DaemonNotes()
  private let process: Process
  private let outputPath: String
  private let errorsPath: String

  /// Starts it.
  /// - Parameters:
  ///   - arguments: Of its command line.
  ///   - environment: Added to a bare one with `NOTIFY_SOCKET`.
  ///   - launcher: A program and its arguments that becomes the daemon; empty: none.
  ///   - directory: In which it is started; `nil`: that of these tests.
  ///   - place: Where this execution's output, errors and notify socket are: the beginning of their paths.
  /// - Throws: When it cannot be started.
  init(
    arguments: [String], environment: [String: String], launcher: [String] = [], directory: String? = nil,
    place: String
  ) throws {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    outputPath = place + ".out"
    errorsPath = place + ".err"
    process = Process()
    let daemon = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("backfilld")
    process.executableURL = launcher.first.map { URL(fileURLWithPath: $0) } ?? daemon
    process.arguments = launcher.dropFirst() + (launcher.isEmpty ? [] : [daemon.path]) + arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.environment = ["PATH": "/usr/bin:/bin", "TZ": "UTC", "NOTIFY_SOCKET": place + ".notify"]
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.file(outputPath)
    process.standardError = try Self.file(errorsPath)
    let socket = try NotifySocket(path: place + ".notify") { [notes] in notes.add(.told($0)) }
    process.terminationHandler = { [notes] process in
      socket.finish()
      let status = process.terminationStatus
      notes.add(.ended(process.terminationReason == .exit ? .exited(status) : .killed(status)))
    }
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  var pid: Int32 { process.processIdentifier }
  /// What it has written to standard output so far.
  var output: String { text(of: outputPath) }
  /// What it has written to standard error so far.
  var errors: String { text(of: errorsPath) }

  /// Returns when it has written `text` to standard error, or has ended; whether it has. What it writes follows what it tells
  /// systemd in no certain order: another task of it writes.
  func wrote(_ text: String) async -> Bool {
    while !errors.contains(text), end == nil { await Task.yield() }
    return errors.contains(text)
  }

  /// What it has told systemd so far.
  var told: [String] {
    notes.all.compactMap { if case .told(let text) = $0 { text } else { nil } }
  }

  /// `nil` while it runs.
  var end: DaemonEnd? {
    if case .ended(let end) = notes.all.last { end } else { nil }
  }

  func send(_ signal: Int32) {
    kill(pid, signal)
  }

  /// Returns when it has said READY or has ended.
  func ready() async throws {
    let isReady = await notes.wait { notes in
      notes.contains { if case .ended = $0 { true } else { $0 == .told("READY=1") } }
    }
    try #require(isReady, "it is not ready after 30 s; it wrote: \(errors)")
  }

  /// Returns when it has ended.
  func ended(within limit: Duration = .seconds(30)) async throws -> DaemonEnd {
    _ = await notes.wait(atMost: limit) { notes in
      if case .ended = notes.last { true } else { false }
    }
    return try #require(end, "it runs still after \(limit); it wrote: \(errors)")
  }

  private static func file(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path))
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }
}
