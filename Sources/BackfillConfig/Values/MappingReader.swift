import BackfillCore

/// A mapping that has keys which a person may put into another one by mistake.
struct KeyPlace {
  /// As in "it belongs to a step".
  let name: String
  let keys: [String]
  var later: [String] = []
}

/// The keys of one mapping: those that are known, those that are not, and those of a later version.
struct MappingReader {
  /// Where the mapping begins.
  let position: Position
  let findings: FindingList
  /// Goes before the keys in messages: `retry.` for `retry.attempts`.
  private let prefix: String
  private let entries: [String: YAMLEntry]
  /// The known keys that unknown ones are near to.
  private let meant: Set<String>

  /// Reads a mapping and reports every key that is not among `keys`; `nil`, with a finding, when `field` is no mapping.
  ///
  /// `later` are the keys that have a meaning which this version does not carry out yet, `elsewhere` has the keys of other
  /// mappings; messages put `prefix` before a key.
  init?(_ field: Field, keys: [String], later: [String] = [], elsewhere: [KeyPlace] = [], prefix: String = "") {
    guard case .mapping(let entries) = field.node.content else {
      field.report("\(field.label) must be a mapping of \(Self.list(keys)), found \(field.node.found)")
      return nil
    }
    self.init(
      entries, at: field.position, keys: keys, later: later, elsewhere: elsewhere, prefix: prefix,
      findings: field.findings)
  }

  /// Reads the root of a file.
  init?(root: YAMLNode, keys: [String], later: [String] = [], elsewhere: [KeyPlace] = [], findings: FindingList) {
    guard case .mapping(let entries) = root.content else {
      findings.add("the file must be a mapping of keys to values, found \(root.found)", at: root.position)
      return nil
    }
    self.init(
      entries, at: root.position, keys: keys, later: later, elsewhere: elsewhere, prefix: "", findings: findings)
  }

  private init(
    _ entries: [YAMLEntry], at position: Position, keys: [String], later: [String], elsewhere: [KeyPlace],
    prefix: String, findings: FindingList
  ) {
    self.position = position
    self.findings = findings
    self.prefix = prefix
    var known: [String: YAMLEntry] = [:]
    var meant: Set<String> = []
    for entry in entries {
      if keys.contains(entry.key) {
        known[entry.key] = entry
      } else if later.contains(entry.key) {
        findings.add("\(quoted(prefix + entry.key)) is not supported yet", at: entry.keyPosition)
      } else if let place = elsewhere.first(where: { $0.keys.contains(entry.key) }) {
        findings.add(
          "unknown key \(quoted(prefix + entry.key))", at: entry.keyPosition, hint: "it belongs to \(place.name)")
      } else if let place = elsewhere.first(where: { $0.later.contains(entry.key) }) {
        findings.add(
          "\(quoted(prefix + entry.key)) is not supported yet", at: entry.keyPosition,
          hint: "it belongs to \(place.name)")
      } else {
        let hint = Suggestion.hint(for: entry.key, among: keys + later) ?? "known here: \(Self.list(keys))"
        findings.add("unknown key \(quoted(prefix + entry.key))", at: entry.keyPosition, hint: hint)
        if let near = Suggestion.nearest(to: entry.key, among: keys) { meant.insert(near) }
      }
    }
    self.entries = known
    self.meant = meant
  }

  /// Whether `key` is there, or one that was probably meant to be it.
  func mayHave(_ key: String) -> Bool { entries[key] != nil || meant.contains(key) }

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
