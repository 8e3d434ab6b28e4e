import BackfillCore
import Testing

@Suite struct `A text on one line` {
  @Test(arguments: [
    ("", ""), ("grüß 😀", "grüß 😀"), ("a\nb\r\nc\td", #"a\nb\r\nc\td"#), ("\u{1B}[31mred", #"\u{1B}[31mred"#),
    ("\u{0}\u{7F}\u{85}\u{2028}\u{2029}", #"\u{0}\u{7F}\u{85}\u{2028}\u{2029}"#),
  ])
  func `shows control characters and line breaks as their numbers`(text: String, shown: String) {
    #expect(text.onOneLine == shown)
  }
}
