import BackfillCore

/// Reads `requires`, `freshness` or `preflight`: a list of commands, each a list or `{command, timeout}`.
struct CheckReader {
  let kind: CheckKind

  /// Returns the checks that could be read, in their order.
  func checks(_ field: Field) -> [Check] {
    let items = field.oneOrMore
    if let program = items.first?.scalar {
      let hint = field.items == nil ? "[[\(program)]]" : "[[\(program), ...]]"
      return field.refuse("a list of commands", hint: "each command is a list itself: `\(hint)`") ?? []
    }
    return items.compactMap(check)
  }

  private func check(_ field: Field) -> Check? {
    let reader = kind == .preflight ? CommandReader.ofPreflight : .ofStep
    switch field.node.content {
    case .sequence:
      return Check(command: reader.command(field), timeout: kind.usualTimeout)
    case .mapping:
      guard
        let keys = MappingReader(field, keys: ["command", "timeout"], prefix: "\(kind.rawValue)."),
        let command = keys.required("command").map(reader.command)
      else { return nil }
      return Check(command: command, timeout: keys["timeout"].flatMap { $0.duration() } ?? kind.usualTimeout)
    case .scalar:
      return field.refuse("a command or `{command, timeout}`")
    }
  }
}
