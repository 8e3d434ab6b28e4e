import ArgumentParser
import BackfillControl
import BackfillCore
import Glibc

/// `judge`: cases on standard input, one JSON object a line, one answer a line.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge", abstract: "Judge cases from standard input, one JSON object a line.",
    discussion: "Nothing is read or written besides. A line that makes no sense gets an error, and exit status 1.")

  func run() throws {
    var input = InputLines()
    var number = 0
    var areAllGood = true
    while let line = try input.next() {
      number += 1
      guard line.contains(where: { $0 > 32 }) else { continue }
      let (answer, isGood) = try Self.answer(to: line, number: number)
      areAllGood = areAllGood && isGood
      try Console.write(answer + "\n")
    }
    if !areAllGood { throw CommandFailure(.refused, "some lines make no sense; see `error` in the answers") }
  }

  private static func answer(to line: [UInt8], number: Int) throws(CommandFailure) -> (String, isGood: Bool) {
    let judgeCase: JudgeCase
    do {
      judgeCase = try ControlCoding.decode(JudgeCase.self, from: line)
    } catch {
      return (try encoded(BadLine(id: .none, error: error.message, line: number)), false)
    }
    if case .invalid(let identity, let why) = judgeCase {
      return (try encoded(BadLine(id: identity, error: why, line: number)), false)
    }
    return (try encoded(Judge.answer(judgeCase)), true)
  }

  private static func encoded(_ answer: some Encodable) throws(CommandFailure) -> String {
    do {
      return String(decoding: try ControlCoding.encode(answer), as: UTF8.self)
    } catch {
      throw CommandFailure(.refused, "an answer cannot be written as JSON: \(error.message)")
    }
  }
}

/// The answer to a line that makes no sense.
private struct BadLine: Encodable {
  let id: JudgeIdentity
  let error: String
  /// Counted from 1.
  let line: Int
}

/// Standard input, line by line.
private struct InputLines {
  /// Longer lines are refused: nothing that can be judged is as long.
  private static let limit = 64 << 20

  private var buffer: [UInt8] = []
  private var isAtEnd = false

  /// The next line without its line feed; `nil` at the end.
  mutating func next() throws(CommandFailure) -> [UInt8]? {
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[..<end])
        buffer.removeFirst(end + 1)
        return line
      }
      if isAtEnd {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : buffer
      }
      guard buffer.count <= Self.limit else { throw CommandFailure(.refused, "a line is longer than 64 MiB") }
      searched = buffer.count
      try fill()
    }
  }

  private mutating func fill() throws(CommandFailure) {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count > 0 {
      buffer += chunk[..<count]
    } else if count == 0 {
      isAtEnd = true
    } else if errno != EINTR {
      throw CommandFailure(.refused, "cannot read standard input: \(String(cString: strerror(errno)))")
    }
  }
}
