import Foundation
import Testing

/// `judge` over input that is not what it should be.
@Suite(.timeLimit(.minutes(2)))
struct JudgeProgramTests {
  private static let good = #"{"id":"ok","n":10,"k":1,"lo":0,"hi":0.5}"#

  private func answers(_ lines: [String]) async throws -> [Substring] {
    let end = try await run(["judge"], input: lines.joined(separator: "\n"))
    #expect(end.status == 1)
    return end.output.split(separator: "\n")
  }

  @Test func `a line that is too long is answered with its number, and the next are judged`() async throws {
    let long = String(repeating: " ", count: (64 << 20) + 1)
    let answers = try await answers([Self.good, long + Self.good, Self.good])
    #expect(answers.count == 3)
    #expect(answers[1] == #"{"error":"the line is longer than 64 MiB","id":null,"line":2}"#)
    #expect(answers[2] == answers[0])
  }

  @Test func `a number that JSON does not have is told with its key`() async throws {
    #expect(
      try await answers([#"{"id":"a","n":450,"k":140,"lo":0.25,"hi":NaN}"#]) == [
        #"{"error":"`hi` is NaN, which is no number of JSON","id":null,"line":1}"#
      ])
  }

  @Test func `a line that is not UTF-8 is told so`() async throws {
    var input = Data(#"{"id":""#.utf8)
    input.append(0xFF)
    input += Data("\"}\n\(Self.good)\n".utf8)
    let end = try await run(["judge"], input: input)
    #expect(end.status == 1)
    let answers = end.output.split(separator: "\n")
    #expect(answers.first == #"{"error":"the line is not UTF-8","id":null,"line":1}"#)
    #expect(answers.last?.contains(#""id":"ok""#) == true)
  }
}
