extension [String] {
  /// So much of a command is quoted, in characters.
  private static let quoteLimit = 120

  /// A program and its arguments as a sentence quotes them: on one line, cut where it is long.
  var quotedCommand: String {
    let line = joined(separator: " ").split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > Self.quoteLimit ? "\(line.prefix(Self.quoteLimit))..." : line
  }
}
