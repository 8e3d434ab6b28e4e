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
      guard let (answer, isGood) = try Self.answer(to: line, number: number) else { continue }
      areAllGood = areAllGood && isGood
      try Console.write(answer + "\n")
    }
    if !areAllGood { throw CommandFailure(.refused, "some lines make no sense; see `error` in the answers") }
  }

  /// `nil` for a line of blanks.
  private static func answer(
    to line: InputLines.Line, number: Int
  ) throws(CommandFailure) -> (String, isGood: Bool)? {
    func refused(_ why: String, as identity: JudgeIdentity = .none) throws(CommandFailure) -> (String, isGood: Bool) {
      (try encoded(BadLine(id: identity, error: why, line: number)), false)
    }
    guard case .bytes(let bytes) = line else {
      return try refused("the line is longer than \(InputLines.limit >> 20) MiB")
    }
    guard bytes.contains(where: { $0 > 32 }) else { return nil }
    guard String(validating: bytes, as: UTF8.self) != nil else { return try refused("the line is not UTF-8") }
    let judgeCase: JudgeCase
    do {
      judgeCase = try ControlCoding.decode(JudgeCase.self, from: bytes)
    } catch {
      return try refused(NotJSON.reason(bytes) ?? error.message)
    }
    if case .invalid(let identity, let why) = judgeCase { return try refused(why, as: identity) }
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
  enum Line {
    case bytes([UInt8])
    /// Longer than `limit`; it has been read and forgotten.
    case tooLong
  }

  /// Bytes of the longest line that is read: nothing that can be judged is as long.
  static let limit = 64 << 20

  private var buffer: [UInt8] = []
  private var isAtEnd = false

  /// The next line without its line feed; `nil` at the end.
  mutating func next() throws(CommandFailure) -> Line? {
    var searched = 0
    var isTooLong = false
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        isTooLong = isTooLong || end > Self.limit
        let line = isTooLong ? [] : Array(buffer[..<end])
        buffer.removeFirst(end + 1)
        return isTooLong ? .tooLong : .bytes(line)
      }
      if isAtEnd {
        defer { buffer = [] }
        if isTooLong || buffer.count > Self.limit { return .tooLong }
        return buffer.isEmpty ? nil : .bytes(buffer)
      }
      if buffer.count > Self.limit {
        isTooLong = true
        buffer = []
      }
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
