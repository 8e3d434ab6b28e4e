import BackfillConfig
import BackfillCore
import Testing

@Suite struct `A value` {
  @Test(arguments: [
    ("30s", 30), ("1m", 60), ("2h", 7200), ("3d", 259_200), ("90m", 5400), ("1h30m", 5400), ("1d2h3m4s", 93_784),
  ])
  func `may be a duration`(_ text: String, _ seconds: Int) throws {
    let window = try window(goodDates + "steps: {load: {command: [x], timeout: \(text)}}\n")
    #expect(window?.steps[0].timeout == .seconds(seconds))
  }

  @Test(arguments: ["1", "s", "-1s", "1.5h", "1000000000s", "0s"])
  func `is not a duration when it is written otherwise`(_ text: String) throws {
    let expected = text == "0s" ? "a duration above zero" : "a duration such as `30s`, `10m` or `1h30m`"
    let hint = text == "1" ? "; add the unit: `s`, `m`, `h` or `d`" : ""
    let found = try findings(goodDates + "steps: {load: {command: [x], timeout: '\(text)'}}\n")
    #expect(found == ["a:2:39: `timeout` must be \(expected), found `\(text)`\(hint)"])
  }

  @Test(
    arguments: [
      ("30", 30, 30), ("'>= 30'", 30, nil), (">=30", 30, nil), ("'<= 5'", nil, 5), ("25..35", 25, 35),
      ("0.5 .. 1.5", 0.5, 1.5), ("-3..-1", -3, -1), ("25-30%", 0.25, 0.3), ("25%..30%", 0.25, 0.3), ("50%", 0.5, 0.5),
      ("'>= 50 %'", 0.5, nil),
    ] as [(String, Double?, Double?)])
  func `may be a range`(_ text: String, _ low: Double?, _ high: Double?) throws {
    let text = text.hasPrefix(">") ? "'\(text)'" : text
    let window = try window(goodDates + "steps: {load: {command: [x], expect: {metrics: {m: \(text)}}}}\n")
    #expect(window?.steps[0].expect.metrics == ["m": NumberRange(minimum: low, maximum: high)])
  }

  @Test(arguments: [
    ("Mon", [1]), ("monday", [1]), ("Mon..Fri", [1, 2, 3, 4, 5]), ("Fri..Mon", [5, 6, 7, 1]),
    ("'Mon,Wed..Thu'", [1, 3, 4]), ("[Sat, Sun]", [6, 7]), ("Mon..Mon", [1]),
  ])
  func `may name days of the week`(_ text: String, _ days: [Int]) throws {
    let window = try window("dates: {from: 2021-10-19, to: 2021-10-25, weekdays: \(text)}\n" + goodSteps)
    #expect(window?.dates.weekdays == Set(days.compactMap(Weekday.init)))
  }

  @Test(arguments: [("06:00", 21_600), ("\"06:00\"", 21_600), ("6:30", 23_400), ("23:59", 86_340)])
  func `may be a time of the day, in quotes or not`(_ text: String, _ second: Int) throws {
    let window = try window(goodDates + "schedule: {when: \"@daily\", stop_by: \(text)}\n" + goodSteps)
    #expect(window?.schedule?.stopBy == second)
  }

  @Test(arguments: [("14d", SkipFirst.days(14)), ("14", SkipFirst.dates(14))])
  func `may skip days or calendar dates`(_ text: String, _ skip: SkipFirst) throws {
    let window = try window("dates: {from: 2021-10-01, to: 2021-10-25, skip_first: \(text)}\n" + goodSteps)
    #expect(window?.dates.skipFirst == skip)
  }

  @Test(arguments: [
    "{\"a\": {\"date\": 1}}", "awk '{print}'", "${dat}", "{data", "{foo}", "{date}", "{2}", "a{b,c}", "{ dat }",
  ])
  func `of a command may have braces that are no placeholder`(_ argument: String) throws {
    let quoted = argument.replacing("'", with: "''")
    let window = try window(goodDates + "steps: {load: {command: [x, '\(quoted)']}}\n")
    #expect(window?.steps[0].command == ["x", argument])
  }

  @Test func `that looks like a number stays the text it is`() throws {
    let window = try window(
      goodDates
        + "run: {environment: {A: 010, B: no, C: 1e3, D: , E: ''}}\nsteps: {load: {command: [x, 3, 1.50, no]}}\n")
    #expect(window?.steps[0].command == ["x", "3", "1.50", "no"])
    #expect(window?.run.environment == ["A": "010", "B": "no", "C": "1e3", "D": "", "E": ""])
  }

  @Test func `may look back at the step's own earlier dates`() throws {
    let window = try window(goodDates + "steps: {load: {command: [x], after: {step: load, lookback: 3}}}\n")
    #expect(
      window?.steps == [
        Step(name: "load", command: ["x"], lookbacks: [Lookback(step: "load", dates: 3, minimum: 3)])
      ])
  }
}

@Suite struct `A window without max_held` {
  @Test func `is paused by three held dates`() throws {
    #expect(try window(goodDates + goodSteps)?.maxHeld == 3)
  }
}

@Suite struct `A definition hash` {
  private static let base =
    "run: {environment: {A: 1, B: 2}}\nsteps: {a: {command: [x, y]}, b: {command: [z], after: a}}\n"

  @Test(arguments: [
    "description: other\n" + base, "# comment\n" + base, "schedule: {when: \"@daily\"}\nmax_held: 3\n" + base,
    "run: {environment: {B: 2, A: 1}}\nsteps: {b: {after: [a], command: [z]}, a: {command: [x, y]}}\n",
    base.replacing("[x, y]", with: "[x, y], timeout: 1m, retry: {attempts: 2}, expect: {records: 1}"),
  ])
  func `does not change with what the steps do not see`(_ text: String) throws {
    let first = try #require(try window(goodDates + Self.base))
    #expect(try window(goodDates + text)?.definitionHash == first.definitionHash)
  }

  @Test(arguments: [
    base.replacing("[x, y]", with: "[xy]"), base.replacing("[x, y]", with: "[x, z]"),
    base.replacing("A: 1", with: "A: 2"),
    base.replacing(", after: a", with: ""), base.replacing("b: {", with: "c: {"),
    base.replacing("[z]", with: "[z], report: {from: output}"), base.replacing("run: {", with: "run: {user: nba, "),
  ])
  func `changes with what the steps compute`(_ text: String) throws {
    let first = try #require(try window(goodDates + Self.base))
    let other = try #require(try window(goodDates + text))
    #expect(other.definitionHash != first.definitionHash)
  }
}
