/// Texts and numbers that JSON does not have: the decoder finds them when the value is asked for, and does not say where.
enum Unreadable {
  /// What `read` gives; what it cannot read becomes an error that names `path`.
  static func said<Value>(at path: [any CodingKey], _ read: () throws -> Value) throws -> Value {
    do {
      return try read()
    } catch let error as DecodingError {
      throw error
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: path, debugDescription: sentence(of: error)))
    }
  }

  /// By the decoder's own word for it, which is all that it tells.
  private static func sentence(of error: any Error) -> String {
    let word = "\(error)"
    if word.hasPrefix("numberIsNotRepresentable") { return "is out of range" }
    if word.hasPrefix("numberWithLeadingZero") { return "has a zero before its digits, which JSON does not allow" }
    if word.contains("Surrogate") { return "holds half of a character" }
    return "is not written as JSON has it"
  }
}

extension KeyedDecodingContainer {
  /// The value of `key`; `nil` where there is none, or `null`.
  func value<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
    try Unreadable.said(at: codingPath + [key]) { try decodeIfPresent(type, forKey: key) }
  }
}
