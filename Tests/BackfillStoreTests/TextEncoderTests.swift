import BackfillCore
import Foundation
import Testing

@testable import BackfillStore

/// The texts in which the ledger keeps structured values.
struct TextEncoderTests {
  private struct Everything: Codable, Equatable {
    var b = "text"
    var a: Int? = -1
    var list = [[1, 2], []]
    var table: [String: Double] = ["z": 0.1, "y": 1e-7, "x": -2]
    var absent: String?
    var isTrue = true
    var large = UInt64.max
    var duration = Duration.milliseconds(-1500)
    var date = CivilDate(daysSinceEpoch: 15_000)
    var attempt = AttemptIdentity(
      window: "quote \" and \\", date: CivilDate(daysSinceEpoch: -1), step: "s", attempt: 2, runID: "r", chunk: 3)
  }

  @Test func `keys are sorted, whatever their order`() throws {
    let text = try TextEncoder.text(of: Everything())
    let foundation = String(decoding: try JSONEncoder().encode(Duration.milliseconds(-1500)), as: UTF8.self)
    #expect(
      text
        == #"{"a":-1,"attempt":{"attempt":2,"chunk":3,"date":"1969-12-31","runID":"r","step":"s","#
        + #""window":"quote \" and \\"},"b":"text","date":"2011-01-26","duration":\#(foundation),"isTrue":true,"#
        + #""large":18446744073709551615,"list":[[1,2],[]],"table":{"x":-2.0,"y":1e-07,"z":0.1}}"#)
  }

  @Test func `Foundation's decoder reads what was written`() throws {
    let text = try TextEncoder.text(of: Everything())
    #expect(try JSONDecoder().decode(Everything.self, from: Data(text.utf8)) == Everything())
  }

  @Test(arguments: ["", "quote \" and \\", "line\nfeed\ttab\u{0}nul\u{1F}", "/ slash", "ünï😀\u{2028}"])
  func `every string comes back`(_ value: String) throws {
    let text = try TextEncoder.text(of: [value])
    #expect(!text.utf8.contains { $0 < 0x20 })
    #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == [value])
  }

  @Test func `numbers that are not finite are words`() throws {
    #expect(try TextEncoder.text(of: [Double.infinity, -.infinity, .nan]) == #"["inf","-inf","nan"]"#)
  }

  @Test func `the text is the one that Foundation writes`() throws {
    let attempt = AttemptIdentity(
      window: "w \"q\"", date: CivilDate(daysSinceEpoch: 15_000), step: "s", attempt: 12, runID: "r", chunk: 3)
    let plain = StepVerdict(word: .warn, findings: [], sentence: "1 of 2 \\ 3")
    try expectFoundationsText(of: attempt)
    try expectFoundationsText(of: plain)
    try expectFoundationsText(of: JournalEvent.stepJudged(attempt, verdict: plain, duration: .nanoseconds(-7)))
    try expectFoundationsText(of: [Duration.seconds(1 << 40), .zero, .milliseconds(-1)])
    try expectFoundationsText(of: [Verdict.pass, .anomaly])
    try expectFoundationsText(of: [["b": ["d": [1], "c": []], "a": [:]], [:]] as [[String: [String: [Int]]]])
    try expectFoundationsText(of: [3: "c", 1: "a", 20: "b"])
    try expectFoundationsText(of: ["k": Optional<Int>.none, "a": 1])
  }

  @Test func `the texts of frequent values are those of the encoder`() throws {
    let attempt = AttemptIdentity(
      window: "w \"q\"", date: CivilDate(daysSinceEpoch: 15_000), step: "s\\", attempt: 12, runID: "r", chunk: 3)
    let plain = StepVerdict(word: .pass, findings: [], sentence: "took 3 ms\t-> pass")
    let told = StepVerdict(
      word: .warn, findings: [Finding(reason: .noRecords, word: .warn, sentence: "none")], sentence: "none")
    let events: [JournalEvent] = [
      .stepStarted(attempt), .stepJudged(attempt, verdict: plain, duration: .nanoseconds(-7)),
      .stepJudged(attempt, verdict: plain, duration: .seconds(1 << 40)),
      .dateDone(window: "w \"q\"", date: attempt.date, chunk: .max, verdict: .inconclusive),
    ]
    for event in events { #expect(try JSONText.text(of: event) == TextEncoder.text(of: event)) }
    #expect(try JSONText.text(of: plain) == TextEncoder.text(of: plain))
    #expect(JSONText.text(of: told) == nil)
    #expect(try JSONText.text(of: JournalEvent.stepJudged(attempt, verdict: told, duration: .zero)) == nil)
    #expect(try JSONText.text(of: JournalEvent.windowCompleted(window: "w")) == nil)
  }

  /// Uses what Codable allows and the types of the ledger do not need.
  private struct Unusual: Encodable {
    enum Key: CodingKey { case z, first, second, list, a }
    enum Inner: CodingKey { case y, x }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeNil(forKey: .z)
      var inner = container.nestedContainer(keyedBy: Inner.self, forKey: .first)
      try inner.encode(true, forKey: .y)
      try inner.encode(Float(0.5), forKey: .x)
      try "above".encode(to: container.superEncoder(forKey: .second))
      var list = container.nestedUnkeyedContainer(forKey: .list)
      try list.encodeNil()
      var object = list.nestedContainer(keyedBy: Inner.self)
      try object.encode("\"", forKey: .y)
      var numbers = list.nestedUnkeyedContainer()
      try numbers.encode(UInt8(7))
      try 8.encode(to: numbers.superEncoder())
      #expect(list.count == 3 && numbers.count == 2)
      try "base".encode(to: container.superEncoder())
      // The same object once more, which gets another member.
      var again = encoder.container(keyedBy: Key.self)
      try again.encode(Int64.min, forKey: .a)
    }
  }

  @Test func `containers in containers, of a super class and asked for twice`() throws {
    try expectFoundationsText(of: Unusual())
    try expectFoundationsText(of: [Unusual(), Unusual()])
  }

  @Test func `a value that says nothing of itself is null`() throws {
    struct Silent: Encodable {
      func encode(to encoder: any Encoder) {}
    }
    #expect(try TextEncoder.text(of: [Silent(), Silent()]) == "[null,null]")
    #expect(try TextEncoder.text(of: ["key": Silent()]) == #"{"key":null}"#)
  }

  private func expectFoundationsText(of value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    #expect(try TextEncoder.text(of: value) == String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  @Test func `every event comes back`() throws {
    for event in [
      JournalEvent.stepFailed(
        AttemptIdentity(
          window: "w", date: CivilDate(daysSinceEpoch: 0), step: "s", attempt: 1, runID: "r", chunk: 1),
        reason: "x", retryIn: .seconds(30)),
      .stepJudged(
        AttemptIdentity(
          window: "w", date: CivilDate(daysSinceEpoch: 0), step: "s", attempt: 1, runID: "r", chunk: 1),
        verdict: StepVerdict(word: .pass, findings: [], sentence: "a \"b\""), duration: .nanoseconds(-1)),
      .windowPaused(window: "w", date: nil, reason: "why", by: "ada"),
      .daemonStopping,
    ] {
      let text = try TextEncoder.text(of: event)
      #expect(try Coding.value(JournalEvent.self, from: text) == event)
    }
  }
}
