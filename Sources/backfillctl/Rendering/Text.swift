import CPosix

/// Fitting words into columns.
enum Text {
  /// The columns that `text` takes on a terminal: two for a wide character, none for a combining one.
  static func columns(of text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + ($1.unicodeScalars.map { Int(cposix_width($0.value)) }.max() ?? 0) }
  }

  /// As much of `text` as takes at most `width` columns.
  static func prefix(of text: Substring, width: Int) -> Substring {
    var room = width
    return text.prefix { character in
      room -= columns(of: String(character))
      return room >= 0
    }
  }

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
      if !line.isEmpty, columns(of: line) + 1 + columns(of: rest) > room {
        lines.append(line)
        line = ""
      }
      while columns(of: rest) > room {
        let part = prefix(of: rest, width: room)
        lines.append(String(part))
        rest = rest[part.endIndex...]
      }
      line += (line.isEmpty ? "" : " ") + rest
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { indent + $0 }
  }

  /// At most `room` columns of `text`; what is cut ends in `...`.
  static func cut(_ text: String, to room: Int) -> String {
    let clean = printable(text)
    guard columns(of: clean) > room else { return clean }
    return String(prefix(of: clean[...], width: max(0, room > 3 ? room - 3 : room))) + (room > 3 ? "..." : "")
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
