import BackfillCore
import Yams

/// Makes the nodes of Yams into ours: aliases and merge keys expanded within a budget, duplicate keys reported.
struct NodeConverter {
  /// So many values a file may have when its aliases are expanded.
  static let sizeLimit = 100_000
  /// So many levels a file may have when its aliases are expanded.
  static let depthLimit = 50

  /// No tag, and those that say what every value is anyway. Source: yaml.org, YAML 1.2.2, chapter 10, "Recommended Schemas".
  private static let plainTags: Set<String> = {
    let core = ["str", "int", "float", "bool", "seq", "map", "merge"].map { "tag:yaml.org,2002:\($0)" }
    return Set(core + ["", "!"])
  }()

  private let text: MaskedText
  private let findings: FindingList
  private var anchored: [String: YAMLNode] = [:]
  private var spent = 0

  static func convert(_ node: Node, of text: MaskedText, findings: FindingList) throws(FileProblem) -> YAMLNode {
    var converter = NodeConverter(text: text, findings: findings)
    return try converter.converted(node, level: 1)
  }

  private init(text: MaskedText, findings: FindingList) {
    self.text = text
    self.findings = findings
  }

  private mutating func converted(_ node: Node, level: Int) throws(FileProblem) -> YAMLNode {
    let position = node.mark.map(Position.init) ?? .start
    if case .scalar(let scalar) = node, scalar.style == .plain, scalar.string.unicodeScalars.first == text.aliasMark {
      return try expanded(String(text.restored(scalar.string).dropFirst()), at: position, level: level)
    }
    try spend(1, height: 1, at: position, level: level)
    refuseTag(of: node, at: position)
    let result: YAMLNode
    switch node {
    case .scalar(let scalar):
      result = YAMLNode(at: position, .scalar(text.restored(scalar.string), ScalarStyle(scalar.style)))
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for item in sequence { items.append(try converted(item, level: level + 1)) }
      result = YAMLNode(at: position, .sequence(items))
    case .mapping(let mapping):
      result = YAMLNode(at: position, .mapping(try entries(of: mapping, level: level)))
    case .alias(let alias):
      // The parser of Yams makes none of these; they are for its encoder.
      return try expanded(alias.anchor.rawValue, at: position, level: level)
    }
    if let anchor = node.anchor { anchored[anchor.rawValue] = result }
    return result
  }

  /// What a text means depends on its key: a tag could only be passed over, and `!vault` or `!!binary` must not be.
  private func refuseTag(of node: Node, at position: Position) {
    let name = text.restored(node.tag.description)
    guard !Self.plainTags.contains(name) else { return }
    let core = "tag:yaml.org,2002:"
    let shown = name.hasPrefix(core) ? "!!\(name.dropFirst(core.count))" : name
    findings.add("the tag \(quoted(shown)) means nothing here", at: position, hint: "write the value itself")
  }

  private mutating func expanded(_ name: String, at position: Position, level: Int) throws(FileProblem) -> YAMLNode {
    guard let target = anchored[name] else {
      let hint =
        Suggestion.hint(for: name, among: anchored.keys.sorted()) ?? "a text that begins with `*` needs quotes"
      throw FileProblem("unknown alias `*\(name)`", at: position, hint: hint)
    }
    try spend(target.size, height: target.height, at: position, level: level)
    return target
  }

  private mutating func spend(_ nodes: Int, height: Int, at position: Position, level: Int) throws(FileProblem) {
    spent += nodes
    guard spent <= Self.sizeLimit else {
      throw FileProblem("too many values: at most \(Self.sizeLimit) are read, aliases expanded", at: position)
    }
    guard level + height - 1 <= Self.depthLimit else {
      throw FileProblem("nested too deeply: at most \(Self.depthLimit) levels are read", at: position)
    }
  }

  private mutating func entries(of mapping: Node.Mapping, level: Int) throws(FileProblem) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var merged: [YAMLEntry] = []
    var places: [String: Position] = [:]
    for (keyNode, valueNode) in mapping {
      let key = try converted(keyNode, level: level + 1)
      let value = try converted(valueNode, level: level + 1)
      guard case .scalar(let name, let style) = key.content else {
        findings.add("a key must be a text, found \(key.found)", at: key.position)
        continue
      }
      if name == "<<", style == .plain {
        merged += mergedEntries(from: value)
      } else if let first = places[name] {
        findings.add(
          "duplicate key \(quoted(name)), the first one is at \(first.line):\(first.column)", at: key.position,
          hint: "remove or rename one of them")
      } else {
        places[name] = key.position
        entries.append(YAMLEntry(key: name, keyPosition: key.position, value: value))
      }
    }
    for entry in merged where places[entry.key] == nil {
      places[entry.key] = entry.keyPosition
      entries.append(entry)
    }
    return entries
  }

  /// Source: yaml.org, "Merge Key Language-Independent Type for YAML Version 1.1": the mapping's own keys win, then the first.
  private func mergedEntries(from value: YAMLNode) -> [YAMLEntry] {
    switch value.content {
    case .mapping(let entries): return entries
    case .sequence(let items): return items.flatMap(mergedEntries)
    case .scalar:
      findings.add("`<<` must name a mapping, found \(value.found)", at: value.position)
      return []
    }
  }
}

extension ScalarStyle {
  init(_ style: Node.Scalar.Style) {
    switch style {
    case .any, .plain: self = .plain
    case .singleQuoted, .doubleQuoted: self = .quoted
    case .literal, .folded: self = .block
    }
  }
}
