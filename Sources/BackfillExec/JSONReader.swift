/// Reads one JSON value, strictly: no comments, no trailing commas, no NaN. Source: RFC 8259.
struct JSONReader {
  /// Deeper nesting is refused.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var index = 0

  /// Reads `bytes` as one value with nothing but blanks around it.
  static func read(_ bytes: [UInt8]) throws(JSONProblem) -> JSONValue {
    var reader = JSONReader(bytes: bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
    let value = try reader.value(depth: 0)
    reader.skipBlanks()
    guard reader.index == bytes.count else { throw reader.problem("unexpected text after the value") }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func problem(_ words: String, at position: Int? = nil) -> JSONProblem {
    let before = bytes[..<(position ?? index)]
    let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    // Bytes that continue a character do not count.
    let column = before[start...].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    return JSONProblem(words: words, line: line, column: column)
  }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
  }

  private mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
    guard depth <= Self.depthLimit else { throw problem("nested deeper than \(Self.depthLimit) levels") }
    skipBlanks()
    guard let byte = next else { throw problem("unexpected end") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: return try word()
    }
  }

  private mutating func members(depth: Int) throws(JSONProblem) -> [JSONMember] {
    var members: [JSONMember] = []
    index += 1
    skipBlanks()
    if next == UInt8(ascii: "}") {
      index += 1
      return members
    }
    while true {
      skipBlanks()
      guard let byte = next else { throw problem("unexpected end inside an object") }
      guard byte == UInt8(ascii: "\"") else { throw problem("expected a name in double quotes") }
      let name = try text()
      skipBlanks()
      guard next == UInt8(ascii: ":") else {
        throw problem(next == nil ? "unexpected end inside an object" : "expected `:` after a name")
      }
      index += 1
      members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
      if try isClosed(by: "}", inside: "an object") { return members }
    }
  }

  private mutating func elements(depth: Int) throws(JSONProblem) -> [JSONValue] {
    var elements: [JSONValue] = []
    index += 1
    skipBlanks()
    if next == UInt8(ascii: "]") {
      index += 1
      return elements
    }
    while true {
      elements.append(try value(depth: depth + 1))
      if try isClosed(by: "]", inside: "an array") { return elements }
    }
  }

  /// Reads a comma (false) or the closing bracket (true).
  private mutating func isClosed(by bracket: Character, inside: String) throws(JSONProblem) -> Bool {
    skipBlanks()
    guard let byte = next else { throw problem("unexpected end inside \(inside)") }
    guard byte == UInt8(ascii: ",") || byte == bracket.asciiValue else { throw problem("expected `,` or `\(bracket)`") }
    index += 1
    return byte == bracket.asciiValue
  }

  private mutating func word() throws(JSONProblem) -> JSONValue {
    let start = index
    while let byte = next, Self.isLetter(byte) { index += 1 }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    switch word {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "": throw problem("expected a value", at: start)
    case "NaN", "nan", "Infinity", "inf", "Inf": throw problem("\(word) is not a JSON number", at: start)
    default: throw problem("`\(word.prefix(40))` is not a JSON value", at: start)
    }
  }

  private mutating func number() throws(JSONProblem) -> String {
    let start = index
    if next == UInt8(ascii: "-") { index += 1 }
    let first = next
    let whole = digits()
    if whole == 0 {
      while let byte = next, Self.isLetter(byte) { index += 1 }
      let text = String(decoding: bytes[start..<index].prefix(40), as: UTF8.self)
      throw problem("\(text) is not a JSON number", at: start)
    }
    guard whole == 1 || first != UInt8(ascii: "0") else { throw problem("a number begins with 0", at: start) }
    if next == UInt8(ascii: ".") {
      index += 1
      guard digits() > 0 else { throw problem("expected a digit after the decimal point") }
    }
    if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
      index += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
      guard digits() > 0 else { throw problem("expected a digit in the exponent") }
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() -> Int {
    let start = index
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    return index - start
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private mutating func text() throws(JSONProblem) -> String {
    let start = index
    index += 1
    var content: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") {
        try escape(into: &content)
      } else if byte < 0x20 {
        throw problem("a control character inside a text")
      } else {
        content.append(byte)
        index += 1
      }
    }
    guard next != nil else { throw problem("a text is not closed", at: start) }
    index += 1
    guard let text = String(validating: content, as: UTF8.self) else { throw problem("a text is not UTF-8", at: start) }
    return text
  }

  private mutating func escape(into content: inout [UInt8]) throws(JSONProblem) {
    let start = index
    index += 1
    guard let byte = next else { throw problem("unexpected end inside a text") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): content += String(try scalar(from: start)).utf8
    default: throw problem("an unknown escape inside a text", at: start)
    }
  }

  /// The character of `\uXXXX`, or of a pair of them.
  private mutating func scalar(from start: Int) throws(JSONProblem) -> Character {
    let first = try fourDigits(from: start)
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    guard (0xD800..<0xDC00).contains(first), next == UInt8(ascii: "\\"), index + 1 < bytes.count,
      bytes[index + 1] == UInt8(ascii: "u")
    else { throw problem("half a surrogate pair inside a text", at: start) }
    index += 2
    let second = try fourDigits(from: start)
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw problem("half a surrogate pair inside a text", at: start) }
    return Character(scalar)
  }

  private mutating func fourDigits(from start: Int) throws(JSONProblem) -> UInt32 {
    let end = index + 4
    guard end <= bytes.count, bytes[index..<end].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: bytes[index..<end], as: UTF8.self), radix: 16)
    else { throw problem("expected four hexadecimal digits after \\u", at: start) }
    index = end
    return value
  }
}
