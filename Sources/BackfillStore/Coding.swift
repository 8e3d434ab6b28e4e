import BackfillCore
import Foundation

/// How structured values are kept in a column: JSON with sorted keys, so that equal values are equal texts.
enum Coding {
  private static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }()

  /// The text that `value` is kept as.
  static func text(of value: some Encodable) throws(LedgerFailure) -> String {
    try text(of: value) { try TextEncoder.text(of: value) }
  }

  static func text(of event: JournalEvent) throws(LedgerFailure) -> String {
    try text(of: event) { try JSONText.text(of: event) ?? TextEncoder.text(of: event) }
  }

  static func text(of verdict: StepVerdict) throws(LedgerFailure) -> String {
    try text(of: verdict) { try JSONText.text(of: verdict) ?? TextEncoder.text(of: verdict) }
  }

  private static func text<Value>(of value: Value, _ write: () throws -> String) throws(LedgerFailure) -> String {
    do {
      return try write()
    } catch {
      throw LedgerFailure("a \(Value.self) cannot be written as JSON: \(error)")
    }
  }

  /// The value that `text` stands for; the failure quotes the start of a text that cannot be read.
  static func value<Value: Decodable>(_ type: Value.Type, from text: String) throws(LedgerFailure) -> Value {
    do {
      return try decoder.decode(type, from: Data(text.utf8))
    } catch {
      throw LedgerFailure("the ledger holds a \(type) that cannot be read: \(text.prefix(200))", .unreadable)
    }
  }

  /// The date that `text` stands for.
  static func date(_ text: String) throws(LedgerFailure) -> CivilDate {
    guard let date = CivilDate(iso: text) else {
      throw LedgerFailure("the ledger holds `\(text)` where a date is expected", .unreadable)
    }
    return date
  }

  /// The state, kind or verdict that `text` stands for.
  static func word<Word: RawRepresentable>(_ type: Word.Type, _ text: String) throws(LedgerFailure) -> Word
  where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
      throw LedgerFailure("the ledger holds `\(text)` where a \(type) is expected", .unreadable)
    }
    return word
  }
}
