import BackfillConfig
import BackfillCore
import Foundation
import Testing

@Suite struct `A file that cannot be read` {
  @Test(arguments: texts)
  func `is named with the place where reading ended`(_ file: BadFile) throws {
    let found = try findings(file.text)
    #expect(found == file.findings)
  }

  static let texts = [
    BadFile("empty", "", "a:1:1: the file is empty: it has no text"),
    BadFile("blank", " \n\n", "a:1:1: the file is empty: it has no text"),
    BadFile("comments only", "# later\n", "a:1:1: the file is empty: it has comments only"),
    BadFile("list", "- a\n- b\n", "a:1:1: the file must be a mapping of keys to values, found a list"),
    BadFile("text", "hello\n", "a:1:1: the file must be a mapping of keys to values, found `hello`"),
    BadFile(
      "two documents", goodDates + goodSteps + "---\n" + goodDates,
      "a:3:1: a second YAML document begins here; a file holds one document"),
    BadFile(
      "tab", "dates:\n\tfrom: 2021-10-19\n", "a:2:1: not valid YAML: a tab cannot indent; indent with spaces"),
    BadFile(
      "tags", goodDates + goodSteps + "max_held: !!binary 3\nrun: !vault {user: root}\n",
      "a:3:11: the tag `!!binary` means nothing here; write the value itself",
      "a:4:6: the tag `!vault` means nothing here; write the value itself"),
    BadFile(
      "open bracket", "locks: [a, b\nmax_held: 3\n",
      "a:2:9: not valid YAML: did not find expected ',' or ']' (while parsing a flow sequence that begins at 1:8)"),
    BadFile(
      "open quote", "description: \"a\nb: c\n",
      "a:3:1: not valid YAML: found unexpected end of stream (while scanning a quoted scalar that begins at 1:14)"),
    BadFile(
      "colon in a text", "description: phase: 4\n",
      "a:1:19: not valid YAML: a `:` that begins no value; "
        + "check the indentation, or put a value that contains `: ` in quotes"),
    BadFile(
      "at sign", "schedule: {when: @daily}\n",
      "a:1:18: not valid YAML: `@` cannot begin a value; put the value in quotes"),
    BadFile("list as a key", goodDates + goodSteps + "[a]: b\n", "a:3:1: a key must be a text, found a list"),
    BadFile(
      "unknown alias", goodDates + goodSteps + "locks: &lock [a]\nrun: *lok\n",
      "a:4:6: unknown alias `*lok`; did you mean `lock`?"),
    BadFile(
      "unknown alias with what a terminal obeys", "a: *a\tb\n",
      #"a:1:4: unknown alias `*a\tb`; a text that begins with `*` needs quotes"#),
    BadFile("alias of itself", "a: &a [*a]\n", "a:1:8: unknown alias `*a`; a text that begins with `*` needs quotes"),
    BadFile("NUL", "description: a\0b\n", "a:1:15: control character U+0000; remove it"),
    BadFile("escape character", "# ö\u{1B}[1m\n", "a:1:4: control character U+001B; remove it"),
    BadFile(
      "deep lists", "locks: " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60),
      "a:1:57: nested too deeply: at most 50 levels are read"),
    BadFile(
      "lists too deep for the parser", String(repeating: "- ", count: 100_000),
      "a:1:1999: nested too deeply: at most 50 levels are read"),
    BadFile(
      "YAML bomb", bomb, "a:6:8: too many values: at most 100000 are read, aliases expanded"),
    BadFile(
      "many values", "locks: [" + String(repeating: "a,", count: 100_001) + "]\n",
      "a:1:200003: too many values: at most 100000 are read, aliases expanded"),
  ]

  /// Nine levels of nine aliases each: 400 million texts.
  private static let bomb =
    "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + zip("abcdefgh", "bcdefghi").map { inner, outer in
      "\(outer): &\(outer) [" + Array(repeating: "*\(inner)", count: 9).joined(separator: ",") + "]\n"
    }.joined()

  @Test func `because its keys are a YAML bomb is refused`() throws {
    let levels = (0..<40).map { "k\($0 + 1): &k\($0 + 1) {? [*k\($0), *k\($0)] : 1}\n" }
    let found = try findings("k0: &k0 x\n" + levels.joined())
    #expect(found.filter { $0.hasSuffix("a key must be a text, found a list") }.count == 40)
  }

  @Test func `that is not UTF-8 is refused with line, column and byte`() throws {
    let folder = try ConfigFolder()
    try folder.write(Data("# a\n# é".utf8) + [0xFF], to: "windows.d/a.yaml")
    #expect(
      folder.rejections() == ["a:2:4: not UTF-8: byte 9 of the file is FF; save the file as UTF-8"])
  }

  @Test func `of 5 MB is refused by its size`() throws {
    let folder = try ConfigFolder()
    try folder.write(Data(count: 5_000_000), to: "windows.d/a.yaml")
    #expect(folder.rejections() == ["a:1:1: too large: 5000000 bytes, at most 1048576 are read"])
  }

  @Test func `because it is a directory is refused`() throws {
    let folder = try ConfigFolder()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/windows.d/a.yaml", withIntermediateDirectories: false)
    #expect(folder.rejections() == ["a:1:1: cannot be read: it is a directory"])
  }

  @Test func `because it is a link to nowhere is refused`() throws {
    let folder = try ConfigFolder()
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/windows.d/a.yaml", withDestinationPath: "nowhere")
    #expect(folder.rejections() == ["a:1:1: cannot be read: No such file or directory"])
  }

  @Test func `because it is a device is refused`() throws {
    let folder = try ConfigFolder()
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/windows.d/a.yaml", withDestinationPath: "/dev/zero")
    #expect(folder.rejections() == ["a:1:1: cannot be read: it is not a regular file"])
  }
}

@Suite struct `Aliases and merge keys` {
  @Test func `are expanded in place`() throws {
    let text = """
      dates: {from: 2021-10-19, to: 2021-10-25}
      steps:
        load: &base
          command: [bin/load, "2 * 3", &arg "{date}"]
          timeout: 10m
        save:
          <<: *base
          command: [bin/save, *arg]
          after: load
      """
    let steps = try #require(try window(text)).steps
    #expect(steps.map(\.command) == [["bin/load", "2 * 3", "{date}"], ["bin/save", "{date}"]])
    #expect(steps.map(\.timeout) == [.seconds(600), .seconds(600)])
  }

  @Test func `report a slip that they repeat once`() throws {
    let text =
      goodDates + "steps:\n  a: {command: [x], retry: &r {atempts: 1, attempts: 2}}\n  b: {command: [x], retry: *r}\n"
    let found = try findings(text)
    #expect(found == ["a:3:32: unknown key `retry.atempts`; did you mean `attempts`?"])
  }
}
