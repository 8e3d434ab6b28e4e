/// The value of a key, or an item of a list, with the name that messages call it by.
struct Field {
  /// With backticks: `max_held`, or "item 2 of `command`".
  let label: String
  let node: YAMLNode
  /// Where the value is; where the key is when there is no value.
  let position: Position
  let findings: FindingList

  init(label: String, node: YAMLNode, fallback: Position, findings: FindingList) {
    self.label = label
    self.node = node
    self.findings = findings
    position = node.isNothing ? fallback : node.position
  }

  func report(_ message: String, hint: String? = nil) {
    findings.add(message, at: position, hint: hint)
  }

  /// Reports that the value must be `expected`, and what it is; returns `nil` for the caller to return.
  func refuse<Value>(_ expected: String, hint: String? = nil) -> Value? {
    report("\(label) must be \(expected), found \(node.found)", hint: hint)
    return nil
  }

  /// The scalar's text, or `nil` for anything that is not a scalar with a value.
  var scalar: String? {
    guard case .scalar(let text, _) = node.content, !node.isNothing else { return nil }
    return text
  }

  /// The items of a list; `nil`, without a finding, when it is none.
  var items: [Field]? {
    guard case .sequence(let nodes) = node.content else { return nil }
    return nodes.enumerated().map { index, item in
      Field(label: "item \(index + 1) of \(label)", node: item, fallback: item.position, findings: findings)
    }
  }

  /// The items of a list, or the value itself where only one is given.
  var oneOrMore: [Field] {
    items ?? [self]
  }

  /// Where character `offset` (from 0) of the scalar stands; where the scalar begins when it spans lines.
  func position(ofCharacter offset: Int) -> Position {
    guard case .scalar(let text, let style) = node.content, !text.contains(where: \.isNewline) else { return position }
    let scalars = text.prefix(offset).unicodeScalars.count
    switch style {
    case .plain: return Position(line: position.line, column: position.column + scalars)
    case .quoted: return Position(line: position.line, column: position.column + 1 + scalars)
    case .block: return position
    }
  }
}
