import Testing

@Suite struct `The commands of the README` {
  private static func commands() throws -> Set<String> {
    let texts = try Repository.swiftFiles(in: "Sources/backfillctl/Commands").map(Repository.text)
    let names = texts.flatMap { $0.matches(of: /commandName: "([a-z]+)"/).map { String($0.1) } }
    return Set(names).subtracting(["backfillctl"])
  }

  private static func documented() throws -> Set<String> {
    let text = try Repository.text("README.md")
    var names = Set(text.matches(of: /backfillctl ([a-z]+)/).map { String($0.1) })
    // `backfillctl pause` / `resume WINDOW`
    names.formUnion(text.matches(of: /backfillctl [a-z]+` \/ `([a-z]+)/).map { String($0.1) })
    return names
  }

  @Test func `are in the tool`() throws {
    let unknown = try Self.documented().subtracting(Self.commands()).sorted()
    #expect(unknown == [])
  }

  @Test func `are all that the tool has`() throws {
    let untold = try Self.commands().subtracting(Self.documented()).sorted()
    #expect(untold == [])
  }

  @Test func `begin with make demo and make test`() throws {
    let block = try #require(try Repository.text("README.md").firstMatch(of: /```sh\n([^`]+)```/))
    let lines = block.1.split(separator: "\n").map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    #expect(lines.prefix(2) == ["make demo", "make test"])
  }
}
