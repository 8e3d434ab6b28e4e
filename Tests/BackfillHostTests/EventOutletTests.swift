import Foundation
import Testing

@testable import BackfillHost

struct EventOutletTests {
  typealias Facts = StandardErrorFacts

  static let choices: [(facts: Facts, isForJournal: Bool)] = [
    (Facts(), false),
    (Facts(isJournalStream: true, hasJournalSocket: true, isBooted: true), true),
    (Facts(isJournalStream: true, hasJournalSocket: true), true),
    (Facts(isJournalStream: true), false),
    (Facts(isTerminal: true, hasJournalSocket: true, isBooted: true), false),
    (Facts(isDiscarded: true, hasJournalSocket: true, isBooted: true), true),
    (Facts(isDiscarded: true, hasJournalSocket: true), false),
    (Facts(isDiscarded: true, isBooted: true), false),
  ]

  @Test(arguments: choices)
  func `the journal is chosen when nobody else reads standard error`(facts: Facts, isForJournal: Bool) {
    #expect(facts.isForJournal == isForJournal)
  }

  static let styles: [(facts: Facts, style: StandardErrorSink.Style)] = [
    (Facts(), .plain),
    (Facts(isTerminal: true), .coloured),
    (Facts(isTerminal: true, isColourless: true), .plain),
    (Facts(isJournalStream: true), .prefixed),
  ]

  @Test(arguments: styles)
  func `the style is that of the reader`(facts: Facts, style: StandardErrorSink.Style) {
    #expect(facts.style == style)
  }

  @Test func `a stream that JOURNAL_STREAM names is the stream of the journal`() {
    let pipe = Pipe()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    var facts = stat()
    #expect(fstat(descriptor, &facts) == 0)
    let stream = "\(facts.st_dev):\(facts.st_ino)"
    #expect(Facts(environment: ["JOURNAL_STREAM": stream], descriptor: descriptor).isJournalStream)
    #expect(!Facts(environment: ["JOURNAL_STREAM": stream + "0"], descriptor: descriptor).isJournalStream)
    #expect(!Facts(environment: [:], descriptor: descriptor).isJournalStream)
  }

  @Test func `the null device and a closed descriptor are discarded, a pipe is not`() throws {
    let null = try #require(FileHandle(forWritingAtPath: "/dev/null"))
    #expect(Facts(environment: [:], descriptor: null.fileDescriptor).isDiscarded)
    #expect(Facts(environment: [:], descriptor: -1).isDiscarded)
    let pipe = Pipe()
    #expect(!Facts(environment: [:], descriptor: pipe.fileHandleForWriting.fileDescriptor).isDiscarded)
  }

  @Test func `a terminal is seen`() throws {
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    defer { close(terminal) }
    #expect(Facts(environment: [:], descriptor: terminal).isTerminal)
    let pipe = Pipe()
    #expect(!Facts(environment: [:], descriptor: pipe.fileHandleForWriting.fileDescriptor).isTerminal)
  }

  static let colours: [(environment: [String: String], isColourless: Bool)] = [
    ([:], false), (["NO_COLOR": ""], false), (["NO_COLOR": "1"], true), (["TERM": "dumb"], true),
    (["TERM": "xterm"], false),
  ]

  @Test(arguments: colours)
  func `NO_COLOR and a dumb terminal turn colours off`(environment: [String: String], isColourless: Bool) {
    #expect(Facts(environment: environment, descriptor: -1).isColourless == isColourless)
  }

  @Test func `the journal's socket is looked for`() throws {
    let directory = try TemporaryDirectory()
    let socket = try directory.write(Data(), to: "socket")
    #expect(Facts(environment: [:], descriptor: -1, journalSocket: socket).hasJournalSocket)
    #expect(!Facts(environment: [:], descriptor: -1, journalSocket: socket + "0").hasJournalSocket)
  }
}
