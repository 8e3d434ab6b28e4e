/// Fitting words into columns.
enum Text {
  /// `text` without anything a terminal would act on: control characters become `?`, tabs and line ends become spaces.
  static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control: result += scalar == "\t" || scalar == "\n" || scalar == "\r" ? " " : "?"
      case .format, .lineSeparator, .paragraphSeparator, .surrogate: result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Breaks `text` at spaces into lines of at most `width` columns, each behind `indent`; longer words are cut.
  static func wrapped(_ text: String, width: Int, indent: String = "") -> [String] {
    let room = max(10, width - indent.count)
    var lines: [String] = []
    var line = ""
    for word in printable(text).split(separator: " ") {
      var rest = word
      if !line.isEmpty, line.count + 1 + rest.count > room {
        lines.append(line)
        line = ""
      }
      while rest.count > room {
        lines.append(String(rest.prefix(room)))
        rest = rest.dropFirst(room)
      }
      line += (line.isEmpty ? "" : " ") + rest
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { indent + $0 }
  }

  /// At most `width` columns of `text`; what is cut ends in `...`.
  static func cut(_ text: String, to width: Int) -> String {
    let clean = printable(text)
    guard clean.count > width else { return clean }
    return width > 3 ? clean.prefix(width - 3) + "..." : String(clean.prefix(max(0, width)))
  }

  /// `1 date`, `2 dates`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// Removes what is left of spaces at the end.
  static func trimmedEnd(_ text: String) -> String {
    guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
    return String(text[...last])
  }
}
