/// A YAML text in which some characters stand for others, one for one.
struct MaskedText {
  private var scalars: [Unicode.Scalar]
  /// The index in `scalars` at which each line begins.
  private let lineStarts: [Int]
  /// What each stand-in stands for.
  private var originals: [Unicode.Scalar: Unicode.Scalar]
  private var unused: [Unicode.Scalar]
  /// Stands for `*`.
  let aliasMark: Unicode.Scalar

  /// Masks every `*` of `text`; `nil` when no private-use character is free.
  init?(_ text: String) {
    let present = Set(text.unicodeScalars.filter { (0xE000...0xF8FF).contains($0.value) })
    unused = (0xE000...0xF8FF).compactMap(Unicode.Scalar.init).filter { !present.contains($0) }
    guard let mark = unused.popLast() else { return nil }
    aliasMark = mark
    originals = [mark: "*"]
    scalars = text.unicodeScalars.map { $0 == "*" ? mark : $0 }
    var starts = [0]
    for (index, scalar) in scalars.enumerated() where Self.endsLine(scalar, at: index, in: scalars) {
      starts.append(index + 1)
    }
    lineStarts = starts
  }

  var masked: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// `text` with every stand-in replaced by what it stands for.
  func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { originals[$0] != nil }) else { return text }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: text.unicodeScalars.map { originals[$0] ?? $0 })
    return String(result)
  }

  /// The character at `position`, or `nil` past the end of the text.
  func character(at position: Position) -> Character? {
    guard let index = index(of: position) else { return nil }
    let scalar = scalars[index]
    return Character(originals[scalar] ?? scalar)
  }

  /// Makes the key at `position` unlike any other; `false` when its first character is not where it should be.
  mutating func mark(key: String, at position: Position) -> Bool {
    guard var index = index(of: position), let first = key.unicodeScalars.first else { return false }
    if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
    guard scalars.indices.contains(index), scalars[index] == first, let mark = unused.popLast() else { return false }
    originals[mark] = originals[first] ?? first
    scalars[index] = mark
    return true
  }

  private func index(of position: Position) -> Int? {
    guard lineStarts.indices.contains(position.line - 1) else { return nil }
    let index = lineStarts[position.line - 1] + position.column - 1
    return scalars.indices.contains(index) ? index : nil
  }

  /// Source: YAML 1.1, section 5.4, "Line Break Characters".
  private static func endsLine(_ scalar: Unicode.Scalar, at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    switch scalar.value {
    case 0x0A, 0x85, 0x2028, 0x2029: true
    case 0x0D: index + 1 == scalars.count || scalars[index + 1] != "\n"
    default: false
    }
  }
}
