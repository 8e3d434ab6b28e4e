import BackfillConfig
import BackfillCore
import Testing

@Suite struct `The example of the manual` {
  private static let text = """
    description: Phase 4 precompute, season 2021-22
    dates:
      from: 2021-10-19
      to: 2022-04-10
      skip_first: 14d             # bootstrap
      except: [2021-11-25, 2021-12-24]
      weekdays: Mon..Sun
      from_file: game-dates.csv
    order: oldest-first
    schedule:
      when: "0 1 * * *"
      timezone: America/New_York
      missed: once
      chunk: 30
      stop_by: "06:00"
      ramp: [1, 4]
    on_anomaly: pause
    max_held: 3
    settled_after: 3d
    parallel: {dates: 1, steps: 2}
    locks: [nba_precompute]
    run: {user: nba, directory: /srv/nba, environment: {PYTHONPATH: /srv/nba}, environment_file: /srv/nba/.env}
    preflight: [[bin/preflight.sh, "{from}", "{to}"]]
    steps:
      tdza:
        command: [.venv/bin/python, jobs/tdza.py, --date, "{date}"]
        timeout: 10m
        retry: {attempts: 3, delays: [30s, 1m, 2m]}
        expect: {records: 30, never: [PROCESSING_ERROR, UNKNOWN]}
      psza:
        command: [.venv/bin/python, jobs/psza.py, --date, "{date}"]
        report: {from: file}
        freshness: [[bin/full-completeness.sh, "{date}"]]
        requires:  [[bin/upstream-exists.sh, "{date}"]]
        expect:
          records: ">= 1"
          duration: "<= 2m"
          never: [PROCESSING_ERROR, UNKNOWN]
          expected: [INSUFFICIENT_DATA, MISSING_DEPENDENCY]
          failures:
            categories: [INSUFFICIENT_DATA, MISSING_DEPENDENCY]
            since: 2021-10-19
            bands: [{weeks: 1-2, rate: 90-100%}, {weeks: 3, rate: 60-75%}, {weeks: 4, rate: 40-50%}, {weeks: 5-, rate: 25-30%}]
            interpolate: false
            above: anomaly
            below: warn
      pcf:
        after: [tdza, psza]
        command: [bin/pcf]
        expect: {completeness: ">= 50%"}
      features:
        after: [pcf, {step: psza, lookback: 30, min: 25}]
        command: [bin/features]
    """

  private func example() throws -> Window {
    let folder = try ConfigFolder()
    try folder.write(Self.text, to: "windows.d/season-2021.yaml")
    try folder.write("date,count\n2021-10-19,16\n2021-11-02,8\n2022-04-10,30\n", to: "windows.d/game-dates.csv")
    let set = folder.read()
    #expect(folder.texts(set.rejected.flatMap(\.findings)) == [])
    return try #require(set.windows.first)
  }

  @Test func `is read as a window`() throws {
    let window = try example()
    let schedule = Schedule(
      when: try CalendarExpression.parse("0 1 * * *"), missed: .once, chunk: 30, stopBy: 6 * 3600, ramp: [1, 4])
    let expected = Window(
      name: "season-2021", description: "Phase 4 precompute, season 2021-22", dates: try Self.dates(),
      order: .oldestFirst, schedule: schedule,
      zone: try #require(FakeMachine().zone(named: "America/New_York")), onAnomaly: .pause, maxHeld: 3,
      settledAfterDays: 3,
      parallel: Parallel(dates: 1, steps: 2), locks: ["nba_precompute"],
      run: RunContext(
        user: "nba", directory: "/srv/nba", environment: ["PYTHONPATH": "/srv/nba"], environmentFile: "/srv/nba/.env"),
      preflight: [Check(command: ["bin/preflight.sh", "{from}", "{to}"], timeout: .seconds(600))],
      steps: try Self.steps(), definitionHash: window.definitionHash)
    #expect(window == expected)
  }

  @Test func `has a definition that tells it apart`() throws {
    #expect(try example().definitionHash == "a0477ec9dee64258")
  }

  private static func date(_ text: String) throws -> CivilDate {
    try #require(CivilDate(iso: text))
  }

  private static func dates() throws -> DateSelection {
    DateSelection(
      from: try date("2021-10-19"), to: try date("2022-04-10"), skipFirst: .days(14),
      except: [try date("2021-11-25"), try date("2021-12-24")],
      listed: [
        try date("2021-10-19"): ListedDate(count: 16), try date("2021-11-02"): ListedDate(count: 8),
        try date("2022-04-10"): ListedDate(count: 30),
      ])
  }

  private static func steps() throws -> [Step] {
    let bands = [
      Band(firstDay: 0, lastDay: 13, low: 0.9, high: 1), Band(firstDay: 14, lastDay: 20, low: 0.6, high: 0.75),
      Band(firstDay: 21, lastDay: 27, low: 0.4, high: 0.5), Band(firstDay: 28, lastDay: nil, low: 0.25, high: 0.3),
    ]
    let stream = RateStream(
      categories: ["INSUFFICIENT_DATA", "MISSING_DEPENDENCY"], since: try date("2021-10-19"), bands: bands)
    return [
      Step(
        name: "tdza", command: [".venv/bin/python", "jobs/tdza.py", "--date", "{date}"], timeout: .seconds(600),
        retry: Retry(attempts: 3, delays: [.seconds(30), .seconds(60), .seconds(120)]),
        expect: Expectation(
          records: NumberRange(minimum: 30, maximum: 30), never: ["PROCESSING_ERROR", "UNKNOWN"])),
      Step(
        name: "psza", command: [".venv/bin/python", "jobs/psza.py", "--date", "{date}"],
        requires: [Check(command: ["bin/upstream-exists.sh", "{date}"], timeout: .seconds(60))],
        freshness: [Check(command: ["bin/full-completeness.sh", "{date}"], timeout: .seconds(600))],
        expect: Expectation(
          records: NumberRange(minimum: 1), maxDuration: .seconds(120), never: ["PROCESSING_ERROR", "UNKNOWN"],
          expected: ["INSUFFICIENT_DATA", "MISSING_DEPENDENCY"], streams: [stream])),
      Step(
        name: "pcf", command: ["bin/pcf"], after: ["tdza", "psza"],
        expect: Expectation(completeness: NumberRange(minimum: 0.5))),
      Step(
        name: "features", command: ["bin/features"], after: ["pcf", "psza"],
        lookbacks: [Lookback(step: "psza", dates: 30, minimum: 25)]),
    ]
  }
}
