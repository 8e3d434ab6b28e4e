import BackfillCore

/// What `import` prints: how many dates, and those that were left alone.
enum ImportRendering {
  static func lines(_ answer: ImportAnswer) -> [String] {
    let known = LeftAlone.lines(answer.known, separator: " ").map { "  \($0)" }
    return [Text.printable(answer.message)]
      + (known.isEmpty ? [] : ["\(Text.count(answer.known.count, "date")) left alone:"] + known)
  }
}
