import BackfillConfig
import BackfillCore
import Foundation
import Testing

/// A file, and all that is said about it.
struct BadFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let text: String
  let findings: [String]

  init(_ name: String, _ text: String, _ findings: String...) {
    self.init(name, text, findings: findings)
  }

  init(_ name: String, _ text: String, findings: [String]) {
    testDescription = name
    self.text = text
    self.findings = findings
  }
}

@Suite struct `Bad input` {
  @Test(arguments: keys + dates + schedules + steps + runs)
  func `is named with its place`(_ file: BadFile) throws {
    let found = try findings(file.text)
    #expect(found == file.findings)
  }

  static let keys = [
    BadFile(
      "unknown key", "max_heldd: 3\n" + goodDates + goodSteps,
      "a:1:1: unknown key `max_heldd`; did you mean `max_held`?"),
    BadFile(
      "unknown key like no other", goodDates + goodSteps + "parallel: {colour: 1}\n",
      "a:3:12: unknown key `parallel.colour`; known here: `dates`, `steps`"),
    BadFile(
      "wrong type", goodDates + "max_held: many\n" + goodSteps,
      "a:2:11: `max_held` must be a whole number of at least 1, found `many`"),
    BadFile(
      "no value", goodDates + "max_held:\n" + goodSteps,
      "a:2:1: `max_held` must be a whole number of at least 1, found nothing"),
    BadFile(
      "list for a number", goodDates + "max_held: [1, 2]\n" + goodSteps,
      "a:2:11: `max_held` must be a whole number of at least 1, found a list"),
    BadFile(
      "text for a mapping", "dates: 2021-10-19\n" + goodSteps,
      "a:1:8: `dates` must be a mapping of `from`, `to`, `skip_first`, `except`, `weekdays`, `from_file`, `from_command`, found `2021-10-19`"
    ),
    BadFile(
      "slip in a word", goodDates + "order: oldest_first\n" + goodSteps,
      "a:2:8: `order` must be `oldest-first` or `newest-first`, found `oldest_first`; did you mean `oldest-first`?"),
    BadFile(
      "nothing but a key", "description: x\n", "a:1:1: `dates` is missing",
      "a:1:1: `steps` is missing; give `steps`, or name a `pipeline`"),
    BadFile(
      "duplicate key", goodDates + "max_held: 3\n" + goodSteps + "max_held: 4\n",
      "a:4:1: duplicate key `max_held`, the first one is at 2:1; remove or rename one of them"),
    BadFile(
      "duplicate keys in two places, one of them quoted and there three times",
      goodDates + goodSteps + "parallel: {dates: 1, \"dates\": 2, dates: 3}\nlocks: [a]\n'locks': [b]\n",
      "a:3:22: duplicate key `dates`, the first one is at 3:12; remove or rename one of them",
      "a:3:34: duplicate key `dates`, the first one is at 3:12; remove or rename one of them",
      "a:5:1: duplicate key `locks`, the first one is at 4:1; remove or rename one of them"),
    BadFile(
      "duplicate step", goodDates + "steps:\n  load: {command: [a]}\n  save: {command: [b]}\n  load: {command: [c]}\n",
      "a:5:3: duplicate key `load`, the first one is at 3:3; remove or rename one of them"),
    BadFile(
      "keys of a later version",
      goodDates
        + "version_command: [git]\nchecks: []\nnotify: [[a]]\nsteps:\n  load:\n    command: [a]\n"
        + "    probe: {}\n    report: {from: pattern}\n",
      "a:2:1: `version_command` is not supported yet", "a:3:1: `checks` is not supported yet",
      "a:4:1: `notify` is not supported yet", "a:8:5: `probe` is not supported yet",
      "a:9:20: `report.from: pattern` is not supported yet"),
    BadFile(
      "bad locks", goodDates + goodSteps + "locks: [a, a, \"b c\"]\n", "a:3:12: `a` is twice in `locks`",
      "a:3:15: item 3 of `locks` must be a name of letters, digits, `-`, `_` and `.`, found `b c`"),
    BadFile(
      "settled_after in hours", goodDates + goodSteps + "settled_after: 30h\n",
      "a:3:16: `settled_after` must be a number of days such as `3d`, found `30h`"),
    BadFile(
      "several slips at once", "dates: {from: 2021-10-19, too: 2021-10-25}\nordr: x\n" + goodSteps + "max_held: 0\n",
      "a:1:8: `dates.to` is missing", "a:1:27: unknown key `dates.too`; did you mean `to`?",
      "a:2:1: unknown key `ordr`; did you mean `order`?",
      "a:4:11: `max_held` must be a whole number of at least 1, found `0`"),
  ]

  static let dates = [
    BadFile(
      "date that does not exist", "dates: {from: 2021-02-29, to: 2021-13-01}\n" + goodSteps,
      "a:1:15: `dates.from` is `2021-02-29`, a date that does not exist; 2021-02 has 28 days",
      "a:1:31: `dates.to` is `2021-13-01`, a date that does not exist; months are 01 to 12"),
    BadFile(
      "not a date", "dates: {from: 19.10.2021, to: [2021-10-25]}\n" + goodSteps,
      "a:1:15: `dates.from` must be a date such as `2021-10-19`, found `19.10.2021`",
      "a:1:31: `dates.to` must be a date such as `2021-10-19`, found a list"),
    BadFile(
      "from after to", "dates: {from: 2022-04-10, to: 2021-10-19}\n" + goodSteps,
      "a:1:15: `dates.from` 2022-04-10 is after `dates.to` 2021-10-19"),
    BadFile(
      "window that ends tomorrow", "dates: {from: 2022-04-10, to: tomorrow}\n" + goodSteps,
      "a:1:31: `dates.to` must be a date such as `2021-10-19`, `yesterday`, `today` or `today-3d`, found `tomorrow`"),
    BadFile(
      "window that ends on capital letters", "dates: {from: 2022-04-10, to: Today}\n" + goodSteps,
      "a:1:31: `dates.to` must be a date such as `2021-10-19`, `yesterday`, `today` or `today-3d`, found `Today`"),
    BadFile(
      "window that ends three hours ago", "dates: {from: 2022-04-10, to: today-3h}\n" + goodSteps,
      "a:1:31: `dates.to` must be a date such as `2021-10-19`, `yesterday`, `today` or `today-3d`, found `today-3h`"),
    BadFile(
      "window that begins yesterday", "dates: {from: yesterday, to: 2022-04-10}\n" + goodSteps,
      "a:1:15: `dates.from` must be a date such as `2021-10-19`, found `yesterday`; only `dates.to` follows the calendar"
    ),
    BadFile(
      "exception before a window that follows the calendar",
      "dates: {from: 2022-04-10, to: yesterday, except: [2022-04-09]}\n" + goodSteps,
      "a:1:51: `dates.except` names 2022-04-09, which is before 2022-04-10"),
    BadFile(
      "dates from a command and a file",
      "dates: {from: 2021-10-19, to: 2021-10-25, from_command: [bq], from_file: x.csv}\n" + goodSteps,
      "a:1:57: the dates have both `from_file` and `from_command`; use one of them",
      "windows.d/x.csv:1:1: cannot be read: No such file or directory"),
    BadFile(
      "dates from no command", "dates: {from: 2021-10-19, to: 2021-10-25, from_command: bq}\n" + goodSteps,
      "a:1:57: `dates.from_command` must be a list of the program and its arguments, found `bq`; write it as a list: `[bq]`"
    ),
    BadFile(
      "placeholder in the command of a calendar",
      "dates: {from: 2021-10-19, to: 2021-10-25, from_command: [bq, \"--to={date}\"]}\n" + goodSteps,
      "a:1:68: `{date}` is not filled in here"),
    BadFile(
      "exception outside the window",
      "dates: {from: 2021-10-19, to: 2021-10-25, except: [2021-10-20, 2021-12-24, 2021-10-20]}\n" + goodSteps,
      "a:1:64: `dates.except` names 2021-12-24, which is not within 2021-10-19..2021-10-25",
      "a:1:76: `2021-10-20` is twice in `dates.except`"),
    BadFile(
      "no date left", "dates: {from: 2021-10-23, to: 2021-10-24, weekdays: Mon..Fri}\n" + goodSteps,
      "a:1:1: no date is left between 2021-10-23 and 2021-10-24"),
    BadFile(
      "everything skipped", "dates: {from: 2021-10-19, to: 2021-10-25, skip_first: 7d}\n" + goodSteps,
      "a:1:55: `dates.skip_first` skips every date of the window"),
    BadFile(
      "skip_first in hours", "dates: {from: 2021-10-19, to: 2021-10-25, skip_first: 36h}\n" + goodSteps,
      "a:1:55: `dates.skip_first` must be a number of days such as `14d` or of calendar dates such as `14`, found `36h`"
    ),
    BadFile(
      "bad weekday", "dates: {from: 2021-10-19, to: 2021-10-25, weekdays: Mon..Frei}\n" + goodSteps,
      "a:1:53: unknown day of the week `Frei`; did you mean `Fri`?"),
    BadFile(
      "bad weekdays", "dates: {from: 2021-10-19, to: 2021-10-25, weekdays: [Mons, Sat-Sun, Sun]}\n" + goodSteps,
      "a:1:54: unknown day of the week `Mons`; did you mean `Mon`?",
      "a:1:60: unknown day of the week `Sat-Sun`; a range is written `Mon..Fri`"),
    BadFile(
      "missing file of dates", "dates: {from: 2021-10-19, to: 2021-10-25, from_file: no.csv}\n" + goodSteps,
      "windows.d/no.csv:1:1: cannot be read: No such file or directory"),
    BadFile(
      "more dates than anybody has", "dates: {from: 0001-01-01, to: 9999-12-31}\n" + goodSteps,
      "a:1:1: `dates` cover more than 1000000 days"),
  ]

  static let schedules = [
    BadFile(
      "bad zone", goodDates + "schedule: {when: \"0 1 * * *\", timezone: America/NewYork}\n" + goodSteps,
      "a:2:41: unknown time zone `America/NewYork`; did you mean `America/New_York`?"),
    BadFile(
      "zone without its continent", goodDates + "schedule: {when: \"0 1 * * *\", timezone: new_york}\n" + goodSteps,
      "a:2:41: unknown time zone `new_york`; did you mean `America/New_York`?"),
    BadFile(
      "offset as a zone", goodDates + "schedule: {when: \"0 1 * * *\", timezone: GMT+5}\n" + goodSteps,
      "a:2:41: unknown time zone `GMT+5`; an offset is no time zone: write the name of a place, such as `America/New_York`"
    ),
    BadFile(
      "abbreviation of a zone", goodDates + "schedule: {when: \"0 1 * * *\", timezone: EDT}\n" + goodSteps,
      "a:2:41: unknown time zone `EDT`; write the name of a place, such as `America/New_York`"),
    BadFile(
      "no when", goodDates + "schedule: {chunk: 30}\n" + goodSteps, "a:2:11: `schedule.when` is missing"),
    BadFile(
      "bad time of the day", goodDates + "schedule: {when: \"@daily\", stop_by: \"24:00\"}\n" + goodSteps,
      "a:2:37: `schedule.stop_by` must be a time of the day such as `\"06:00\"`, found `24:00`"),
    BadFile(
      "bad ramp, chunk and missed",
      goodDates + "schedule: {when: \"@daily\", ramp: [1, 0], chunk: all, missed: onec}\n" + goodSteps,
      "a:2:38: item 2 of `schedule.ramp` must be a whole number of at least 1, found `0`",
      "a:2:49: `schedule.chunk` must be a whole number of at least 1, found `all`",
      "a:2:62: `schedule.missed` must be `once` or `skip`, found `onec`; did you mean `once`?"),
  ]

  static let steps = [
    BadFile(
      "cycle",
      goodDates + "steps:\n  a: {command: [x], after: [c]}\n  b: {command: [x], after: [a]}\n"
        + "  c: {command: [x], after: [b]}\n  d: {command: [x], after: [a, c]}\n",
      "a:3:29: steps wait for each other in a cycle: `a` -> `c` -> `b` -> `a`"),
    BadFile(
      "unknown after", goodDates + "steps:\n  psza: {command: [x]}\n  pcf: {command: [x], after: [psz, q]}\n",
      "a:4:31: `after` names an unknown step `psz`; did you mean `psza`?", "a:4:36: `after` names an unknown step `q`"),
    BadFile(
      "after as one text",
      goodDates + "steps:\n  a: {command: [x]}\n  b: {command: [x]}\n"
        + "  c:\n    command: [x]\n    after: a, b\n",
      "a:7:12: `after` names an unknown step `a, b`; a list is written `[a, b]`"),
    BadFile(
      "step after itself", goodDates + "steps:\n  load: {command: [x], after: load}\n",
      "a:3:31: step `load` comes after itself"),
    BadFile(
      "bad look back",
      goodDates + "steps:\n  a: {command: [x]}\n  b: {command: [x], after: [{step: a, lookback: 3, min: 4}]}\n"
        + "  c: {command: [x], after: [{step: a}, [b]]}\n",
      "a:4:57: `after.min` 4 is above `after.lookback` 3", "a:5:29: `after.lookback` is missing",
      "a:5:40: item 2 of `after` must be the name of a step or `{step, lookback, min}`, found a list"),
    BadFile(
      "look back at a step that is waited for already",
      goodDates + "steps:\n  a: {command: [x]}\n  b: {command: [x], after: [a, {step: a, lookback: 3}]}\n"
        + "  c: {command: [x], after: [{step: a, lookback: 3}, a]}\n",
      "a:4:39: `a` is twice in `after`; a `lookback` waits for the same date too: leave the other one out",
      "a:5:53: `a` is twice in `after`; a `lookback` waits for the same date too: leave the other one out"),
    BadFile(
      "look back with slips",
      goodDates + "steps:\n  a: {command: [x]}\n  b: {command: [x], after: [{stp: a}]}\n"
        + "  c: {command: [x], after: [{stp: a, lookback: 3, min: 4}, {step: [a], lookback: 0}]}\n",
      "a:4:29: `after.step` is missing", "a:4:29: `after.lookback` is missing",
      "a:4:30: unknown key `after.stp`; did you mean `step`?",
      "a:5:29: `after.step` is missing", "a:5:30: unknown key `after.stp`; did you mean `step`?",
      "a:5:56: `after.min` 4 is above `after.lookback` 3",
      "a:5:67: `after.step` must be a text, found a list",
      "a:5:82: `after.lookback` must be a whole number of at least 1, found `0`"),
    BadFile(
      "no steps", goodDates + "steps: {}\n", "a:2:8: `steps` has no step"),
    BadFile(
      "1001 steps in a chain",
      goodDates + "steps:\n" + (0...1000).map { "  s\($0): {command: [x], after: s\($0 + 1)}\n" }.joined(),
      "a:3:3: `steps` has 1001 steps, at most 1000 are read"),
    BadFile(
      "1000 steps in a ring",
      goodDates + "steps:\n" + (0..<1000).map { "  s\($0): {command: [x], after: s\(($0 + 1) % 1000)}\n" }.joined(),
      "a:3:29: steps wait for each other in a cycle: "
        + (0..<1000).map { "`s\($0)` -> " }.joined() + "`s0`"),
    BadFile(
      "26 duplicate keys", (0...26).map { _ in "locks: a\n" }.joined() + goodDates + goodSteps,
      "a:26:1: duplicate key `locks`"),
    BadFile(
      "steps in a list", goodDates + "steps: [load]\n",
      "a:2:8: `steps` must be a mapping of step names to steps, found a list"),
    BadFile(
      "bad name of a step", goodDates + "steps: {\"load it\": {command: [x]}}\n",
      "a:2:9: a step's name must be made of letters, digits, `-`, `_` and `.`, found `load it`"),
    BadFile(
      "no command", goodDates + "steps:\n  load: {timeout: 1m}\n", "a:3:3: step `load` has no `command`"),
    BadFile(
      "empty command", goodDates + "steps:\n  load: {command: []}\n", "a:3:19: `command` is empty"),
    BadFile(
      "command in one text", goodDates + "steps:\n  load: {command: bin/load --date x}\n",
      "a:3:19: `command` must be a list of the program and its arguments, found `bin/load --date x`; "
        + "write it as a list: `[bin/load, --date, x]`"),
    BadFile(
      "placeholder without quotes", goodDates + "steps:\n  load: {command: [x, {date}]}\n",
      "a:3:23: item 2 of `command` must be a text, found a mapping; put it in quotes: `\"{date}\"`"),
    BadFile(
      "unknown placeholder", goodDates + "steps:\n  load: {command: [x, \"--date={dat}\", '{form}..{to}']}\n",
      "a:3:31: unknown placeholder `{dat}`; did you mean `{date}`?",
      "a:3:40: unknown placeholder `{form}`; did you mean `{from}`?"),
    BadFile(
      "bad times", goodDates + "steps:\n  load: {command: [x], timeout: 10, retry: {attempts: 0, delays: [1x, 1s]}}\n",
      "a:3:33: `timeout` must be a duration such as `30s`, `10m` or `1h30m`, found `10`; add the unit: `s`, `m`, `h` or `d`",
      "a:3:55: `retry.attempts` must be a whole number of at least 1, found `0`",
      "a:3:67: item 1 of `retry.delays` has an unknown unit: `x` in `1x`; the units are `s`, `m`, `h` and `d`"),
  ]

  static let runs = [
    BadFile(
      "NUL in the name of a variable", goodDates + goodSteps + "run: {environment: {\"A\\0B\": y}}\n",
      "a:3:21: `A\\u{0}B` cannot name an environment variable"),
    BadFile(
      "unknown user and relative directory", goodDates + goodSteps + "run: {user: nbaa, directory: srv/nba}\n",
      "a:3:13: unknown user `nbaa`",
      "a:3:30: `run.directory` must be an absolute path, found `srv/nba`; did you mean `/srv/nba`?"),
    BadFile(
      "bad environment", goodDates + goodSteps + "run: {environment: {BACKFILL_DATE: x, \"A=B\": y, C: [1]}}\n",
      "a:3:21: `BACKFILL_DATE` is set by backfilld itself", "a:3:39: `A=B` cannot name an environment variable",
      "a:3:52: `run.environment.C` must be a text, found a list"),
  ]

  @Test(arguments: [
    ("schedule: {when: \"0 61 * * *\"}", "0 61 * * *", "2:21"),
    ("schedule:\n  when: 0 1 * * Mno # nightly", "0 1 * * Mno", "3:17"),
    ("schedule:\n  when: >-\n    0 1 * * Mno", "0 1 * * Mno", "3:9"),
    ("schedule: {when: 0 0 30 2 *}", "0 0 30 2 *", "2:22"),
  ])
  func `in a cron expression is named at its character`(_ yaml: String, _ text: String, _ place: String) throws {
    let error = try #require(throws: CalendarSyntaxError.self) { try CalendarExpression.parse(text) }
    let hint = error.hint.map { "; \($0)" } ?? ""
    let found = try findings(goodDates + yaml + "\n" + goodSteps)
    #expect(found == ["a:\(place): `schedule.when` `\(text)`: \(error.message)\(hint)"])
  }

  @Test(arguments: [
    ("*-02-30 01:00", "it names no time"),
    (
      "2012-06-01 01:00",
      "it names no time after 2013-05-01; give it a time to come, or leave `schedule` out and use `backfillctl run`"
    ),
    (
      "2012-*-* 01:00 Europe/Berlin",
      "it names no time after 2013-05-01; give it a time to come, or leave `schedule` out and use `backfillctl run`"
    ),
  ])
  func `in a schedule that never comes is refused`(_ when: String, _ why: String) throws {
    let machine = FakeMachine(now: Instant(iso: "2013-06-01T12:00:00Z"))
    let found = try findings(goodDates + "schedule: {when: \"\(when)\"}\n" + goodSteps, machine: machine)
    #expect(found == ["a:2:18: `schedule.when` `\(when)`: never fires: \(why)"])
  }

  @Test(arguments: ["2013-06-01 11:00", "2013-05-02 01:00", "2013-06-01 13:00", "0 0 29 2 *"])
  func `a schedule that ended lately or comes at last is none`(_ when: String) throws {
    let machine = FakeMachine(now: Instant(iso: "2013-06-01T12:00:00Z"))
    #expect(try findings(goodDates + "schedule: {when: \"\(when)\"}\n" + goodSteps, machine: machine) == [])
  }

  @Test(arguments: [
    ("run: {directory: /srv}\n", "a:3:6: "), ("", "a:1:1: "),
  ])
  func `without a user, on a machine without the one that commands run as then, is refused`(
    run: String, place: String
  ) throws {
    #expect(
      try findings(goodDates + goodSteps + run, machine: FakeMachine(stepUser: "backfilld")) == [
        place
          + "`run.user` is missing, and there is no user `backfilld`, as whom the machine's backfilld runs commands "
          + "when it runs as root; name one in `run.user`, or make that user (systemd-sysusers); a daemon that root "
          + "starts with a --state-dir of its own runs them as root"
      ])
  }

  @Test func `without a user runs as the machine says, which changes no definition`() throws {
    let folder = try ConfigFolder()
    try folder.write(goodDates + goodSteps, to: "windows.d/a.yaml")
    let own = try #require(folder.read(machine: FakeMachine()).windows.first)
    let given = try #require(folder.read(machine: FakeMachine(stepUser: "nba")).windows.first)
    #expect(own.run.user == nil)
    #expect(given.run.user == "nba")
    #expect(given.definitionHash == own.definitionHash)
  }

  @Test func `of a foreign user when not root is refused`() throws {
    let found = try findings(
      goodDates + goodSteps + "run: {user: nba}\n", machine: FakeMachine(isRoot: false, currentUser: "me"))
    #expect(
      found == [
        "a:3:13: `run.user` is `nba`, but this is `me` and only root runs steps as another user"
      ])
  }
}
