import BackfillCore

/// A request has a key that means nothing. It is refused: `dryrun` for `dry_run` must not start what was only asked about.
struct UnknownKey: Error {
  /// The key, behind those that lead to it.
  let path: [any CodingKey]
  let known: [String]

  /// What was meant, or what there is.
  var hint: String {
    if known.isEmpty { return "there are no keys here" }
    return path.last.flatMap { Suggestion.hint(for: $0.stringValue, among: known) }
      ?? "known here: " + known.map { "`\($0)`" }.joined(separator: ", ")
  }
}

/// Any key of a JSON object.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) {
    self.stringValue = stringValue
  }

  init?(intValue: Int) { nil }
}

extension Decoder {
  /// An object of a request, which has no other keys than those of `Keys`.
  func container<Keys: CodingKey & CaseIterable>(ofOnly keys: Keys.Type) throws -> KeyedDecodingContainer<Keys> {
    let given = try container(keyedBy: AnyKey.self).allKeys
    let known = Keys.allCases.map(\.stringValue)
    // The keys of an object come in no order: the same request gets the same answer.
    if let other = given.filter({ !known.contains($0.stringValue) }).min(by: { $0.stringValue < $1.stringValue }) {
      throw UnknownKey(path: codingPath + [other], known: known)
    }
    return try container(keyedBy: keys)
  }
}

extension KeyedDecodingContainer {
  /// One of the words that `Word` has as raw values.
  func decode<Word: RawRepresentable & CaseIterable>(wordOf type: Word.Type, forKey key: Key) throws -> Word
  where Word.RawValue == String {
    let text = try decode(String.self, forKey: key)
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    let hint = Suggestion.hint(for: text, among: words).map { "; \($0)" } ?? ""
    throw DecodingError.dataCorruptedError(
      forKey: key, in: self, debugDescription: "`\(text)` is not one of \(words.joined(separator: ", "))\(hint)")
  }
}

/// A `DateRange` of a request.
struct GivenRange: Decodable {
  let range: DateRange

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case from, to
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    range = DateRange(
      from: try container.decode(CivilDate.self, forKey: .from), to: try container.decode(CivilDate.self, forKey: .to))
  }
}

/// A `RerunCount` of a request.
struct GivenCount: Decodable {
  let count: RerunCount

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case dates, steps
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    count = RerunCount(
      dates: try container.decode(Int.self, forKey: .dates), steps: try container.decode(Int.self, forKey: .steps))
  }
}
