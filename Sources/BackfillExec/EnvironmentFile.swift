import Glibc

/// Reads a file of `NAME=VALUE` lines.
///
/// Blank lines and lines that begin with `#` or `;` are passed over, `export ` before a name too. Blanks around a name and at
/// both ends of a value do not count. A value may stand in single quotes, taken as it is, or in double quotes, where a
/// backslash keeps the meaning of `"`, `\`, `$` and `` ` `` away; in both it may have several lines. Nothing is ever expanded,
/// and without quotes a backslash is a backslash, as in the files of dotenv. A later line wins over an earlier one.
enum EnvironmentFile {
  /// Larger files are refused: 1 MiB.
  static let limit = 1 << 20

  /// Reads the file at `path`; values keep their bytes, whatever they are.
  static func read(_ path: String) throws(StartFailure) -> [String: [UInt8]] {
    let descriptor: Int32
    switch FileReading.open(path) {
    case .success(let opened): descriptor = opened
    case .failure(let problem): throw failure(path, problem)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path, .last) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .order("environment file \(path): not a regular file")
    }
    switch FileReading.bytes(of: descriptor, limit: limit + 1) {
    case .success(let bytes): return try parse(bytes, path: path)
    case .failure(let problem): throw failure(path, problem)
    }
  }

  /// Reads the text of a file; `path` is for messages only. No message shows a value: it may be a secret.
  static func parse(_ bytes: [UInt8], path: String) throws(StartFailure) -> [String: [UInt8]] {
    guard bytes.count <= limit else {
      throw .order("environment file \(path): larger than 1 MiB")
    }
    var entries: [String: [UInt8]] = [:]
    var number = 1
    var rest = bytes[...]
    while !rest.isEmpty {
      let line = firstLine(of: rest)
      rest = rest[line.endIndex...].dropFirst()
      defer { number += 1 + line.count { $0 == newline } }
      let content = trimmed(line)
      if isPassedOver(content) { continue }
      do {
        let (name, value) = try entry(content)
        entries[name] = value
      } catch {
        throw .order("environment file \(path):\(number): \(error.words)")
      }
    }
    return entries
  }

  private struct LineProblem: Error {
    let words: String
  }

  private static let newline = UInt8(ascii: "\n")

  private static func isPassedOver(_ content: ArraySlice<UInt8>) -> Bool {
    guard let first = content.first else { return true }
    return first == UInt8(ascii: "#") || first == UInt8(ascii: ";")
  }

  /// Up to the end of the line, with all lines of a value in quotes.
  private static func firstLine(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let line = bytes.prefix { $0 != newline }
    guard !isPassedOver(trimmed(line)), let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return line }
    let value = trimmed(line[(equals + 1)...])
    guard let quote = openingQuote(of: value), let end = closingQuote(quote, of: bytes[value.startIndex...]) else {
      return line
    }
    return bytes[..<(bytes[end...].firstIndex(of: newline) ?? bytes.endIndex)]
  }

  private static func openingQuote(of text: ArraySlice<UInt8>) -> UInt8? {
    guard let first = text.first, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") else { return nil }
    return first
  }

  /// Where the value ends that begins with `quote`; `nil`: it does not end.
  private static func closingQuote(_ quote: UInt8, of text: ArraySlice<UInt8>) -> Int? {
    var index = text.startIndex + 1
    while index < text.endIndex, text[index] != quote { index += isEscape(at: index, of: text, in: quote) ? 2 : 1 }
    return index < text.endIndex ? index : nil
  }

  /// A backslash that keeps the meaning of what follows away.
  private static func isEscape(at index: Int, of text: ArraySlice<UInt8>, in quote: UInt8) -> Bool {
    quote == UInt8(ascii: "\"") && text[index] == UInt8(ascii: "\\") && index + 1 < text.endIndex
      && "\"\\$`".utf8.contains(text[index + 1])
  }

  private static func failure(_ path: String, _ problem: SystemError) -> StartFailure {
    .order("environment file \(path): \(problem.words)")
  }

  private static func entry(_ content: ArraySlice<UInt8>) throws(LineProblem) -> (name: String, value: [UInt8]) {
    guard !content.contains(0) else { throw LineProblem(words: "a NUL byte cannot be part of an environment") }
    let export = Array("export ".utf8)
    let assignment = content.starts(with: export) ? trimmed(content.dropFirst(export.count)) : content
    guard let equals = assignment.firstIndex(of: UInt8(ascii: "=")) else {
      throw LineProblem(words: "expected NAME=VALUE")
    }
    let name = String(decoding: trimmed(assignment[..<equals]), as: UTF8.self)
    guard isName(name) else {
      throw LineProblem(
        words: "expected NAME=VALUE; a name is letters, digits and `_`, and does not begin with a digit")
    }
    return (name, try value(trimmed(assignment[(equals + 1)...])))
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }

  private static func value(_ text: ArraySlice<UInt8>) throws(LineProblem) -> [UInt8] {
    guard let quote = openingQuote(of: text) else { return Array(text) }
    guard let end = closingQuote(quote, of: text) else { throw LineProblem(words: "a quote is not closed") }
    var value: [UInt8] = []
    var index = text.startIndex + 1
    while index < end {
      if isEscape(at: index, of: text, in: quote) { index += 1 }
      value.append(text[index])
      index += 1
    }
    let rest = trimmed(text[(end + 1)...])
    guard rest.isEmpty || rest.first == UInt8(ascii: "#") else {
      throw LineProblem(words: "unexpected text after the closing quote")
    }
    return value
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in
      byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
    guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return [] }
    return bytes[...last].drop(while: isBlank)
  }
}
