import BackfillCore
import Testing

@testable import backfillctl

/// Fitting words into columns.
struct TextTests {
  @Test func `what a terminal would act on is not printed`() {
    #expect(Text.printable("a\u{1B}[31mb\u{7}\tc\nd\u{9B}1m\u{202E}ü") == "a?[31mb? c d?1m?ü")
  }

  @Test func `a word longer than the line is cut into lines`() {
    #expect(
      Text.wrapped("ab 0123456789abcdefghij cd", width: 14, indent: "  ") == [
        "  ab", "  0123456789ab", "  cdefghij cd",
      ])
  }

  @Test func `what does not fit ends in three dots`() {
    #expect(Text.cut("0123456789", to: 8) == "01234...")
    #expect(Text.cut("01234567", to: 8) == "01234567")
  }

  @Test func `wide characters take two columns, combining ones none`() {
    #expect(Text.columns(of: "漢字 e\u{301}") == 6)
    #expect(Text.cut("漢字漢字漢字", to: 9) == "漢字漢...")
    #expect(Text.cut("漢字漢字", to: 8) == "漢字漢字")
    #expect(Text.wrapped("漢字漢字漢字 ab", width: 10) == ["漢字漢字漢", "字 ab"])
    var table = Table(["a", "b"])
    table.add([Table.Cell("漢字"), Table.Cell("x")])
    table.add([Table.Cell("ab"), Table.Cell("y")])
    #expect(table.lines(width: 20, style: .plain) == ["a     b", "漢字  x", "ab    y"])
  }

  @Test(arguments: [
    (0, 10, "----------"), (1, 1000, "#---------"), (5, 10, "#####-----"), (999, 1000, "#########-"),
    (10, 10, "##########"),
  ])
  func `a bar is full only when all is done`(done: Int, total: Int, bar: String) {
    #expect(ProgressBar.bar(done, of: total, width: 10, style: .plain) == bar)
  }

  @Test func `a bar has blocks where the terminal can show them`() {
    let style = Style(hasColour: false, isUnicode: true)
    #expect(ProgressBar.bar(1, of: 2, width: 4, style: style) == "██░░")
  }

  @Test(arguments: [("flights", "flights"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("", "''"), ("$(x)", "'$(x)'")])
  func `a name in a command to type is quoted for the shell`(name: String, word: String) {
    #expect(NextCommands.shell(name) == word)
  }

  @Test(arguments: [(512, "512 KiB"), (38_912, "38 MiB"), (1_572_864, "1.5 GiB")])
  func `memory has the unit that fits`(kibibytes: Int, words: String) {
    #expect(AttemptRendering.memory(kibibytes) == words)
  }

  @Test func `only the last lines of long output are shown`() {
    let output = (1...30).map { "line \($0)" }.joined(separator: "\n")
    let failed = date(
      "2013-02-08", .held, history: [attempt("load", 1, ending: "exit status 1", milliseconds: 5, output: output)])
    let lines = DateRendering.lines(view([failed]), failed, in: plain)
    #expect(lines.contains("last 20 of 30 lines of load 1 (exit status 1):"))
    #expect(!lines.contains("  | line 10"))
    #expect(lines.contains("  | line 11"))
    #expect(lines.contains("  | line 30"))
  }
}
