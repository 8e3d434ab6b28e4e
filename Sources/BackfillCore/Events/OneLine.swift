extension StringProtocol {
  /// This text on one line, whatever it holds: line breaks and control characters as `\n`, `\r`, `\t` and `\u{1B}`.
  ///
  /// For sentences that quote what comes from outside, as the category of a report: they go to journals and terminals, which
  /// obey control characters. Which those are: the general categories Cc, Zl and Zp of Unicode.
  public var onOneLine: String {
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return String(self) }
    guard unicodeScalars.contains(where: \.breaksALine) else { return String(self) }
    return unicodeScalars.reduce(into: "") { shown, scalar in
      switch scalar {
      case "\n": shown += "\\n"
      case "\r": shown += "\\r"
      case "\t": shown += "\\t"
      case let scalar where scalar.breaksALine: shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  fileprivate var breaksALine: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
