import BackfillCore
import Foundation
import Testing

/// `systemd/backfilld.catalog`, which `journalctl -x` shows below the events. Source: the page "Journal Message Catalogs" of
/// systemd.
@Suite struct `The message catalog` {
  private struct Entry {
    let id: String
    /// `Subject: ...` and the like.
    let headers: [String]
    let text: String

    /// What stands between two `@`.
    var fields: [String] {
      (headers + [text]).flatMap { $0.matches(of: /@([A-Z_]+)@/).map { String($0.1) } }
    }
  }

  private static let path =
    #filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/" + $1 } + "/systemd/backfilld.catalog"

  private static func entries() throws -> [Entry] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.split(separator: "\n-- ").dropFirst().map { part in
      let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
      let headers = lines.dropFirst().prefix { !$0.isEmpty }
      return Entry(
        id: String(lines[0]), headers: headers.map(String.init),
        text: lines.dropFirst(1 + headers.count).joined(separator: "\n"))
    }
  }

  /// The fields that every event of `kind` has.
  private static func fields(of kind: JournalEvent.Kind) -> Set<String> {
    let variants = JournalEventMessageTests.variants.map(\.event) + JournalEventFieldsTests.variants.map(\.event)
    let sets = (EventSample.oneOfEachKind + variants).filter { $0.kind == kind }.map { Set($0.fields.map(\.name)) }
    return sets.dropFirst().reduce(sets.first ?? []) { $0.intersection($1) }
  }

  @Test func `explains every kind of event, once, in the order of the kinds`() throws {
    #expect(try Self.entries().map(\.id) == JournalEvent.Kind.allCases.map(\.messageID))
  }

  @Test(arguments: JournalEvent.Kind.allCases)
  func `names only fields that every event of the kind has`(kind: JournalEvent.Kind) throws {
    let entry = try #require(try Self.entries().first { $0.id == kind.messageID })
    #expect(Set(entry.fields).subtracting(Self.fields(of: kind)) == [])
  }

  @Test(arguments: JournalEvent.Kind.allCases)
  func `has a subject, and the commands in their order or that nothing needs to be done`(kind: JournalEvent.Kind) throws
  {
    let entry = try #require(try Self.entries().first { $0.id == kind.messageID })
    #expect(entry.headers.map { $0.prefix { $0 != ":" } } == ["Subject", "Defined-By", "Documentation"])
    let isSaid = entry.text.contains("\n    ") || entry.text.contains("othing needs to be done")
    #expect(isSaid)
  }

  @Test(arguments: JournalEvent.Kind.allCases)
  func `names a window of the event in each of its commands`(kind: JournalEvent.Kind) throws {
    let entry = try #require(try Self.entries().first { $0.id == kind.messageID })
    guard Self.fields(of: kind).contains("BACKFILL_WINDOW") else { return }
    let commands = entry.text.matches(of: /\n {3,4}backfillctl (\w+) ?(\S*)/).map { (String($0.1), String($0.2)) }
    let unnamed = commands.filter { !["reload", "check"].contains($0.0) && $0.1 != "@BACKFILL_WINDOW@" }
    #expect(unnamed.map(\.0) == [])
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/journalctl"), "journalctl is not there"))
  func `is compiled by journalctl without a word`() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("backfill-catalog-\(getpid())").path
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: root) } }
    for folder in ["usr/lib/systemd/catalog", "var/lib/systemd/catalog"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(atPath: Self.path, toPath: "\(root)/usr/lib/systemd/catalog/backfilld.catalog")
    #expect(try Self.journalctl("--update-catalog", "--root=\(root)") == "")
    let listed = try Self.journalctl("--list-catalog", "--root=\(root)").split(separator: "\n").map { $0.prefix(32) }
    #expect(Set(listed.map(String.init)) == Set(JournalEvent.Kind.allCases.map(\.messageID)))
  }

  /// What it prints, errors too.
  private static func journalctl(_ arguments: String...) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/journalctl")
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: output, as: UTF8.self)
  }
}
