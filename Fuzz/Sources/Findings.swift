@testable import BackfillConfig

extension [ConfigFinding] {
  /// Each is one readable line, and its place is in `text` or right behind it.
  func examine(in text: [UInt8]) {
    // Every line break of YAML counts, also those of three bytes.
    let lines = 2 + text.count { [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains($0) }
    for finding in self {
      let words = finding.description
      check(finding.message.isOneLine && words.isOneLine, "not one line: \(words)")
      check(finding.line >= 1 && finding.line <= lines, "no such line: \(words)")
      check(finding.column >= 1 && finding.column <= text.count + 2, "no such column: \(words)")
    }
  }
}
