import Foundation
import Testing

/// The manual pages in `man/`.
@Suite struct `The manual` {
  static let pages = ["backfillctl.1", "backfilld.yaml.5", "backfill-window.5", "backfilld.8"]

  /// A page as it is installed.
  private static func page(_ name: String) throws -> String {
    let made = try Command("\(Repository.root)/scripts/man-page", ["\(Repository.root)/man/\(name)"])
    try #require(made.status == 0, "\(made.output)")
    return made.output
  }

  /// What `--experimental-dump-help` of ArgumentParser prints, as far as it is needed.
  private struct Tool: Decodable {
    struct Part: Decodable {
      let commandName: String
      let discussion: String?
      let arguments: [Argument]?
      let subcommands: [Part]?

      /// The long names of its options.
      var options: Set<String> {
        Set((arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name))
      }
    }
    struct Argument: Decodable { let names: [Name]? }
    struct Name: Decodable { let kind: String, name: String }
    let command: Part

    init(of program: String) throws {
      let help = try Command(try Command.built(program), ["--experimental-dump-help"])
      self = try JSONDecoder().decode(Tool.self, from: Data(help.output.utf8))
    }
  }

  /// The long options for which `text` has an item.
  private static func options(_ text: String) -> Set<String> {
    Set(text.split(separator: "\n").filter { $0.hasPrefix(".It Fl") }.flatMap(longNames))
  }

  private static func longNames(_ line: Substring) -> [String] {
    line.matches(of: /Fl -([a-z-]+)/).map { String($0.1) }
  }

  @Test func `has the pages that are installed, and no others`() throws {
    #expect(try Repository.names(in: "man") == Self.pages.sorted())
    let makefile = try Repository.text("Makefile")
    let installed = try #require(makefile.firstMatch(of: /\nPAGES = (.+)\n/)).1.split(separator: " ").map(String.init)
    #expect(Set(installed) == Set(Self.pages))
  }

  @Test func `of the tool has each command with each of its options, and no others`() throws {
    let page = try Self.page("backfillctl.1")
    let common = Self.options(try #require(page.components(separatedBy: "\n.Sh ").first { $0.hasPrefix("OPTIONS") }))
    let parts = page.components(separatedBy: "\n.It Ic ").dropFirst()
    let told = Dictionary(
      uniqueKeysWithValues: parts.map { part in
        (String(part.prefix { $0.isLetter }), Self.options(part.components(separatedBy: "\n.Sh ")[0]))
      })
    let commands = try Tool(of: "backfillctl").command.subcommands ?? []
    let known = Dictionary(
      uniqueKeysWithValues: commands.filter { $0.commandName != "help" }.map {
        ($0.commandName, $0.options.subtracting(common))
      })
    #expect(told.keys.sorted() == known.keys.sorted())
    #expect(commands.reduce(common) { $0.subtracting($1.options) } == [])
    for (name, options) in known {
      #expect(told[name]?.sorted() == options.sorted(), "backfillctl \(name)")
    }
  }

  @Test func `of the tool names each option in the line of its command`() throws {
    let parts = try Self.page("backfillctl.1").components(separatedBy: "\n.It Ic ").dropFirst()
    for part in parts {
      let line = part.components(separatedBy: "\n")[0]
      let options = Self.options(part.components(separatedBy: "\n.Sh ")[0])
      let short: Set<String> = line.contains("Fl f") ? ["follow"] : []
      #expect(Set(Self.longNames(line[...])).union(short).sorted() == options.sorted(), "\(line)")
    }
  }

  @Test func `of the daemon has each of its options, and no others`() throws {
    #expect(
      try Self.options(try Self.page("backfilld.8")).sorted()
        == Tool(of: "backfilld").command.options.subtracting(["help", "version"]).sorted())
  }

  @Test(arguments: ["backfillctl", "backfilld"])
  func `and the help leave the breaking of lines to the width of the terminal`(program: String) throws {
    let command = try Tool(of: program).command
    let texts = ([command] + (command.subcommands ?? [])).compactMap(\.discussion)
    #expect(!texts.isEmpty)
    let broken = texts.flatMap { $0.split(separator: "\n") }.filter { !$0.hasSuffix(".") }
    #expect(broken == [])
  }

  @Test func `has every key of the configuration`() throws {
    let told = try ["backfilld.yaml.5", "backfill-window.5"].map(Self.page).joined(separator: "\n")
      .split(separator: "\n").filter { $0.hasPrefix(".It ") }.joined().replacing("\\-", with: "-")
    let rows = try Page("docs/configuration.md").firstCells.flatMap(\.spans).filter { $0.contains(/^[a-z_.]+$/) }
    #expect(rows.count > 60)
    #expect(rows.filter { !told.contains("\\fB\($0)\\fR") } == [])
  }

  @Test(.enabled(if: Command.exists("/usr/bin/mandoc"), "mandoc is not there"), arguments: pages)
  func `is clean to mandoc`(page: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write(page, try Self.page(page))
    #expect(try Command("/usr/bin/mandoc", ["-T", "lint", "-W", "warning", file]).output == "")
  }
}
