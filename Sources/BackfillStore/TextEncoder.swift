/// Writes values as JSON with sorted keys, so that equal values are equal texts; `JSONDecoder` reads them.
///
/// Foundation's encoder takes several times as long, and is then a tenth of what a date costs. Numbers that are not finite are
/// the strings `inf`, `-inf` and `nan`.
struct TextEncoder: Encoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private let place: Place

  /// The text of `value`.
  static func text(of value: some Encodable) throws -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    try node(of: value).write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Members(node: place.begin(.object)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    Elements(node: place.begin(.array))
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    Single(place: place)
  }

  private init(place: Place) {
    self.place = place
  }

  /// For a member of `node` that comes by itself.
  fileprivate init(adding key: String, to node: Node) {
    self.init(place: Place())
    place.parent = (node, key)
  }

  fileprivate static func node(of value: some Encodable) throws -> Node {
    let place = Place()
    try value.encode(to: TextEncoder(place: place))
    return place.node
  }
}

/// Where a value comes to.
private final class Place {
  var node = Node(.null) {
    didSet { if let parent { parent.node.add(parent.key, node) } }
  }
  /// Of which it becomes a member as soon as it is there.
  var parent: (node: Node, key: String)?

  func begin(_ kind: Node.Kind) -> Node {
    node = Node(kind)
    return node
  }
}

/// A value that is complete, or an object or array that still grows.
private final class Node {
  enum Kind {
    case null, object, array
    case literal(String)
    case string(String)
  }

  let kind: Kind
  /// Of an object with their keys; the keys of an array are empty.
  private(set) var members: [(key: String, node: Node)] = []

  init(_ kind: Kind) {
    self.kind = kind
  }

  convenience init(_ value: Double) {
    self.init(
      value.isFinite ? .literal("\(value)") : .string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"))
  }

  func add(_ key: String, _ node: Node) {
    members.append((key, node))
  }

  func write(to bytes: inout [UInt8]) {
    switch kind {
    case .null: bytes += "null".utf8
    case .literal(let text): bytes += text.utf8
    case .string(let text): Self.write(text, to: &bytes)
    case .object: writeMembers(between: "{", "}", to: &bytes)
    case .array: writeMembers(between: "[", "]", to: &bytes)
    }
  }

  private func writeMembers(between open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8]) {
    let isObject = if case .object = kind { true } else { false }
    bytes.append(UInt8(ascii: open))
    for (index, member) in (isObject ? members.sorted { $0.key < $1.key } : members).enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if isObject {
        Self.write(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
      }
      member.node.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: close))
  }

  /// Source: RFC 8259, section 7.
  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
      case ..<0x20: bytes += "\(byte < 0x10 ? #"\u000"# : #"\u00"#)\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: Node
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil(forKey key: Key) { node.add(key.stringValue, Node(.null)) }
  mutating func encode(_ value: String, forKey key: Key) { node.add(key.stringValue, Node(.string(value))) }
  mutating func encode(_ value: Double, forKey key: Key) { node.add(key.stringValue, Node(value)) }
  mutating func encode(_ value: Int, forKey key: Key) { node.add(key.stringValue, Node(.literal("\(value)"))) }
  mutating func encode(_ value: Int64, forKey key: Key) { node.add(key.stringValue, Node(.literal("\(value)"))) }

  mutating func encode(_ value: some Encodable, forKey key: Key) throws {
    node.add(key.stringValue, try TextEncoder.node(of: value))
  }

  mutating func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Inner> {
    let inner = Node(.object)
    node.add(key.stringValue, inner)
    return KeyedEncodingContainer(Members<Inner>(node: inner))
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let inner = Node(.array)
    node.add(key.stringValue, inner)
    return Elements(node: inner)
  }

  mutating func superEncoder() -> any Encoder { TextEncoder(adding: "super", to: node) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { TextEncoder(adding: key.stringValue, to: node) }
}

private struct Elements: UnkeyedEncodingContainer {
  let node: Node
  var codingPath: [any CodingKey] { [] }
  var count: Int { node.members.count }

  mutating func encodeNil() { node.add("", Node(.null)) }

  mutating func encode(_ value: some Encodable) throws {
    node.add("", try TextEncoder.node(of: value))
  }

  mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
    let inner = Node(.object)
    node.add("", inner)
    return KeyedEncodingContainer(Members<Inner>(node: inner))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let inner = Node(.array)
    node.add("", inner)
    return Elements(node: inner)
  }

  mutating func superEncoder() -> any Encoder { TextEncoder(adding: "", to: node) }
}

private struct Single: SingleValueEncodingContainer {
  let place: Place
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil() { place.node = Node(.null) }
  mutating func encode(_ value: Bool) { place.node = Node(.literal(value ? "true" : "false")) }
  mutating func encode(_ value: String) { place.node = Node(.string(value)) }
  mutating func encode(_ value: Double) { place.node = Node(value) }
  mutating func encode(_ value: Float) { place.node = Node(Double(value)) }
  mutating func encode(_ value: Int) { encodeInteger(value) }
  mutating func encode(_ value: Int8) { encodeInteger(value) }
  mutating func encode(_ value: Int16) { encodeInteger(value) }
  mutating func encode(_ value: Int32) { encodeInteger(value) }
  mutating func encode(_ value: Int64) { encodeInteger(value) }
  mutating func encode(_ value: UInt) { encodeInteger(value) }
  mutating func encode(_ value: UInt8) { encodeInteger(value) }
  mutating func encode(_ value: UInt16) { encodeInteger(value) }
  mutating func encode(_ value: UInt32) { encodeInteger(value) }
  mutating func encode(_ value: UInt64) { encodeInteger(value) }

  mutating func encode(_ value: some Encodable) throws {
    place.node = try TextEncoder.node(of: value)
  }

  private func encodeInteger(_ value: some BinaryInteger) {
    place.node = Node(.literal("\(value)"))
  }
}
