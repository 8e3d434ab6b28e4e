import BackfillConfig
import Foundation
import Testing

@Suite struct `The files we ship` {
  /// The `etc` of this repository.
  private static let etc = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "etc")

  @Test func `have no findings`() throws {
    let files = try #require(FileManager.default.enumerator(atPath: Self.etc.path))
    let names = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".yaml") }
    let findings = names.flatMap { ConfigReader.check(file: "\(Self.etc.path)/\($0)", machine: FakeMachine()) }
    #expect(!names.isEmpty)
    #expect(findings.map(\.description) == [])
  }
}
