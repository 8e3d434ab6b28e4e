import Testing

@Suite struct `The layers` {
  private static let layerOne = [
    "BackfillConfig", "BackfillStore", "BackfillExec", "BackfillHost", "BackfillControl",
  ]

  /// The modules that the files of `module` import.
  private static func imports(of module: String) throws -> Set<String> {
    var found: Set<String> = []
    for file in try Repository.swiftFiles(in: "Sources/\(module)") {
      for line in try Repository.text(file).split(separator: "\n") where line.contains("import ") {
        guard let match = line.firstMatch(of: /^(?:@\w+ |public |package |internal |private )*import (?:\w+ )?(\w+)/)
        else { continue }
        found.insert(String(match.1))
      }
    }
    return found
  }

  private static func words(_ cell: String) -> Set<String> {
    Set(cell.matches(of: /[A-Z]\w+/).map { String($0.0) })
  }

  @Test func `import what the table of the architecture says, no more and no less`() throws {
    let rows = try Page("ARCHITECTURE.md").rows(below: "Layers")
    for row in rows {
      let outside = row[3].components(separatedBy: ", in one file")[0]
      #expect(try Self.imports(of: row[0]) == Self.words(row[2] + " " + outside), "\(row[0])")
    }
    let modules = try Repository.names(in: "Sources").filter { $0.first != "C" }
    #expect(rows.map { $0[0] }.sorted() == modules)
  }

  @Test(arguments: layerOne)
  func `of layer 1 do not see each other`(module: String) throws {
    let ours = try Self.imports(of: module).filter { $0.hasPrefix("Backfill") }
    #expect(ours == ["BackfillCore"])
  }

  @Test func `leave Core with nothing but Glibc, in one file`() throws {
    #expect(try Self.imports(of: "BackfillCore") == ["Glibc"])
    let files = try Repository.files(in: "Sources/BackfillCore") { $0.hasPrefix("import ") }
    #expect(files == ["Sources/BackfillCore/Judging/Mathematics.swift"])
  }

  @Test func `are declared to the compiler, which checks each import`() throws {
    let makefile = try Repository.text("Makefile")
    #expect(makefile.contains("CHECKED = --explicit-target-dependency-import-check error"))
    #expect(makefile.contains("\nRELEASE = -c release $(CHECKED) "))
    let builds = makefile.split(separator: "\n").filter { $0.hasPrefix("\t$(SWIFT) build") }
    #expect(!builds.isEmpty)
    #expect(builds.allSatisfy { $0.contains("$(CHECKED)") || $0.contains("$(RELEASE)") })
  }
}
