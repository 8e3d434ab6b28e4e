import BackfillCore

/// Reads a command: a list of the program and its arguments.
struct CommandReader {
  /// The placeholders that are filled in here.
  let placeholders: [String]

  static let ofStep = CommandReader(placeholders: Placeholders.names)
  static let ofPreflight = CommandReader(placeholders: Placeholders.preflightNames)
  /// `dates.from_command`, whose output says which dates there are: it gets none.
  static let ofCalendar = CommandReader(placeholders: [])

  /// Returns what could be read; the findings say what could not.
  func command(_ field: Field) -> [String] {
    guard let items = field.items else {
      let words = field.scalar?.split(whereSeparator: \.isWhitespace) ?? []
      let hint = words.isEmpty ? nil : "write it as a list: `[\(words.joined(separator: ", "))]`"
      return field.refuse("a list of the program and its arguments", hint: hint) ?? []
    }
    guard !items.isEmpty else {
      field.report("\(field.label) is empty")
      return []
    }
    return items.enumerated().compactMap { argument($1, isProgram: $0 == 0) }
  }

  private func argument(_ field: Field, isProgram: Bool) -> String? {
    guard case .scalar(let text, let style) = field.node.content, style != .plain || !text.isEmpty else {
      if case .mapping(let entries) = field.node.content, entries.count == 1, entries[0].value.isNothing {
        return field.refuse("a text", hint: "put it in quotes: `\"{\(entries[0].key)}\"`")
      }
      return field.refuse("a text")
    }
    guard !isProgram || !text.isEmpty else { return field.refuse("the name of a program") }
    guard !text.contains("\0") else { return field.refuse("a text without a NUL character") }
    refuseSlips(in: text, of: field)
    return text
  }

  /// Reports `{dat}`, and what is filled in elsewhere only; words in braces that are nothing like a placeholder (JSON, awk,
  /// a shell) are left alone.
  private func refuseSlips(in text: String, of field: Field) {
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      let isShell = open > text.startIndex && text[text.index(before: open)] == "$"
      rest = rest[rest.index(after: open)...]
      let word = String(rest.prefix { $0.isASCII && $0.isLetter })
      guard !isShell, rest.dropFirst(word.count).first == "}", !placeholders.contains(word) else { continue }
      let position = field.position(ofCharacter: text.distance(from: text.startIndex, to: open))
      if Placeholders.names.contains(word) {
        field.findings.add(
          "`{\(word)}` is not filled in here", at: position,
          hint: placeholders.isEmpty
            ? nil : "known here: \(placeholders.map { "`{\($0)}`" }.joined(separator: ", "))")
      } else if let meant = Suggestion.nearest(to: word, among: placeholders, within: word.count > 5 ? 2 : 1) {
        field.findings.add("unknown placeholder `{\(word)}`", at: position, hint: "did you mean `{\(meant)}`?")
      }
    }
  }
}
