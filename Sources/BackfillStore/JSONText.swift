/// A JSON text that is written from its beginning to its end, with the keys of every object sorted.
///
/// An object or array is open until something outside it is written; `depth` counts those that are open. So what begins a
/// value need not say where the value ends.
final class JSONText {
  private var bytes: [UInt8] = []
  private var open: [Structure] = []
  /// Where the members of the open objects begin.
  private var members: [Int] = []

  /// An object or array that is open.
  private struct Structure {
    let isObject: Bool
    /// The first byte after its bracket.
    let start: Int
    /// Of an object: its first one in `members`.
    let firstMember: Int
    /// How many elements or members it has.
    var count = 0
  }

  init() {
    bytes.reserveCapacity(512)
  }

  /// The text; it is complete then.
  func finish() -> String {
    close(to: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  var depth: Int { open.count }

  /// How many bytes are written: the same as before means that nothing was.
  var size: Int { bytes.count }

  /// How many values the structure at `depth` has; the outermost is at 1.
  func count(at depth: Int) -> Int { open[depth - 1].count }

  /// Opens an object or array in the structure at `depth`, unless one is open there already: a value may ask for its own
  /// twice. Returns the depth at which it is.
  func begin(isObject: Bool, in depth: Int) -> Int {
    guard open.count == depth else { return depth + 1 }
    bytes.append(UInt8(ascii: isObject ? "{" : "["))
    open.append(Structure(isObject: isObject, start: bytes.count, firstMember: members.count))
    return depth + 1
  }

  /// What is written next is the next element of the array at `depth`.
  func beginElement(at depth: Int) {
    precondition(open.count >= depth, "an array that is closed gets another element")
    close(to: depth)
    separate(at: depth)
  }

  /// What is written next is the value of `key` in the object at `depth`.
  func beginMember(_ key: String, at depth: Int) {
    precondition(open.count >= depth, "an object that is closed gets another member")
    close(to: depth)
    separate(at: depth)
    members.append(bytes.count)
    write(key)
    bytes.append(UInt8(ascii: ":"))
  }

  /// Writes `text` as it is: a number, or a word of JSON.
  func write(literal text: String) {
    append(text)
  }

  /// A number that is not finite is one of the strings `inf`, `-inf` and `nan`.
  func write(_ value: Double) {
    if value.isFinite { append("\(value)") } else { write(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf") }
  }

  /// Source: RFC 8259, section 7.
  func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    if text.utf8.contains(where: Self.mustBeEscaped) { appendEscaped(text) } else { append(text) }
    bytes.append(UInt8(ascii: "\""))
  }

  private func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  private func appendEscaped(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): append(#"\n"#)
      case ..<0x20: append("\(byte < 0x10 ? #"\u000"# : #"\u00"#)\(String(byte, radix: 16))")
      default: bytes.append(byte)
      }
    }
  }

  private static func mustBeEscaped(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20
  }

  private func separate(at depth: Int) {
    if open[depth - 1].count > 0 { bytes.append(UInt8(ascii: ",")) }
    open[depth - 1].count += 1
  }

  private func close(to depth: Int) {
    while open.count > depth {
      let structure = open.removeLast()
      if structure.isObject {
        sortMembers(of: structure)
        members.removeLast(structure.count)
      }
      bytes.append(UInt8(ascii: structure.isObject ? "}" : "]"))
    }
  }

  /// The last bytes that were written are those of `object`.
  private func sortMembers(of object: Structure) {
    let starts = members[object.firstMember...]
    guard zip(starts, starts.dropFirst()).contains(where: { !precedes($0, $1) }) else { return }
    // Each without the comma after it.
    let ends = starts.dropFirst().map { $0 - 1 } + [bytes.count]
    let sorted = zip(starts, ends).sorted { precedes($0.0, $1.0) }.map { bytes[$0..<$1] }
    bytes.replaceSubrange(object.start..., with: Array(sorted.joined(separator: [UInt8(ascii: ",")])))
  }

  /// Two members begin with different keys.
  private func precedes(_ one: Int, _ other: Int) -> Bool {
    bytes[one...].lexicographicallyPrecedes(bytes[other...])
  }
}
