/// A place in a text; lines and columns are counted from 1, columns in Unicode scalars.
struct Position: Hashable, Comparable, Sendable {
  let line: Int
  let column: Int

  static let start = Position(line: 1, column: 1)

  static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A value of a YAML file with its place; aliases are expanded and every scalar is the text that the file says.
///
/// Scalars stay text, so that `06:00` is not the number 360 and `no` is not `false`: what a text means depends on its key.
struct YAMLNode {
  let position: Position
  let content: Content
  /// How many nodes it consists of, itself included.
  let size: Int
  /// How many levels it has, itself included.
  let height: Int

  enum Content {
    case scalar(String, ScalarStyle)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }

  init(at position: Position, _ content: Content) {
    self.position = position
    self.content = content
    let children: [YAMLNode] =
      switch content {
      case .scalar: []
      case .sequence(let items): items
      case .mapping(let entries): entries.map(\.value)
      }
    size = children.reduce(1) { $0 + $1.size }
    height = 1 + (children.map(\.height).max() ?? 0)
  }

  /// The key has no value: `max_held:`, `max_held: ~` or `max_held: null`.
  var isNothing: Bool {
    guard case .scalar(let text, .plain) = content else { return false }
    return ["", "~", "null"].contains(text)
  }

  /// What a message says was found here.
  var found: String {
    switch content {
    case .scalar("", let style) where style != .plain: "an empty text"
    case .scalar: isNothing ? "nothing" : quoted(scalarText)
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  private var scalarText: String {
    guard case .scalar(let text, _) = content else { return "" }
    return text
  }
}

/// How a scalar is written, as far as it decides where its first character stands.
enum ScalarStyle {
  case plain
  /// In single or double quotes.
  case quoted
  /// After `|` or `>`.
  case block
}

/// A key and its value.
struct YAMLEntry {
  let key: String
  let keyPosition: Position
  let value: YAMLNode
}

/// `text` in backticks, on one line, at most 60 characters of it.
func quoted(_ text: String) -> String {
  var shown = ""
  for character in text.prefix(60) {
    switch character {
    case "\n", "\r\n": shown += "\\n"
    case "\t": shown += "\\t"
    default: shown.append(character)
    }
  }
  return text.count > 60 ? "`\(shown)...`" : "`\(shown)`"
}
