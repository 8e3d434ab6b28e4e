import Yams

/// What the YAML parser refuses, in the words of our findings.
enum YAMLProblem {
  /// The problem that `error` of Yams stands for.
  static func problem(for error: any Error, in text: MaskedText) -> FileProblem {
    guard let error = error as? YamlError else { return FileProblem("not valid YAML: \(error)") }
    switch error {
    case .composer(let context?, _, let mark, _) where context.text.contains("single document"):
      return FileProblem("a second YAML document begins here", at: Position(mark), hint: "a file holds one document")
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return syntax(problem, context, at: Position(mark), in: text)
    case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
      return FileProblem("not valid YAML: \(problem)")
    case .no, .memory, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
      return FileProblem("not valid YAML: \(error)")
    }
  }

  private static func syntax(
    _ problem: String, _ context: YamlError.Context?, at position: Position, in text: MaskedText
  ) -> FileProblem {
    if problem.hasPrefix("Maximum nesting level") {
      return FileProblem("nested too deeply: at most \(NodeConverter.depthLimit) levels are read", at: position)
    }
    let character = text.character(at: position)
    if character == "\t" {
      return FileProblem("not valid YAML: a tab cannot indent", at: position, hint: "indent with spaces")
    }
    if problem == "found character that cannot start any token", let character {
      return FileProblem(
        "not valid YAML: \(quoted(String(character))) cannot begin a value", at: position,
        hint: "put the value in quotes")
    }
    if problem == "mapping values are not allowed in this context" {
      return FileProblem(
        "not valid YAML: a `:` that begins no value", at: position,
        hint: "check the indentation, or put a value that contains `: ` in quotes")
    }
    return FileProblem("not valid YAML: \(problem)\(place(context))", at: position)
  }

  private static func place(_ context: YamlError.Context?) -> String {
    guard let context else { return "" }
    return " (\(context.text) that begins at \(context.mark.line):\(context.mark.column))"
  }
}

extension Position {
  init(_ mark: Mark) {
    self.init(line: mark.line, column: mark.column)
  }
}
