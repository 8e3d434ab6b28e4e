import Yams

/// The YAML text of one file, made into a tree of nodes.
///
/// Yams reports only the first duplicate key, without the place of the second, and copies what an alias names into every
/// place, which lets a small file grow without bound before anybody can look at it. Therefore the text is masked first: every
/// `*` becomes a private-use character, so that an alias arrives as a plain scalar that begins with it, and the first of two
/// equal keys gets another one. Positions are counted in characters, so they stay as they are.
struct YAMLSource {
  /// The text is parsed again for each duplicate key; after so many the next one ends the reading.
  private static let duplicateLimit = 25

  private var text: MaskedText
  private let findings: FindingList

  /// Returns the root of `text`, or `nil` when it has none or cannot be read as YAML; `findings` then say why.
  ///
  /// Where `mayBeEmpty`, a file without any value is no finding.
  static func root(of text: String, mayBeEmpty: Bool = false, findings: FindingList) -> YAMLNode? {
    do throws(FileProblem) {
      guard let mask = MaskedText(text) else {
        throw FileProblem("not valid YAML: the text uses every private-use character of Unicode")
      }
      var source = YAMLSource(text: mask, findings: findings)
      guard let root = try source.compose(), !root.isNothing else {
        if !mayBeEmpty { findings.add("the file is empty: \(emptiness(of: text))", at: .start) }
        return nil
      }
      return root
    } catch {
      findings.add(error.message, at: error.position, hint: error.hint)
      return nil
    }
  }

  private static func emptiness(of text: String) -> String {
    text.contains { !$0.isWhitespace } ? "it has comments only" : "it has no text"
  }

  private mutating func compose() throws(FileProblem) -> YAMLNode? {
    var round = 0
    while true {
      do {
        let parser = try Parser(yaml: text.masked, resolver: .basic, encoding: .utf8)
        // Nodes hold their anchors weakly; the parser owns them.
        return try withExtendedLifetime(parser) {
          guard let node = try parser.singleRoot() else { return nil }
          return try NodeConverter.convert(node, of: text, findings: findings)
        }
      } catch let problem as FileProblem {
        throw problem
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        let position = Position(line: context.mark.line, column: context.mark.column)
        round += 1
        guard let key = keys.first, round <= Self.duplicateLimit, text.mark(key: key, at: position) else {
          throw FileProblem("duplicate key \(quoted(text.restored(keys.first ?? "")))", at: position)
        }
      } catch {
        throw YAMLProblem.problem(for: error, in: text)
      }
    }
  }
}
