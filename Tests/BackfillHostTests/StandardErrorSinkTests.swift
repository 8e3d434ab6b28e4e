import BackfillCore
import Foundation
import Testing

@testable import BackfillHost

struct StandardErrorSinkTests {
  typealias Style = StandardErrorSink.Style

  static let events: [(event: JournalEvent, style: Style, line: String)] = [
    (Sample.dateDone, .plain, "2013-02-08T06:00:00Z flights 2013-02-08 done (pass)"),
    (Sample.dateDone, .prefixed, "<6>flights 2013-02-08 done (pass)"),
    (Sample.dateDone, .coloured, "\u{1B}[2m2013-02-08T06:00:00Z\u{1B}[0m flights 2013-02-08 done (pass)"),
    (
      .windowPaused(window: "flights", date: nil, reason: "full", by: "backfilld"), .coloured,
      "\u{1B}[2m2013-02-08T06:00:00Z\u{1B}[0m \u{1B}[33mflights paused: full; next: backfillctl status flights\u{1B}[0m"
    ),
    (
      .ledgerUnavailable(reason: "full"), .prefixed,
      "<3>the ledger cannot be written, no new date starts until it can: full"
    ),
  ]

  @Test(arguments: events)
  func `an event is a line in the style of its reader`(event: JournalEvent, style: Style, line: String) {
    #expect(
      String(decoding: StandardErrorSink.line(of: event, at: Sample.instant, style: style), as: UTF8.self) == line)
  }

  static let lines: [(bytes: [UInt8], style: Style, line: String)] = [
    (Array("12 rows".utf8), .plain, "2013-02-08T06:00:00Z flights 2013-02-08 routes | 12 rows"),
    (Array("12 rows".utf8), .prefixed, "<6>flights 2013-02-08 routes | 12 rows"),
    (Array("12 rows".utf8), .coloured, "\u{1B}[2m2013-02-08T06:00:00Z flights 2013-02-08 routes |\u{1B}[0m 12 rows"),
    (
      Array("a\tb\u{1B}[31m\r\u{7F}\u{0}é".utf8), .prefixed,
      "<6>flights 2013-02-08 routes | a\tb\\x1b[31m\\x0d\\x7f\\x00é"
    ),
    (
      Array("red \u{9B}31m Â".utf8), .prefixed, "<6>flights 2013-02-08 routes | red \\xc2\\x9b31m Â"
    ),
    ([], .plain, "2013-02-08T06:00:00Z flights 2013-02-08 routes | "),
  ]

  @Test(arguments: lines)
  func `a line of output names its attempt and cannot steer a terminal`(bytes: [UInt8], style: Style, line: String) {
    let shown = StandardErrorSink.line(bytes, of: Sample.attempt, at: Sample.instant, style: style)
    #expect(String(decoding: shown, as: UTF8.self) == line)
  }

  @Test func `bytes that are no text pass`() {
    let shown = StandardErrorSink.line([0xFF, 0xFE], of: Sample.attempt, at: Sample.instant, style: .prefixed)
    #expect(shown == Array("<6>flights 2013-02-08 routes | ".utf8) + [0xFF, 0xFE])
    let cut = StandardErrorSink.line([0xC2], of: Sample.attempt, at: Sample.instant, style: .prefixed)
    #expect(cut == Array("<6>flights 2013-02-08 routes | ".utf8) + [0xC2])
  }

  @Test func `events and output come out of the descriptor as whole lines in order`() throws {
    let pipe = Pipe()
    let sink = StandardErrorSink(
      style: .plain, clock: StandingClock(instant: Sample.instant),
      descriptor: pipe.fileHandleForWriting.fileDescriptor)
    sink.take(line: Array("12 rows".utf8), isError: false, of: Sample.attempt)
    sink.hand(over: Sample.dateDone, at: Sample.instant)
    try pipe.fileHandleForWriting.close()
    let written = try #require(try pipe.fileHandleForReading.readToEnd())
    #expect(
      String(decoding: written, as: UTF8.self) == """
        2013-02-08T06:00:00Z flights 2013-02-08 routes | 12 rows
        2013-02-08T06:00:00Z flights 2013-02-08 done (pass)

        """)
  }

  @Test func `a line longer than the pipe waits for a slow reader and comes through whole`() async throws {
    let pipe = Pipe()
    let writing = pipe.fileHandleForWriting.fileDescriptor
    #expect(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
    let line = [UInt8](repeating: 0x78, count: 300_000)
    let written = Task.detached {
      StandardError.write(line: line, to: writing)
      try pipe.fileHandleForWriting.close()
    }
    let read = try #require(try pipe.fileHandleForReading.readToEnd())
    try await written.value
    #expect(Array(read) == line + [0x0A])
  }
}
