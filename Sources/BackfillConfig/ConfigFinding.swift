import BackfillCore

/// One thing that is wrong in a configuration file, and where.
public struct ConfigFinding: Error, Sendable, Hashable {
  /// The path of the file, as the reader was given it.
  public let file: String
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in Unicode scalars.
  public let column: Int
  /// Lower case, without a final period.
  public let message: String
  /// What to do about it: "did you mean `x`?"; `nil` when there is nothing to say.
  public let hint: String?

  public init(file: String, line: Int, column: Int, message: String, hint: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
  }
}

extension ConfigFinding: CustomStringConvertible {
  /// `file:line:column: message; hint`.
  public var description: String {
    "\(file):\(line):\(column): \(message)" + (hint.map { "; \($0)" } ?? "")
  }
}

/// The findings of one file while it is read.
///
/// A class, because every section of a file adds to the same list. It lives inside one call of the reader and never leaves it.
final class FindingList {
  let file: String
  private var found: [ConfigFinding] = []

  init(file: String) {
    self.file = file
  }

  var isEmpty: Bool { found.isEmpty }

  /// A message quotes what the file says, which may hold what a terminal obeys: it is shown on one line.
  func add(_ message: String, at position: Position, hint: String? = nil) {
    found.append(
      ConfigFinding(
        file: file, line: position.line, column: position.column, message: message.onOneLine, hint: hint?.onOneLine))
  }

  /// Takes what was found in another file, a pipeline or a file of dates.
  func add(_ others: [ConfigFinding]) {
    found += others
  }

  /// This file's findings by position, then those of other files; what two aliases of one place repeat is there once.
  var sorted: [ConfigFinding] {
    var seen: Set<ConfigFinding> = []
    return found.filter { seen.insert($0).inserted }.enumerated()
      .sorted { left, right in order(left.element, left.offset) < order(right.element, right.offset) }
      .map(\.element)
  }

  private func order(_ finding: ConfigFinding, _ offset: Int) -> (Int, String, Int, Int, Int) {
    (finding.file == file ? 0 : 1, finding.file, finding.line, finding.column, offset)
  }
}
