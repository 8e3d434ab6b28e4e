import BackfillControl
import BackfillCore
import Testing

/// The JSON that programs read: every key is promised.
struct CodingTests {
  private static func day(_ number: Int) -> CivilDate { CivilDate(daysSinceEpoch: 15_744 + number) }
  private static let instant = Instant(seconds: 1_360_303_927)

  private static let bareDate = DateView(
    date: day(0), state: .pending, reason: nil, verdict: nil, attempts: 0, byHand: false, covered: true,
    steps: [
      StepView(
        step: "load", state: .pending, verdict: nil, sentence: nil, accepted: false, attempts: 0, report: nil)
    ])

  private static let bareWindow = WindowView(
    window: "flights", state: .active, reason: nil, since: instant, by: "backfilld", zone: "UTC", dates: [bareDate])

  private static let evidence = RateEvidence(
    n: 930, k: 472, low: 0, high: 0.12, rho: 0.005, pHigh: 0, pLow: 1, p: 0, alphaWarn: 0.01, alphaAnomaly: 0.001,
    windowDates: 365, streams: 2)

  private static let fullWindow = WindowView(
    window: "flights", state: .paused, reason: "why", since: instant, by: "anna", zone: "UTC",
    dates: [
      DateView(
        date: day(0), state: .held, reason: "anomaly", verdict: .anomaly, attempts: 1, byHand: true, covered: false,
        steps: [],
        history: [
          AttemptRecord(
            step: "load", attempt: 1, runID: "r1", chunk: 7, executions: 2, started: instant, ended: nil,
            durationMilliseconds: nil, ending: nil, usage: nil, report: nil, verdict: nil, outputTail: nil,
            definitionHash: "abc"),
          AttemptRecord(
            step: "load", attempt: 2, runID: "r2", chunk: 7, executions: 1, started: instant, ended: instant,
            durationMilliseconds: 12, ending: "exit status 0",
            usage: ResourceUsage(userCPU: .microseconds(1_500_001), systemCPU: .zero, peakMemoryKiB: 812),
            report: Report(attempted: 930, records: 458, failures: ["CANCELLED": 472]),
            verdict: StepVerdict(
              word: .anomaly,
              findings: [
                Finding(
                  reason: .rateAnomaly, word: .anomaly, sentence: "s", subject: "CANCELLED", rate: evidence)
              ], sentence: "s"), outputTail: "x", definitionHash: "abc"),
        ])
    ],
    drift: [
      DriftView(
        step: "load", stream: "CANCELLED", evidence: 12.5, anomalyEvidence: 20, anomalyAt: 40, verdict: .warn, dates: 9,
        since: day(-3), n: 1800, k: 300, low: 0, high: 0.12)
    ],
    decisions: [DecisionRecord(action: "retry", date: nil, step: nil, reason: nil, by: "anna", at: instant)],
    definition: "abc", definitions: [DefinitionView(definition: "abc", dates: 1, first: day(0), last: day(0))])

  private static let fullStatus = DaemonStatus(
    version: "0.1.0", state: .degraded, reason: nil, since: instant,
    windows: [
      WindowStatus(
        window: "flights", description: "", state: .active, reason: nil, since: instant, by: "backfilld",
        zone: "UTC", dates: DateCounts(total: 3, states: [.done: 2, .pending: 1], verdicts: [.pass: 2]),
        running: [RunningDate(date: day(1), since: instant, steps: ["load"])],
        chunk: ChunkStatus(id: 7, kind: .hand, nominal: instant, quota: nil, started: 1, endsAt: nil), next: nil,
        uncovered: 0),
      WindowStatus(
        window: "routes", description: "", state: .complete, reason: nil, since: instant, by: "backfilld",
        zone: "UTC", dates: DateCounts(total: 0, states: [:], verdicts: [:]), running: [], chunk: nil, next: nil,
        uncovered: 0),
    ],
    rejected: [RejectedWindowStatus(window: "bad", findings: ["bad.yaml:1:1: x"])])

  @Test func `show has every key, and null where nothing is known`() throws {
    #expect(
      try text(Self.bareWindow) == """
        {"alarms":[],"by":"backfilld","configured":true,"dates":[{"attempts":0,"awaits_input":false,"by_hand":false,"covered":true,"date":"2013-02-08",\
        "reason":null,"state":"pending","steps":[{"accepted":false,"attempts":0,"report":null,"sentence":null,"state":"pending",\
        "step":"load","verdict":null}],"verdict":null}],"definition":null,"definitions":[],"drift":[],"missed":null,"reason":null,"since":"2013-02-08T06:12:07Z","state":"active",\
        "waiting":[],"window":"flights","zone":"UTC"}
        """)
  }

  @Test func `show of one date has its attempts and decisions`() throws {
    #expect(
      try text(Self.fullWindow) == """
        {"alarms":[],"by":"anna","configured":true,"dates":[{"attempts":1,"awaits_input":false,"by_hand":true,"covered":false,"date":"2013-02-08",\
        "history":[{"attempt":1,"chunk":7,"definition":"abc","duration_ms":null,"ended":null,"ending":null,"executions":2,\
        "output_tail":null,"report":null,"run_id":"r1","started":"2013-02-08T06:12:07Z","step":"load","usage":null,\
        "verdict":null},\
        {"attempt":2,"chunk":7,"definition":"abc","duration_ms":12,"ended":"2013-02-08T06:12:07Z",\
        "ending":"exit status 0","executions":1,"output_tail":"x",\
        "report":{"attempted":930,"failures":{"CANCELLED":472},"metrics":{},"records":458},"run_id":"r2",\
        "started":"2013-02-08T06:12:07Z","step":"load",\
        "usage":{"peak_memory_kib":812,"system_cpu_us":0,"user_cpu_us":1500001},\
        "verdict":{"findings":[{"rate":{"above":"anomaly","alpha_anomaly":0.001,"alpha_warn":0.01,"below":"warn","hi":0.12,"k":472,"lo":0,"n":930,"p":0,\
        "p_hi":0,"p_lo":1,"rho":0.005,"streams":2,"window_dates":365},"reason":"rate_anomaly","sentence":"s",\
        "subject":"CANCELLED","word":"anomaly"}],"sentence":"s","word":"anomaly"}}],\
        "reason":"anomaly","state":"held","steps":[],"verdict":"anomaly"}],\
        "decisions":[{"action":"retry","at":"2013-02-08T06:12:07Z","by":"anna","date":null,"reason":null,"step":null}],\
        "definition":"abc","definitions":[{"dates":1,"definition":"abc","first":"2013-02-08","last":"2013-02-08"}],\
        "drift":[{"anomaly_at":40,"anomaly_evidence":20,"dates":9,"evidence":12.5,"hi":0.12,"k":300,"lo":0,"n":1800,\
        "since":"2013-02-05","step":"load","stream":"CANCELLED","verdict":"warn"}],"missed":null,\
        "reason":"why","since":"2013-02-08T06:12:07Z","state":"paused","waiting":[],"window":"flights","zone":"UTC"}
        """)
  }

  @Test func `status has every key, and null where nothing is known`() throws {
    #expect(
      try text(Self.fullStatus) == """
        {"reason":null,"rejected":[{"findings":["bad.yaml:1:1: x"],"in_force":false,"window":"bad"}],\
        "since":"2013-02-08T06:12:07Z","state":"degraded","unconfigured":[],"version":"0.1.0","windows":[\
        {"alarms":[],"by":"backfilld","calendar":"known","chunk":{"ends_at":null,"id":7,"kind":"hand","nominal":"2013-02-08T06:12:07Z","quota":null,\
        "started":1,"waits":null},"dates":{"states":{"done":2,"held":0,"pending":1,"running":0,"skipped":0,"verifying":0},"total":3,\
        "verdicts":{"anomaly":0,"inconclusive":0,"pass":2,"warn":0}},"description":"","missed":null,"next":null,"reason":null,\
        "running":[{"date":"2013-02-09","since":"2013-02-08T06:12:07Z","steps":["load"]}],\
        "since":"2013-02-08T06:12:07Z","state":"active","uncovered":0,"upcoming":false,"waiting":[],"window":"flights","zone":"UTC"},\
        {"alarms":[],"by":"backfilld","calendar":"known","chunk":null,"dates":{"states":{"done":0,"held":0,"pending":0,"running":0,"skipped":0,\
        "verifying":0},"total":0,"verdicts":{"anomaly":0,"inconclusive":0,"pass":0,"warn":0}},"description":"",\
        "missed":null,"next":null,"reason":null,"running":[],"since":"2013-02-08T06:12:07Z","state":"complete","uncovered":0,\
        "upcoming":false,"waiting":[],"window":"routes","zone":"UTC"}]}
        """)
  }

  @Test func `the answer to reload has every key, and null where nothing is known`() throws {
    let answer = ReloadAnswer(windows: [.init(window: "flights", change: .added)])
    #expect(
      try text(answer)
        == #"{"findings":[],"settings":[],"windows":[{"change":"added","findings":[],"note":null,"window":"flights"}]}"#
    )
    #expect(try again(answer) == answer)
  }

  @Test func `views are read as they were written`() throws {
    #expect(try again(Self.bareWindow) == Self.bareWindow)
    #expect(try again(Self.fullWindow) == Self.fullWindow)
    #expect(try again(Self.fullStatus) == Self.fullStatus)
  }

  @Test func `slashes are written as they are`() throws {
    #expect(try text(["a/b"]) == #"["a/b"]"#)
  }

  @Test(arguments: [
    ("", "it is not JSON"), ("{", "it is not JSON"), ("3", "it is not a JSON object"),
    (#"{"from":1}"#, "`from` is not a string"), (#"{"from":"2021-01-01"}"#, "the key `to` is missing"),
    (#"{"from":null,"to":"2021-01-01"}"#, "`from` is null, not a string"),
    (#"{"from":"2021-02-29","to":"2021-03-01"}"#, "`from`: `2021-02-29` is not a date (YYYY-MM-DD)"),
  ])
  func `what cannot be read is said with its key`(json: String, message: String) {
    #expect(throws: CodingFailure(message)) { try ControlCoding.decode(DateRange.self, from: Array(json.utf8)) }
  }

  @Test func `a word of another version is said, not how Swift calls it`() {
    let json = #"{"change":"zap\n","findings":[],"note":null,"window":"w"}"#
    #expect(throws: CodingFailure(#"`change`: `zap\n` is not a word that is known here"#)) {
      try ControlCoding.decode(ReloadAnswer.WindowChange.self, from: Array(json.utf8))
    }
  }

  private func text(_ value: some Encodable) throws -> String {
    String(decoding: try ControlCoding.encode(value), as: UTF8.self)
  }

  private func again<Value: Codable>(_ value: Value) throws -> Value {
    try ControlCoding.decode(Value.self, from: try ControlCoding.encode(value))
  }
}
