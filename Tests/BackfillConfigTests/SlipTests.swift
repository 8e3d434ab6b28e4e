import BackfillConfig
import BackfillCore
import Testing

/// What a person meant, where it is plain to see.
@Suite struct `A slip` {
  private static let units = "the units are `s`, `m`, `h` and `d`"

  @Test(arguments: [
    ("1ms", "has an unknown unit: `ms` in `1ms`; \(units)"), ("1w", "has an unknown unit: `w` in `1w`; \(units)"),
    ("2h10ms", "has an unknown unit: `ms` in `2h10ms`; \(units)"),
    ("10 minutes", "has an unknown unit: `minutes` in `10 minutes`; did you mean `10m`?"),
    ("90min", "has an unknown unit: `min` in `90min`; did you mean `90m`?"),
    ("1 hour 30 mins", "has an unknown unit: `hour` in `1 hour 30 mins`; did you mean `1h30m`?"),
    ("2D", "has an unknown unit: `D` in `2D`; did you mean `2d`?"),
    ("30min1hour", "has an unknown unit: `min` in `30min1hour`; \(units)"),
    ("1 m", "must be a duration such as `30s`, `10m` or `1h30m`, found `1 m`; did you mean `1m`?"),
    ("1m1h", "must be a duration such as `30s`, `10m` or `1h30m`, found `1m1h`; larger units come first, each once"),
    ("1m1m", "must be a duration such as `30s`, `10m` or `1h30m`, found `1m1m`; larger units come first, each once"),
  ])
  func `in the unit of a duration is told by the unit`(_ text: String, _ message: String) throws {
    let found = try findings(goodDates + "steps: {load: {command: [x], timeout: '\(text)'}}\n")
    #expect(found == ["a:2:39: `timeout` \(message)"])
  }

  @Test(arguments: [
    ("1ms", "has an unknown unit: `ms` in `1ms`; \(units)"),
    ("<= 2 min", "has an unknown unit: `min` in `2 min`; did you mean `2m`?"),
    ("2", "must be an upper limit such as `<= 2m`, found `2`; add the unit: `s`, `m`, `h` or `d`"),
    ("0s", "must be an upper limit such as `<= 2m`, found `0s`"),
    ("1m..2m", "must be an upper limit such as `<= 2m`, found `1m..2m`"),
  ])
  func `in the unit of the longest duration is told by the unit`(_ text: String, _ message: String) throws {
    let found = try findings(goodDates + "steps: {load: {command: [x], expect: {duration: '\(text)'}}}\n")
    #expect(found == ["a:2:49: `expect.duration` \(message)"])
  }

  @Test(arguments: [
    (
      "order: oldest",
      "a:3:8: `order` must be `oldest-first` or `newest-first`, found `oldest`; did you mean `oldest-first`?"
    ),
    ("order: ne", "a:3:8: `order` must be `oldest-first` or `newest-first`, found `ne`"),
    ("order: first", "a:3:8: `order` must be `oldest-first` or `newest-first`, found `first`"),
    ("settled: 3d", "a:3:1: unknown key `settled`; did you mean `settled_after`?"),
    (
      "schedule: {when: '@daily', timezone: America/New}",
      "a:3:38: unknown time zone `America/New`; did you mean `America/New_York`?"
    ),
  ])
  func `that is the beginning of one known word is completed`(_ line: String, _ finding: String) throws {
    #expect(try findings(goodDates + goodSteps + line + "\n") == [finding])
  }

  @Test(arguments: [
    ("probe: x", "`probe` is not supported yet; it belongs to a step"),
    ("timeout: 1m", "unknown key `timeout`; it belongs to a step"),
    ("expect: {}", "unknown key `expect`; it belongs to a step"),
    ("chunk: 30", "unknown key `chunk`; it belongs to `schedule`"),
    ("skip_first: 14d", "unknown key `skip_first`; it belongs to `dates`"),
    ("environment: {A: 1}", "unknown key `environment`; it belongs to `run`"),
  ])
  func `in the place of a key of a window names where it belongs`(_ line: String, _ message: String) throws {
    #expect(try findings(goodDates + goodSteps + line + "\n") == ["a:3:1: \(message)"])
  }

  @Test(arguments: [
    ("records: 30", "unknown key `records`; it belongs to `expect`"),
    ("attempts: 3", "unknown key `attempts`; it belongs to `retry`"),
    ("directory: /srv", "unknown key `directory`; it belongs to `run`, of the window"),
    ("locks: a", "unknown key `locks`; it belongs to the window"),
  ])
  func `in the place of a key of a step names where it belongs`(_ entry: String, _ message: String) throws {
    #expect(try findings(goodDates + "steps: {load: {command: [x], \(entry)}}\n") == ["a:2:30: \(message)"])
  }

  @Test func `in the place of a key of a pipeline names where it belongs`() throws {
    let folder = try ConfigFolder()
    try folder.write(goodSteps + "probe: x\nretry: {attempts: 2}\nchunk: 3\nmax_held: 2\n", to: "pipelines.d/nba.yaml")
    #expect(
      folder.texts(folder.read().pipelineFindings) == [
        "pipelines.d/nba.yaml:2:1: `probe` is not supported yet; it belongs to a step",
        "pipelines.d/nba.yaml:3:1: unknown key `retry`; it belongs to a step",
        "pipelines.d/nba.yaml:4:1: unknown key `chunk`; it belongs to `schedule`, of a window",
        "pipelines.d/nba.yaml:5:1: unknown key `max_held`; it belongs to a window",
      ])
  }
}
