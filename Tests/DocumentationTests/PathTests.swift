import Testing

@Suite struct `The paths of the documentation` {
  /// Names of a form of file, not of one file.
  static let forms: Set<String> = ["Type+Verb.swift"]

  @Test(arguments: Page.paths)
  func `lead to files and folders that are there`(path: String) throws {
    let page = try Page(path)
    let top = Set(try Repository.names(in: "") + [".ci"])
    let sources = try Repository.swiftFiles(in: "Sources") + Repository.swiftFiles(in: "Tests")
    let names = Set(sources.map { String($0.split(separator: "/").last ?? "") })
    let missing = page.codeSpans.filter { span in
      guard !span.contains(where: { " {}*<>$\"'".contains($0) }), !Self.forms.contains(span) else { return false }
      if span.contains("/") {
        return span.first != "/" && top.contains(span.components(separatedBy: "/")[0]) && !Repository.has(span)
      }
      return span.hasSuffix(".swift") && !top.contains(span) && !names.contains(span)
    }
    #expect(missing == [])
  }

  @Test(arguments: Page.paths)
  func `of links lead to files and folders that are there`(path: String) throws {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    let missing = try Page(path).links.filter { !Repository.has(folder.isEmpty ? $0 : "\(folder)/\($0)") }
    #expect(missing == [])
  }

  @Test func `of the table Where is answer each question once`() throws {
    let rows = try Page("ARCHITECTURE.md").rows(below: "Where is ...?")
    #expect(rows.count >= 30)
    #expect(Set(rows.map { $0[0] }).count == rows.count)
    let unanswered = rows.filter { row in
      let paths = row[1].spans
      return paths.isEmpty || !paths.allSatisfy { $0.contains("/") && Repository.has($0) }
    }
    #expect(unanswered == [])
  }

  @Test func `lead to every page from the README`() throws {
    let links = try Page("README.md").links
    let unlinked = Page.paths.filter { $0 != "README.md" && !links.contains($0) }
    #expect(unlinked == [])
  }
}
