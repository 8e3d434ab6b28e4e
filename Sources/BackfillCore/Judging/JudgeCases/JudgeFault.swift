/// Why a line makes no sense.
struct JudgeFault: Error, Equatable {
  let sentence: String

  init(_ sentence: String) {
    self.sentence = sentence
  }

  /// Says which key has a value of the wrong type.
  init(_ error: DecodingError) {
    switch error {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      self.init("\(Self.subject(context.codingPath)) is not \(Self.noun(type))")
    case .dataCorrupted(let context):
      let path = context.codingPath
      self.init("\(Self.subject(path))\(path.isEmpty ? ":" : "") \(context.debugDescription)")
    case .keyNotFound(let key, _):
      self.init("`\(key.stringValue)` is missing")
    @unknown default:
      self.init("\(error)")
    }
  }

  /// `text` in backticks, in one line, cut after 40 characters.
  static func quoted(_ text: String) -> String { Array(text.prefix(41))[...].quoted }

  /// `dates[3].n` in backticks, or `the line` for the whole.
  private static func subject(_ keys: [any CodingKey]) -> String {
    let path = keys.reduce("") { path, key in
      if let index = key.intValue { return "\(path)[\(index)]" }
      let name = quoted(key.stringValue).dropFirst().dropLast()
      return path.isEmpty ? String(name) : "\(path).\(name)"
    }
    return path.isEmpty ? "the line" : "`\(path)`"
  }

  private static func noun(_ type: any Any.Type) -> String {
    if type == Int.self { return "a whole number" }
    if type == Double.self { return "a number" }
    if type == Bool.self { return "true or false" }
    if type == String.self { return "text" }
    return "\(type)".hasPrefix("Array") ? "a list" : "an object"
  }
}
