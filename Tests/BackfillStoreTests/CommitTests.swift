import BackfillCore
import GRDB
import Testing

@testable import BackfillStore

@Suite struct CommitTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  private func commit(
    _ date: CivilDate, ended: [AttemptEnd] = [], change: DateChange? = nil, claims: [AttemptIdentity] = [],
    events: [JournalEvent] = []
  ) async throws {
    try await flights.store.commit(
      Checkpoint(
        window: "flights", date: date, at: Flights.start + .seconds(60), ended: ended, dateChange: change,
        claims: claims.map { StepClaim(attempt: $0, definitionHash: "d1", isByHand: false) }, events: events))
  }

  @Test func `I2: a claimed step and its date are running`() async throws {
    try await flights.claim(flights.identity("load", "2013-01-01"))
    let record = try await flights.date("2013-01-01")
    #expect(
      record
        == DateRecord(
          date: "2013-01-01", state: .running, chunk: flights.chunk,
          steps: ["load": StepRecord(step: "load", state: .running, attempt: 1, runID: "load-2013-01-01-1")]))
  }

  @Test func `I2: a claimed attempt is written down before it runs`() async throws {
    try await flights.claim(flights.identity("load", "2013-01-01"), at: 5)
    let attempts = try await flights.store.attempts(of: "2013-01-01", in: "flights")
    #expect(
      attempts == [
        AttemptRecord(
          step: "load", attempt: 1, runID: "load-2013-01-01-1", chunk: flights.chunk, executions: 1,
          started: Flights.start + .seconds(5), ended: nil, durationMilliseconds: nil, ending: nil, usage: nil,
          report: nil, verdict: nil, outputTail: nil, definitionHash: "d1")
      ])
  }

  @Test func `an end keeps the report, the verdict and what was measured`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load, verdict: .sample(.warn)))
    let attempts = try await flights.store.attempts(of: "2013-01-01", in: "flights")
    #expect(
      attempts == [
        AttemptRecord(
          step: "load", attempt: 1, runID: load.runID, chunk: flights.chunk, executions: 1,
          started: Flights.start + .seconds(1), ended: Flights.start + .seconds(60), durationMilliseconds: 1250,
          ending: "exit status 0",
          usage: ResourceUsage(userCPU: .milliseconds(900), systemCPU: .milliseconds(30), peakMemoryKiB: 2048),
          report: .sample, verdict: .sample(.warn), outputTail: "caf\u{e9}\n", definitionHash: "d1")
      ])
  }

  @Test(arguments: [(Verdict.pass, false), (.inconclusive, true), (.warn, true), (.anomaly, true)])
  func `the output stays with an attempt that did not pass`(word: Verdict, isKept: Bool) async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load, verdict: .sample(word)))
    let tail = try await flights.store.attempts(of: "2013-01-01", in: "flights").first?.outputTail
    #expect((tail != nil) == isKept)
  }

  @Test func `output that is not UTF-8 can be read`() async throws {
    let load = flights.identity("load", "2013-01-01")
    let execution = Execution(
      ending: .signaled(11), started: Flights.start, duration: .seconds(1), outputTail: [0x61, 0xFF, 0x62],
      report: .missing("none"))
    let end = AttemptEnd(
      attempt: load, execution: execution, verdict: nil, stepState: .failed, failure: "killed by SIGSEGV")
    try await flights.run(load, end)
    #expect(try await flights.store.attempts(of: "2013-01-01", in: "flights").first?.outputTail == "a\u{FFFD}b")
  }

  @Test func `a step record holds the verdict and report of the last attempt`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load), change: .done(.pass))
    #expect(
      try await flights.date("2013-01-01")
        == DateRecord(
          date: "2013-01-01", state: .done, verdict: .pass, chunk: flights.chunk,
          steps: [
            "load": StepRecord(
              step: "load", state: .done, attempt: 1, runID: load.runID, verdict: .sample(.pass), report: .sample)
          ]))
  }

  @Test func `a failed attempt that is to be tried again is pending with its reason`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .failed(load, to: .pending))
    #expect(
      try await flights.date("2013-01-01").steps["load"]
        == StepRecord(step: "load", state: .pending, attempt: 1, runID: load.runID, failure: "exit status 3"))
  }

  @Test func `the next attempt has its own row`() async throws {
    let first = flights.identity("load", "2013-01-01")
    try await flights.run(first, .failed(first, to: .pending))
    let second = flights.identity("load", "2013-01-01", 2)
    try await flights.run(second, .ended(second))
    let attempts = try await flights.store.attempts(of: "2013-01-01", in: "flights")
    #expect(attempts.map(\.attempt) == [1, 2])
    #expect(attempts.map(\.ending) == ["exit status 3", "exit status 0"])
  }

  @Test func `a stopped attempt is executed again under its number and run`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .stopped(load), change: .pending(reason: "backfilld stops"))
    #expect(try await flights.date("2013-01-01").steps["load"]?.isUnfinished == true)
    try await flights.claim(load, at: 100)
    let attempts = try await flights.store.attempts(of: "2013-01-01", in: "flights")
    #expect(attempts.map(\.executions) == [2])
    #expect(attempts.map(\.ended) == [nil])
    #expect(try await flights.date("2013-01-01").steps["load"]?.isUnfinished == false)
  }

  @Test func `one checkpoint ends a step and claims the next`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load)
    try await commit("2013-01-01", ended: [.ended(load)], claims: [flights.identity("routes", "2013-01-01")])
    let steps = try await flights.date("2013-01-01").steps
    #expect(steps.mapValues(\.state) == ["load": .done, "routes": .running])
  }

  @Test func `one checkpoint ends a date and claims a step of the next date`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load)
    try await commit(
      "2013-01-01", ended: [.ended(load)], change: .done(.pass), claims: [flights.identity("load", "2013-01-02")])
    let dates = try await flights.store.records(in: "flights")
    #expect(dates.map(\.state) == [.done, .running])
  }

  @Test func `a date that a person ran stays marked as run by hand`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.claim(load, byHand: true)
    try await commit("2013-01-01", ended: [.ended(load)], claims: [flights.identity("routes", "2013-01-01")])
    #expect(try await flights.date("2013-01-01").isByHand)
  }

  @Test func `a date belongs to the chunk that last worked on it`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .failed(load, to: .pending), change: .pending(reason: nil))
    let other = try #require(
      try await flights.store.open(.sample(kind: .hand, nominal: Flights.start + .seconds(9))))
    let again = AttemptIdentity(
      window: "flights", date: "2013-01-01", step: "load", attempt: 2, runID: "r2", chunk: other.id)
    try await flights.claim(again)
    #expect(try await flights.date("2013-01-01").chunk == other.id)
    let started = try await flights.store.snapshot().openActivations.map(\.started)
    #expect(started == [["2013-01-01"], ["2013-01-01"]])
  }

  @Test func `I5: events keep the order of the commits`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await commit("2013-01-01", claims: [load], events: [.stepStarted(load)])
    let judged = JournalEvent.stepJudged(load, verdict: .sample(.warn), duration: .milliseconds(1250))
    let done = JournalEvent.dateDone(window: "flights", date: "2013-01-01", chunk: flights.chunk, verdict: .warn)
    try await commit("2013-01-01", ended: [.ended(load)], change: .done(.warn), events: [judged, done])
    #expect(try await flights.events() == [.stepStarted(load), judged, done])
  }

  @Test func `the reason to pause pauses the window, told after the other events`() async throws {
    let load = flights.identity("load", "2013-02-08")
    let held = JournalEvent.dateHeld(window: "flights", date: "2013-02-08", chunk: flights.chunk, reason: "anomaly")
    try await flights.run(
      load, .ended(load, verdict: .sample(.anomaly)), change: .held(reason: "anomaly", verdict: .anomaly),
      pause: "a blizzard", events: [held])
    let window = try await flights.window()
    #expect(window.state == .paused)
    #expect(window.reason == "a blizzard")
    #expect(window.by == "backfilld")
    #expect(window.since == Flights.start + .seconds(60))
    #expect(
      try await flights.events() == [
        held, .windowPaused(window: "flights", date: "2013-02-08", reason: "a blizzard", by: "backfilld"),
      ])
  }

  @Test func `the commit that pauses a window returns why, others return nothing`() async throws {
    let load = flights.identity("load", "2013-02-08")
    let checkpoint = Checkpoint(
      window: "flights", date: "2013-02-08", at: Flights.start, ended: [.failed(load)],
      dateChange: .held(reason: "x", verdict: nil), maxHeld: 1)
    let claimed = try await flights.store.commit(
      Checkpoint(
        window: "flights", date: "2013-02-08", at: Flights.start,
        claims: [StepClaim(attempt: load, definitionHash: "d1", isByHand: false)]))
    #expect(claimed == nil)
    #expect(try await flights.store.commit(checkpoint) == "1 date is held (max_held: 1)")
    let next = flights.identity("load", "2013-02-09")
    try await flights.claim(next)
    let again = Checkpoint(
      window: "flights", date: "2013-02-09", at: Flights.start, ended: [.failed(next)],
      dateChange: .held(reason: "x", verdict: nil), maxHeld: 1)
    #expect(try await flights.store.commit(again) == nil)
  }

  @Test func `a paused window keeps its first reason`() async throws {
    _ = try await flights.decide(.pause, reason: "holidays")
    let load = flights.identity("load", "2013-02-08")
    try await flights.run(load, .failed(load), change: .held(reason: "x", verdict: nil), pause: "a blizzard")
    let window = try await flights.window()
    #expect(window.reason == "holidays")
    #expect(window.by == "ada")
  }

  @Test func `as many held dates as max_held pause the window`() async throws {
    try await flights.holdByFailure("load", "2013-01-01", maxHeld: 3)
    try await flights.holdByAnomaly("load", "2013-01-02", maxHeld: 3)
    #expect(try await flights.window().state == .active)
    try await flights.holdByFailure("load", "2013-01-03", maxHeld: 3)
    let window = try await flights.window()
    #expect(window.state == .paused)
    #expect(window.reason == "3 dates are held (max_held: 3)")
    #expect(
      try await flights.events() == [
        .windowPaused(
          window: "flights", date: "2013-01-03", reason: "3 dates are held (max_held: 3)", by: "backfilld")
      ])
  }

  @Test func `dates that were held before do not pause a window again`() async throws {
    try await flights.holdByFailure("load", "2013-01-01", maxHeld: 1)
    _ = try await flights.decide(.resume)
    let load = flights.identity("load", "2013-01-02")
    try await flights.run(load, .ended(load), change: .done(.pass), maxHeld: 1)
    #expect(try await flights.window().state == .active)
  }

  @Test func `a commit that was asked for is carried out although its task is cancelled`() async throws {
    let load = flights.identity("load", "2013-01-01")
    let flights = flights
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await flights.claim(load)
    }
    try await task.value
    #expect(try await flights.date("2013-01-01").state == .running)
  }
}
