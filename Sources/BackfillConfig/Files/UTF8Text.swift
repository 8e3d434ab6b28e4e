/// Checking that bytes are a text that a person wrote.
enum UTF8Text {
  /// Decodes `bytes`; refuses what is not UTF-8, and control characters other than tab and line breaks.
  static func text(of bytes: [UInt8]) throws(FileProblem) -> String {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    var line = 1
    var column = 1
    var offset = body.startIndex
    var rest = body.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    while true {
      switch parser.parseScalar(from: &rest) {
      case .emptyInput:
        return String(decoding: body, as: UTF8.self)
      case .error:
        throw FileProblem(
          "not UTF-8: byte \(offset + 1) of the file is \(hexadecimal(UInt32(bytes[offset]), digits: 2))",
          at: Position(line: line, column: column), hint: "save the file as UTF-8")
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        guard !isControl(scalar) else {
          throw FileProblem(
            "control character U+\(hexadecimal(scalar.value, digits: 4))", at: Position(line: line, column: column),
            hint: "remove it")
        }
        offset += encoded.count
        (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
      }
    }
  }

  /// What YAML does not allow. Source: YAML 1.1, section 5.1, "Character Set".
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x85: false
    case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
