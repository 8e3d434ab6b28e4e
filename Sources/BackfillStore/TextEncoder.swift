import BackfillCore

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
    try written(value).write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Members(node: place.begin(isObject: true)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    Elements(node: place.begin(isObject: false))
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

  fileprivate static func written<Value: Encodable>(_ value: Value) throws -> Written {
    if let written = Written(frequent: value) { return written }
    let place = Place()
    try value.encode(to: TextEncoder(place: place))
    return place.value
  }
}

/// Where a value comes to.
private final class Place {
  var value = Written.null {
    didSet { if let parent { parent.node.add(parent.key, value) } }
  }
  /// Of which it becomes a member as soon as it is there.
  var parent: (node: Node, key: String)?

  func begin(isObject: Bool) -> Node {
    let node = Node(isObject: isObject)
    value = .node(node)
    return node
  }
}

/// A value that is complete, or an object or array that still grows.
private enum Written {
  case null
  case literal(String)
  case string(String)
  case node(Node)

  init(_ value: Double) {
    self = value.isFinite ? .literal("\(value)") : .string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
  }

  /// Values that come with nearly every event, without the detour over their `encode(to:)`, whose containers cost more than
  /// the rest of the event.
  init?<Value>(frequent value: Value) {
    if Value.self == CivilDate.self, let date = value as? CivilDate {
      self = .string(date.description)
    } else if Value.self == Verdict.self, let verdict = value as? Verdict {
      self = .string(verdict.rawValue)
    } else if Value.self == Duration.self, let duration = value as? Duration {
      let attoseconds = duration.attoseconds
      self = .literal("[\(Int64(attoseconds >> 64)),\(UInt64(truncatingIfNeeded: attoseconds))]")
    } else if Value.self == AttemptIdentity.self, let attempt = value as? AttemptIdentity {
      self = .node(Node(of: attempt))
    } else if Value.self == StepVerdict.self, let verdict = value as? StepVerdict, verdict.findings.isEmpty {
      self = .node(Node(of: verdict))
    } else {
      return nil
    }
  }

  func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .literal(let text): bytes += text.utf8
    case .string(let text): Self.write(text, to: &bytes)
    case .node(let node): node.write(to: &bytes)
    }
  }

  /// Source: RFC 8259, section 7.
  static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    guard text.utf8.contains(where: mustBeEscaped) else { return bytes.append(contentsOf: text.utf8) }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
      case ..<0x20: bytes += "\(byte < 0x10 ? #"\u000"# : #"\u00"#)\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
  }

  private static func mustBeEscaped(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20
  }
}

/// An object or an array.
private final class Node {
  private let isObject: Bool
  /// Of an object with their keys; the keys of an array are empty.
  private var members: [(key: String, value: Written)] = []

  init(isObject: Bool) {
    self.isObject = isObject
    if isObject { members.reserveCapacity(8) }
  }

  /// As its `encode(to:)` would have it.
  init(of attempt: AttemptIdentity) {
    isObject = true
    members = [
      ("attempt", .literal(String(attempt.attempt))), ("chunk", .literal(String(attempt.chunk))),
      ("date", .string(attempt.date.description)), ("runID", .string(attempt.runID)), ("step", .string(attempt.step)),
      ("window", .string(attempt.window)),
    ]
  }

  /// As its `encode(to:)` would have one without findings.
  init(of verdict: StepVerdict) {
    isObject = true
    members = [
      ("findings", .literal("[]")), ("sentence", .string(verdict.sentence)), ("word", .string(verdict.word.rawValue)),
    ]
  }

  var count: Int { members.count }

  func add(_ key: String, _ value: Written) {
    members.append((key, value))
  }

  func write(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: isObject ? "{" : "["))
    if isObject { members.sort { $0.key < $1.key } }
    var isFirst = true
    for (key, value) in members {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      if isObject {
        Written.write(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
      }
      value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: isObject ? "}" : "]"))
  }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: Node
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil(forKey key: Key) { node.add(key.stringValue, .null) }
  mutating func encode(_ value: String, forKey key: Key) { node.add(key.stringValue, .string(value)) }
  mutating func encode(_ value: Double, forKey key: Key) { node.add(key.stringValue, Written(value)) }
  mutating func encode(_ value: Int, forKey key: Key) { node.add(key.stringValue, .literal("\(value)")) }
  mutating func encode(_ value: Int64, forKey key: Key) { node.add(key.stringValue, .literal("\(value)")) }

  mutating func encode(_ value: some Encodable, forKey key: Key) throws {
    node.add(key.stringValue, try TextEncoder.written(value))
  }

  mutating func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Inner> {
    let inner = Node(isObject: true)
    node.add(key.stringValue, .node(inner))
    return KeyedEncodingContainer(Members<Inner>(node: inner))
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let inner = Node(isObject: false)
    node.add(key.stringValue, .node(inner))
    return Elements(node: inner)
  }

  mutating func superEncoder() -> any Encoder { TextEncoder(adding: "super", to: node) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { TextEncoder(adding: key.stringValue, to: node) }
}

private struct Elements: UnkeyedEncodingContainer {
  let node: Node
  var codingPath: [any CodingKey] { [] }
  var count: Int { node.count }

  mutating func encodeNil() { node.add("", .null) }

  mutating func encode(_ value: some Encodable) throws {
    node.add("", try TextEncoder.written(value))
  }

  mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
    let inner = Node(isObject: true)
    node.add("", .node(inner))
    return KeyedEncodingContainer(Members<Inner>(node: inner))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let inner = Node(isObject: false)
    node.add("", .node(inner))
    return Elements(node: inner)
  }

  mutating func superEncoder() -> any Encoder { TextEncoder(adding: "", to: node) }
}

private struct Single: SingleValueEncodingContainer {
  let place: Place
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil() { place.value = .null }
  mutating func encode(_ value: Bool) { place.value = .literal(value ? "true" : "false") }
  mutating func encode(_ value: String) { place.value = .string(value) }
  mutating func encode(_ value: Double) { place.value = Written(value) }
  mutating func encode(_ value: Float) { place.value = Written(Double(value)) }
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
    place.value = try TextEncoder.written(value)
  }

  private func encodeInteger(_ value: some BinaryInteger) {
    place.value = .literal("\(value)")
  }
}
