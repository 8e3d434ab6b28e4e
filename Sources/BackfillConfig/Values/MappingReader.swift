import BackfillCore

/// The keys of one mapping: those that are known, those that are not, and those of a later version.
struct MappingReader {
  /// Where the mapping begins.
  let position: Position
  let findings: FindingList
  /// Goes before the keys in messages: `retry.` for `retry.attempts`.
  private let prefix: String
  private let entries: [String: YAMLEntry]

  /// Reads a mapping and reports every key that is not among `keys`; `nil`, with a finding, when `field` is no mapping.
  ///
  /// `later` are the keys that have a meaning which this version does not carry out yet; messages put `prefix` before a key.
  init?(_ field: Field, keys: [String], later: [String] = [], prefix: String = "") {
    guard case .mapping(let entries) = field.node.content else {
      field.report("\(field.label) must be a mapping of \(Self.list(keys)), found \(field.node.found)")
      return nil
    }
    self.init(entries, at: field.position, keys: keys, later: later, prefix: prefix, findings: field.findings)
  }

  /// Reads the root of a file.
  init?(root: YAMLNode, keys: [String], later: [String] = [], findings: FindingList) {
    guard case .mapping(let entries) = root.content else {
      findings.add("the file must be a mapping of keys to values, found \(root.found)", at: root.position)
      return nil
    }
    self.init(entries, at: root.position, keys: keys, later: later, prefix: "", findings: findings)
  }

  private init(
    _ entries: [YAMLEntry], at position: Position, keys: [String], later: [String], prefix: String,
    findings: FindingList
  ) {
    self.position = position
    self.findings = findings
    self.prefix = prefix
    var known: [String: YAMLEntry] = [:]
    for entry in entries {
      if keys.contains(entry.key) {
        known[entry.key] = entry
      } else if later.contains(entry.key) {
        findings.add("\(quoted(prefix + entry.key)) is not supported yet", at: entry.keyPosition)
      } else {
        let hint = Suggestion.hint(for: entry.key, among: keys + later) ?? "known here: \(Self.list(keys))"
        findings.add("unknown key \(quoted(prefix + entry.key))", at: entry.keyPosition, hint: hint)
      }
    }
    self.entries = known
  }

  /// The value of `key`, or `nil` when the mapping does not have it.
  subscript(key: String) -> Field? {
    entries[key].map {
      Field(label: quoted(prefix + key), node: $0.value, fallback: $0.keyPosition, findings: findings)
    }
  }

  /// The value of `key`; a finding at `position` when the mapping does not have it.
  func required(_ key: String) -> Field? {
    if let field = self[key] { return field }
    findings.add("\(quoted(prefix + key)) is missing", at: position)
    return nil
  }

  /// Where `key` itself is written; the start of the mapping when it is not there.
  func keyPosition(_ key: String) -> Position {
    entries[key]?.keyPosition ?? position
  }

  private static func list(_ keys: [String]) -> String {
    keys.map(quoted).joined(separator: ", ")
  }
}
