import Foundation
import Testing

/// A reference case: which instants an expression names after a base.
struct CalendarCase: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let expr: String
  let tz: String
  let base: String
  let n: Int?
  /// UTC, fractions of a second cut off; `nil` when the expression is to be rejected.
  let expected: [String]?
  let normalized: String?

  var testDescription: String { "\(id) `\(expr)`" }

  /// The cases of a file in `Tests/Cases`.
  static func load(_ file: String) throws -> [CalendarCase] {
    struct File: Decodable {
      let cases: [CalendarCase]
    }
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Cases")
    let data = try Data(contentsOf: folder.appendingPathComponent(file))
    return try JSONDecoder().decode(File.self, from: data).cases
  }
}

/// A pseudo-random sequence that is the same in every run (SplitMix64).
struct FixedRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
