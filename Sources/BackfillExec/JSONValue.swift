/// A JSON value as it was written. Source: RFC 8259.
indirect enum JSONValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  /// The text of the number: nothing is lost by reading it.
  case number(String)
  case text(String)
  case array([JSONValue])
  case object([JSONMember])

  /// As a message quotes it: short.
  var quoted: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .number(let text): text.count <= 40 ? text : "\(text.prefix(40))..."
    case .text(let text): text.count <= 40 ? "\"\(text)\"" : "\"\(text.prefix(40))...\""
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// One member of an object. A name may occur twice.
struct JSONMember: Equatable, Sendable {
  let name: String
  let value: JSONValue
}

/// What is wrong with a text that should be JSON.
struct JSONProblem: Error, Equatable, Sendable {
  let words: String
  /// From 1.
  let line: Int
  /// From 1, in characters of UTF-8.
  let column: Int
}
