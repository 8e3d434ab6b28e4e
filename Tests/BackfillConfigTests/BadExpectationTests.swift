import Testing

@Suite struct `A bad expectation` {
  @Test(arguments: facts + streams + bands)
  func `is named with its place`(_ file: BadFile) throws {
    let found = try findings(goodDates + "steps:\n  load:\n    command: [x]\n" + file.text)
    #expect(found == file.findings)
  }

  static let facts = [
    BadFile(
      "unknown key", "    expect: {record: 30}\n", "a:5:14: unknown key `expect.record`; did you mean `records`?"),
    BadFile(
      "bad numbers", "    expect: {records: many, duration: '>= 2m', completeness: 50, metrics: {x: '> 5'}}\n",
      "a:5:23: `expect.records` must be a number or a range such as `30`, `>= 30`, `<= 5` or `25..35`, found `many`",
      "a:5:39: `expect.duration` must be an upper limit such as `<= 2m`, found `>= 2m`",
      "a:5:62: `expect.completeness` must be a percentage or a range such as `>= 50%`, `<= 5%` or `25-30%`, found `50`; "
        + "did you mean `50%`?",
      "a:5:79: `expect.metrics.x` must be a number, a percentage or a range such as `>= 0.4` or `25-30%`, found `> 5`; "
        + "write `>=`"),
    BadFile(
      "low end above high end", "    expect: {records: 35..25}\n",
      "a:5:23: `expect.records` has its low end above its high end: `35..25`"),
    BadFile(
      "completeness without a count", "    expect: {completeness: '>= 50%'}\n",
      "a:5:28: `expect.completeness` of step `load` needs a COUNT for each date; "
        + "`dates.from_file` or `dates.from_command` must give one as `DATE,COUNT`"),
    BadFile(
      "facts without a report", "    report: {from: none}\n    expect: {records: 30, duration: 2m}\n",
      "a:6:14: `expect.records` expects a report, but the step says `report: {from: none}`"),
    BadFile(
      "contradiction",
      "    expect: {never: [A, B, C], expected: [B], failures: {categories: [C], bands: [{days: 0-, rate: 1-2%}]}}\n",
      "a:5:25: `B` is in `expect.never` and in `expect.expected`",
      "a:5:28: `C` is in `expect.never` and in `expect.failures`"),
    BadFile(
      "flag", "    expect: {allow_empty: yes}\n",
      "a:5:27: `expect.allow_empty` must be `true` or `false`, found `yes`; did you mean `true`?"),
  ]

  static let streams = [
    BadFile(
      "no categories", "    expect: {failures: {bands: [{days: 0-, rate: 1-2%}]}}\n",
      "a:5:24: `failures.categories` is missing; without it, `expect.expected` must name categories"),
    BadFile(
      "no bands, bad severity and rho",
      "    expect: {expected: [A], failures: {above: error, below: anomly, rho: 1}}\n",
      "a:5:39: `failures.bands` is missing", "a:5:47: `failures.above` must be `warn` or `anomaly`, found `error`",
      "a:5:61: `failures.below` must be `warn` or `anomaly`, found `anomly`; did you mean `anomaly`?",
      "a:5:74: `failures.rho` must be a number from 0 to below 1, found `1`"),
    BadFile(
      "one stream twice",
      "    expect:\n      failures:\n        - {categories: [A, B], bands: [{days: 0-, rate: 1-2%}]}\n"
        + "        - {categories: [B, A], bands: [{days: 0-, rate: 1-2%}]}\n",
      "a:8:11: two streams judge the same categories: `B+A`"),
  ]

  static let bands = [
    band(
      "hole", "[{weeks: 1-2, rate: 90-100%}, {weeks: 4, rate: 40-50%}]",
      "a:7:55: bands have a hole: week 3 is in no band"),
    band(
      "hole of days", "[{days: 13-, rate: 1-5%}, {days: 0-9, rate: 90-100%}]",
      "a:7:26: bands have a hole: days 10-12 are in no band"),
    band(
      "hole beside a bad rate", "[{days: 0-9, rate: 90-110%}, {days: 13-, rate: 1-5%}]",
      "a:7:44: `rate` must be within 0 % and 100 %, found `90-110%`",
      "a:7:54: bands have a hole: days 10-12 are in no band"),
    band(
      "overlap", "[{weeks: 1-3, rate: 90-100%}, {weeks: 3, rate: 60-75%}]",
      "a:7:55: bands overlap: week 3 is also in the band at 7:26"),
    band(
      "overlap with an open end", "[{weeks: 1-, rate: 90-100%}, {weeks: 5-, rate: 60-75%}]",
      "a:7:54: bands overlap: weeks 5- are also in the band at 7:26"),
    band(
      "rate above 100 %", "[{days: 0-, rate: 90-110%}]", "a:7:43: `rate` must be within 0 % and 100 %, found `90-110%`"),
    band("reversed rate", "[{days: 0-, rate: 30-25%}]", "a:7:43: `rate` has its low end above its high end: `30-25%`"),
    band(
      "rate without %", "[{days: 0-, rate: 0.25..0.3}]",
      "a:7:43: `rate` must be a percentage or a range such as `>= 50%`, `<= 5%` or `25-30%`, found `0.25..0.3`"),
    band(
      "no percentages", "[{weeks: 1-2, rate: 0-3}, {weeks: 3-, rate: '>= 50'}]",
      "a:7:45: `rate` must be a percentage or a range such as `>= 50%`, `<= 5%` or `25-30%`, found `0-3`; "
        + "did you mean `0-3%`?",
      "a:7:69: `rate` must be a percentage or a range such as `>= 50%`, `<= 5%` or `25-30%`, found `>= 50`; "
        + "did you mean `>= 50%`?"),
    band(
      "weeks and days", "[{weeks: 1-2, rate: 90-100%}, {days: 14-, rate: 40-50%}]",
      "a:7:55: one band is in `weeks` and this one is in `days`; use one of them"),
    band(
      "both in one band", "[{weeks: 1-2, days: 0-, rate: 90-100%}]",
      "a:7:26: item 1 of `failures.bands` has both `weeks` and `days`; use one of them"),
    band("neither", "[{rate: 90-100%}]", "a:7:26: item 1 of `failures.bands` has neither `weeks` nor `days`"),
    band("no rate", "[{days: 0-}]", "a:7:26: `rate` is missing"),
    band(
      "week 0", "[{weeks: 0-2, rate: 90-100%}]",
      "a:7:34: `weeks` must be a span of weeks such as `1-2`, `3` or `5-`, found `0-2`; week 1 is the first"),
    band(
      "reversed span", "[{weeks: 4-2, rate: 90-100%}]",
      "a:7:34: `weeks` ends before it begins: `4-2`; did you mean `2-4`?"),
    band(
      "no list", "{weeks: 1-, rate: 90-100%}",
      "a:7:25: `failures.bands` must be a list of bands such as `{weeks: 1-2, rate: 90-100%}`, found a mapping"),
  ]

  private static func band(_ name: String, _ bands: String, _ findings: String...) -> BadFile {
    BadFile(name, "    expect:\n      expected: [A]\n      failures: {bands: \(bands)}\n", findings: findings)
  }
}
