import BackfillCore
import Foundation
import Glibc
import Testing

@testable import backfillctl

/// Lines that are too long for a terminal are cut there, and nowhere else.
@Suite(.timeLimit(.minutes(1)))
struct WidthTests {
  private static let report = "930 attempted, 458 records, CANCELLED 472, NO_ARRIVAL 3"

  @Test func `what goes into a file or a pipe is not cut`() async throws {
    let end = try await withDaemon { try await run(["show", "flights", "2013-02-08", "--socket", $0]) }
    #expect(end.output.contains(Self.report + "\n"))
    // The table has it: it is not said again below.
    #expect(!end.output.contains("report: "))
  }

  @Test(arguments: [(80, "930 attempted, 458 records, CANCEL..."), (120, report)])
  func `a terminal has the columns it has`(columns: Int, shown: String) async throws {
    let output = try await withDaemon {
      try await runOnTerminal(["show", "flights", "2013-02-08", "--socket", $0], columns: columns)
    }
    #expect(output.contains(" \(shown)\r\n"), "\(output)")
    #expect(output.contains("  report: ") == (columns == 80))
    #expect(output.split(separator: "\r\n").allSatisfy { $0.count <= columns })
  }

  @Test func `text is wrapped at 80 columns also where lines may be longer`() {
    let wide = Surroundings(width: 80, lineWidth: .max, now: now)
    let lines = ReloadRendering.lines(
      ReloadAnswer(windows: [], findings: [String(repeating: "word ", count: 30)]), in: wide)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.count == 3)
  }

  @Test func `a long name of a step is cut only where there is no room for it`() {
    let step = "a_step_with_a_long_name"
    let row = FailureRow(
      group: step, step: step, kind: nil, dates: 1, n: 1, failed: 0, rate: 0, expected: 0, never: 0, unknown: 0,
      streams: [])
    let view = FailuresView(window: "flights", by: .step, rows: [row])
    #expect(FailuresRendering.lines(view, in: plain)[3].hasPrefix("a_step_with_a...  1"))
    let wide = Surroundings(lineWidth: .max, now: now)
    #expect(FailuresRendering.lines(view, in: wide)[3].hasPrefix("\(step)  1"))
  }
}

/// Runs the built program on a terminal of so many columns, without colours; what it writes there.
private func runOnTerminal(_ arguments: [String], columns: Int) async throws -> String {
  let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
  try #require(terminal >= 0)
  defer { close(terminal) }
  var (number, lock) = (UInt32(0), Int32(0))
  // Source: ioctl_tty(2), TIOCGPTN and TIOCSPTLCK, whose numbers are not imported.
  try #require(ioctl(terminal, 0x8004_5430, &number) == 0 && ioctl(terminal, 0x4004_5431, &lock) == 0)
  var size = winsize(ws_row: 50, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
  try #require(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
  let line = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
  try #require(line >= 0)
  let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  let process = Process()
  process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("backfillctl")
  process.arguments = arguments
  process.environment = ["PATH": "/usr/bin:/bin", "TZ": "UTC", "NO_COLOR": "1"]
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle(fileDescriptor: line, closeOnDealloc: false)
  return try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(
        with: Result {
          try process.run()
          close(line)
          let output = everything(from: terminal)
          process.waitUntilExit()
          return output
        })
    }
  }
}

/// Until the last one that has the terminal open has gone: EIO then. Source: pty(7).
private func everything(from descriptor: Int32) -> String {
  var output: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(descriptor, &part, part.count)
    guard count > 0 else { return String(decoding: output, as: UTF8.self) }
    output += part[..<count]
  }
}
