/// A page of the documentation: its text between backticks, its tables, its links.
struct Page: Sendable {
  /// All pages that are checked.
  static let paths = [
    "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/configuration.md", "docs/api.md", "docs/installing.md",
    "docs/performance.md",
  ]

  let path: String
  let text: String

  init(_ path: String) throws {
    self.path = path
    text = try Repository.text(path)
  }

  /// The text outside of fenced blocks.
  private var prose: String {
    text.components(separatedBy: "\n```").enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
      .joined(separator: "\n")
  }

  /// What stands between single backticks, outside of fenced blocks.
  var codeSpans: [String] {
    prose.replacing(/``.+?``/, with: "").matches(of: /`([^`\n]+)`/).map { String($0.1) }
  }

  /// What stands between double backticks.
  var quotedSpans: [String] {
    prose.matches(of: /``(.+?)``/).map { Self.trimmed($0.1) }
  }

  /// The targets of links to files of the repository.
  var links: [String] {
    prose.matches(of: /\]\(([^)#]+)/).map { String($0.1) }.filter { !$0.contains("://") }
  }

  /// The rows of every table below the heading `title`, up to the next heading, without heads and rules.
  func rows(below title: String) -> [[String]] {
    let section = text.components(separatedBy: "\n#").first { section in
      section.drop { $0 == "#" }.drop { $0 == " " }.hasPrefix(title + "\n")
    }
    var rows: [[String]] = []
    for line in (section ?? "").split(separator: "\n") where line.hasPrefix("|") {
      let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
      rows.append(cells.map(Self.trimmed))
    }
    // A table begins with its head and a rule.
    let rules = rows.indices.filter { rows[$0].allSatisfy { $0.allSatisfy { "-: ".contains($0) } } }
    return rows.indices.filter { index in !rules.contains(index) && !rules.contains(index + 1) }.map { rows[$0] }
  }

  /// The first cell of every line of every table.
  var firstCells: [String] {
    prose.split(separator: "\n").filter { $0.hasPrefix("|") }.map { String($0.dropFirst().prefix { $0 != "|" }) }
  }

  static func trimmed(_ text: Substring) -> String {
    var rest = text
    while rest.first == " " { rest = rest.dropFirst() }
    while rest.last == " " { rest = rest.dropLast() }
    return String(rest)
  }
}

extension String {
  /// What stands between backticks.
  var spans: [String] { matches(of: /`([^`]+)`/).map { String($0.1) } }

  /// The parts between `separator`.
  func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
