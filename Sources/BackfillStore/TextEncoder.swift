/// Writes values as JSON with sorted keys, so that equal values are equal texts; `JSONDecoder` reads them.
///
/// Foundation's encoder takes several times as long, and is then a tenth of what a date costs. This one writes each thing when it
/// comes: a container that was left for another one takes nothing more.
struct TextEncoder: Encoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  fileprivate let text: JSONText
  /// Of what the value is part of.
  fileprivate let depth: Int

  /// The text of `value`.
  static func text(of value: some Encodable) throws -> String {
    let text = JSONText()
    try text.encode(value, in: 0)
    return text.finish()
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Members(text: text, depth: text.begin(isObject: true, in: depth)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    Elements(text: text, depth: text.begin(isObject: false, in: depth))
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    Single(text: text, depth: depth)
  }
}

extension JSONText {
  /// Writes `value`, which is part of the structure at `depth`. One that says nothing of itself is null.
  func encode(_ value: some Encodable, in depth: Int) throws {
    let before = size
    try value.encode(to: TextEncoder(text: self, depth: depth))
    if size == before { write(literal: "null") }
  }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let text: JSONText
  let depth: Int
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil(forKey key: Key) { literal("null", key) }
  mutating func encode(_ value: Bool, forKey key: Key) { literal(value ? "true" : "false", key) }
  mutating func encode(_ value: Int, forKey key: Key) { literal(String(value), key) }
  mutating func encode(_ value: Int64, forKey key: Key) { literal(String(value), key) }

  mutating func encode(_ value: String, forKey key: Key) {
    text.beginMember(key.stringValue, at: depth)
    text.write(value)
  }

  mutating func encode(_ value: Double, forKey key: Key) {
    text.beginMember(key.stringValue, at: depth)
    text.write(value)
  }

  mutating func encode(_ value: some Encodable, forKey key: Key) throws {
    text.beginMember(key.stringValue, at: depth)
    try text.encode(value, in: depth)
  }

  mutating func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Inner> {
    encoder(key).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder(key).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder { encoder("super") }
  mutating func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

  private func literal(_ word: String, _ key: Key) {
    text.beginMember(key.stringValue, at: depth)
    text.write(literal: word)
  }

  private func encoder(_ key: Key) -> TextEncoder { encoder(key.stringValue) }

  private func encoder(_ key: String) -> TextEncoder {
    text.beginMember(key, at: depth)
    return TextEncoder(text: text, depth: depth)
  }
}

private struct Elements: UnkeyedEncodingContainer {
  let text: JSONText
  let depth: Int
  var codingPath: [any CodingKey] { [] }
  var count: Int { text.count(at: depth) }

  mutating func encodeNil() {
    text.beginElement(at: depth)
    text.write(literal: "null")
  }

  mutating func encode(_ value: some Encodable) throws {
    text.beginElement(at: depth)
    try text.encode(value, in: depth)
  }

  mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
    encoder().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
  mutating func superEncoder() -> any Encoder { encoder() }

  private func encoder() -> TextEncoder {
    text.beginElement(at: depth)
    return TextEncoder(text: text, depth: depth)
  }
}

private struct Single: SingleValueEncodingContainer {
  let text: JSONText
  let depth: Int
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil() { text.write(literal: "null") }
  mutating func encode(_ value: Bool) { text.write(literal: value ? "true" : "false") }
  mutating func encode(_ value: String) { text.write(value) }
  mutating func encode(_ value: Double) { text.write(value) }
  mutating func encode(_ value: Float) { text.write(Double(value)) }
  mutating func encode(_ value: Int) { write(value) }
  mutating func encode(_ value: Int8) { write(value) }
  mutating func encode(_ value: Int16) { write(value) }
  mutating func encode(_ value: Int32) { write(value) }
  mutating func encode(_ value: Int64) { write(value) }
  mutating func encode(_ value: UInt) { write(value) }
  mutating func encode(_ value: UInt8) { write(value) }
  mutating func encode(_ value: UInt16) { write(value) }
  mutating func encode(_ value: UInt32) { write(value) }
  mutating func encode(_ value: UInt64) { write(value) }

  mutating func encode(_ value: some Encodable) throws {
    try text.encode(value, in: depth)
  }

  private func write(_ value: some BinaryInteger) {
    text.write(literal: "\(value)")
  }
}
