/// A word of a schedule and where it stands.
struct CalendarWord {
  let characters: ArraySlice<Character>

  /// Counted in characters from 0.
  var position: Int { characters.startIndex }
  /// The position after its last character.
  var end: Int { characters.endIndex }
  var text: String { String(characters) }
  var quoted: String { characters.quoted }

  /// The words of `text`, separated by blanks or tabs.
  static func words(of text: String) -> [CalendarWord] {
    Array(text).split { $0 == " " || $0 == "\t" }.map { CalendarWord(characters: $0) }
  }
}

extension ArraySlice<Character> {
  /// This text as an error message shows it: between backticks, in one line, cut after 40 characters.
  var quoted: String {
    let shown = prefix(40).map(\.printable)
    return "`\(shown.joined())\(count > 40 ? "..." : "")`"
  }
}

extension Character {
  /// As an error message shows it: between backticks, a blank by its name.
  var quoted: String { self == " " ? "a blank" : "`\(printable)`" }

  /// Itself, or U+FFFD where it holds a control character: a message has one line.
  fileprivate var printable: String {
    let text = String(self)
    return text.onOneLine == text ? text : "\u{FFFD}"
  }
}
