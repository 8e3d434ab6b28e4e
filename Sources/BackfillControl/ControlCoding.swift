import BackfillCore
import FoundationEssentials

/// How values become JSON on the control socket and in every `--json`: keys sorted, slashes as they are, UTF-8.
public enum ControlCoding {
  /// Encodes `value`; one line, or indented for a person.
  public static func encode(_ value: some Encodable, pretty: Bool = false) throws(CodingFailure) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return try Array(encoder.encode(value))
    } catch {
      throw CodingFailure(Self.sentence(of: error))
    }
  }

  /// Decodes one JSON text.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: some Sequence<UInt8>
  ) throws(CodingFailure) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw CodingFailure(Self.sentence(of: error))
    }
  }

  private static func sentence(of error: any Error) -> String {
    switch error {
    case let error as UnknownKey:
      "unknown key `\(path(error.path).onOneLine)`; \(error.hint)"
    case DecodingError.keyNotFound(let key, let context):
      "the key `\(path(context.codingPath + [key]))` is missing"
    case DecodingError.typeMismatch(_, let context) where context.codingPath.isEmpty:
      "it is not a JSON object"
    case DecodingError.typeMismatch(let type, let context):
      "`\(path(context.codingPath))` is not \(words(for: type))"
    case DecodingError.valueNotFound(let type, let context):
      "`\(path(context.codingPath))` is null, not \(words(for: type))"
    case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty:
      "it is not JSON"
    case DecodingError.dataCorrupted(let context):
      "`\(path(context.codingPath))`: \(wording(of: context))"
    case EncodingError.invalidValue(_, let context):
      context.debugDescription
    default: "\(error)"
    }
  }

  /// Our own words, or those for a word that an enumeration does not have, which Swift would say in its own.
  private static func wording(of context: DecodingError.Context) -> String {
    let text = context.debugDescription
    guard let found = text.firstRange(of: " from invalid String value ") else { return text }
    return "`\(text[found.upperBound...].onOneLine)` is not a word that is known here"
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    var text = ""
    for key in keys {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text
  }

  private static func words(for type: Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is Int.Type, is Int64.Type: "a whole number"
    case is Double.Type: "a number"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }
}

/// A value could not be read from JSON, or written to it; one sentence.
public struct CodingFailure: Error, Sendable, Equatable {
  public let message: String

  public init(_ message: String) {
    self.message = message
  }
}
