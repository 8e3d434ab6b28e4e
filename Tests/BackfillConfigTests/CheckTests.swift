import BackfillConfig
import BackfillCore
import Testing

@Suite struct `Checks before a step` {
  private func step(_ key: String, _ value: String) throws -> Step? {
    try window(goodDates + "steps:\n  load:\n    command: [a]\n    \(key): \(value)\n")?.steps.first
  }

  @Test func `have a time limit of their own where none is given`() throws {
    let command = ["bin/check", "{date}"]
    let value = "[[bin/check, \"{date}\"]]"
    #expect(try step("requires", value)?.requires == [Check(command: command, timeout: .seconds(60))])
    #expect(try step("freshness", value)?.freshness == [Check(command: command, timeout: .seconds(600))])
    let read = try window(goodDates + goodSteps + "preflight: [[df, /srv]]\n")
    #expect(read?.preflight == [Check(command: ["df", "/srv"], timeout: .seconds(600))])
  }

  @Test(arguments: [
    ("[]", []),
    ("[[a], [b, c]]", [["a"], ["b", "c"]]),
    ("[{command: [a]}, [b]]", [["a"], ["b"]]),
    ("{command: [a, b]}", [["a", "b"]]),
  ])
  func `are lists of commands`(value: String, commands: [[String]]) throws {
    #expect(try step("requires", value)?.requires.map(\.command) == commands)
  }

  @Test func `take a time limit`() throws {
    #expect(
      try step("requires", "[{command: [a], timeout: 30s}]")?.requires
        == [Check(command: ["a"], timeout: .seconds(30))])
  }

  @Test func `do not change the definition of what a step computes`() throws {
    let plain = try window(goodDates + goodSteps)
    let checked = try window(
      goodDates + "preflight: [[a]]\nsteps: {load: {command: [bin/load], requires: [[b]], freshness: [[c]]}}\n")
    #expect(plain?.definitionHash == checked?.definitionHash)
  }

  @Test func `a preflight of the window takes the place of the pipeline's`() throws {
    let folder = try ConfigFolder()
    try folder.write("preflight: [[shared]]\n" + goodSteps, to: "pipelines.d/p.yaml")
    try folder.write(goodDates + "pipeline: p\n", to: "windows.d/a.yaml")
    try folder.write(goodDates + "pipeline: p\npreflight: [[own]]\n", to: "windows.d/b.yaml")
    try folder.write(goodDates + "pipeline: p\npreflight: []\n", to: "windows.d/c.yaml")
    #expect(folder.read().windows.map { $0.preflight.map(\.command) } == [[["shared"]], [["own"]], []])
  }

  @Test(arguments: bad) func `with a mistake are named with its place`(_ file: BadFile) throws {
    #expect(try findings(file.text) == file.findings)
  }

  private static func file(_ name: String, _ line: String, _ findings: String...) -> BadFile {
    BadFile(name, goodDates + "steps:\n  load:\n    command: [a]\n    \(line)\n", findings: findings)
  }

  static let bad = [
    file(
      "one command instead of a list", "requires: [bin/check, \"{date}\"]",
      "a:5:15: `requires` must be a list of commands, found a list; each command is a list itself: `[[bin/check, ...]]`"
    ),
    file(
      "a text", "freshness: bin/check",
      "a:5:16: `freshness` must be a list of commands, found `bin/check`; each command is a list itself: `[[bin/check]]`"
    ),
    file("nothing", "requires:", "a:5:5: `requires` must be a command or `{command, timeout}`, found nothing"),
    file(
      "a text among commands", "requires: [[a], b]",
      "a:5:21: item 2 of `requires` must be a command or `{command, timeout}`, found `b`"),
    file("an empty command", "requires: [[]]", "a:5:16: item 1 of `requires` is empty"),
    file(
      "no command", "freshness: [{timeout: 5m}]", "a:5:17: `freshness.command` is missing"),
    file(
      "a bad limit and an unknown key", "requires: [{command: [a], timeout: 30, retries: 2}]",
      "a:5:40: `requires.timeout` must be a duration such as `30s`, `10m` or `1h30m`, found `30`; add the unit: `s`, `m`, `h` or `d`",
      "a:5:44: unknown key `requires.retries`; known here: `command`, `timeout`"),
    file(
      "a slip in a placeholder", "requires: [[a, \"{dat}\"]]",
      "a:5:21: unknown placeholder `{dat}`; did you mean `{date}`?"),
    BadFile(
      "a date in a preflight", goodDates + goodSteps + "preflight: [[a, \"{date}\"]]\n",
      "a:3:18: `{date}` is not filled in here; known here: `{from}`, `{to}`, `{window}`"),
    BadFile(
      "a slip in a preflight", goodDates + goodSteps + "preflight: [{command: [a, \"{fron}\"]}]\n",
      "a:3:28: unknown placeholder `{fron}`; did you mean `{from}`?"),
  ]
}
