import BackfillCore
import GRDB
import Testing

@testable import BackfillStore

@Suite struct ReadingTests {
  let flights: Flights

  init() async throws {
    flights = try await Flights()
  }

  // MARK: Windows and activations

  @Test func `a new window is active since it is known, without missed firings`() async throws {
    #expect(
      try await flights.window()
        == WindowRecord(
          window: "flights", since: Flights.start, lastNominal: Flights.start, scheduleKey: "0 1 * * * UTC"))
  }

  @Test func `a window without a schedule has no last firing`() async throws {
    try await flights.store.register(window: "trains", scheduleKey: nil, definition: "d1", now: Flights.start)
    let window = try #require(try await flights.store.snapshot().windows.last)
    #expect(window == WindowRecord(window: "trains", since: Flights.start))
  }

  @Test func `the same schedule registered again keeps the last firing`() async throws {
    try await flights.store.register(
      window: "flights", scheduleKey: "0 1 * * * UTC", definition: "d1", now: Flights.start + .seconds(9))
    #expect(try await flights.window().lastNominal == Flights.start)
  }

  @Test func `an edited schedule has no missed firings`() async throws {
    _ = try await flights.decide(.pause, reason: "x")
    let now = Flights.start + .seconds(9)
    try await flights.store.register(window: "flights", scheduleKey: "0 2 * * * UTC", definition: "d1", now: now)
    let window = try await flights.window()
    #expect(window.lastNominal == now)
    #expect(window.state == .paused)
  }

  @Test func `a window that gets a schedule has no missed firings`() async throws {
    try await flights.store.register(window: "trains", scheduleKey: nil, definition: "d1", now: Flights.start)
    let now = Flights.start + .seconds(9)
    try await flights.store.register(window: "trains", scheduleKey: "@daily UTC", definition: "d1", now: now)
    #expect(try await flights.store.snapshot().windows.last?.lastNominal == now)
  }

  @Test func `I1: an activation exists once`() async throws {
    #expect(try await flights.store.open(.sample(nominal: Flights.start)) == nil)
    #expect(try await flights.events().isEmpty)
  }

  @Test func `opening a firing deals with it and tells it`() async throws {
    let nominal = Flights.start + .seconds(86_400)
    let activation = try #require(try await flights.store.open(.sample(nominal: nominal)))
    #expect(activation.id > flights.chunk)
    #expect(try await flights.window().lastNominal == nominal)
    #expect(try await flights.events() == [.activationOpened(activation)])
    #expect(try await flights.store.snapshot().openActivations.last == activation)
  }

  @Test func `a request of a person is no firing`() async throws {
    let activation = try #require(
      try await flights.store.open(
        .sample(kind: .hand, nominal: Flights.start, dates: ["2013-01-01", "2013-01-02"], step: "load")))
    #expect(activation.dates == ["2013-01-01", "2013-01-02"])
    #expect(try await flights.window().lastNominal == Flights.start)
    #expect(try await flights.store.snapshot().openActivations.last == activation)
  }

  @Test func `an activation of an unknown window is refused`() async throws {
    await #expect(throws: LedgerFailure.contradiction("the ledger has no window `trains`")) {
      try await flights.store.open(.sample(window: "trains", nominal: Flights.start))
    }
  }

  @Test(arguments: [(RampMove.stay, 1), (.advance, 2), (.reset, 0)])
  func `the end of an activation moves the ramp`(move: RampMove, index: Int) async throws {
    let at = Flights.start + .seconds(9)
    try await flights.store.end(activation: flights.chunk, of: "flights", ramp: .advance, events: [], at: at)
    let next = try #require(try await flights.store.open(.sample(nominal: at)))
    try await flights.forgetEvents()
    let ended = JournalEvent.activationEnded(window: "flights", chunk: next.id, dates: 4, reason: "all done")
    try await flights.store.end(activation: next.id, of: "flights", ramp: move, events: [ended], at: at)
    #expect(try await flights.window().rampIndex == index)
    #expect(try await flights.store.snapshot().openActivations.isEmpty)
    #expect(try await flights.events() == [ended])
  }

  @Test func `an activation ends once`() async throws {
    let end = { @Sendable () async throws -> Void in
      try await flights.store.end(
        activation: flights.chunk, of: "flights", ramp: .advance, events: [], at: Flights.start)
    }
    try await end()
    await #expect(throws: LedgerFailure.contradiction("the ledger has no open activation 1 of `flights`")) {
      try await end()
    }
    #expect(try await flights.window().rampIndex == 1)
  }

  // MARK: Dates

  @Test func `a date the ledger does not know is pending`() async throws {
    #expect(try await flights.date("2013-01-01") == DateRecord(date: "2013-01-01"))
  }

  @Test func `the snapshot has the dates, their done steps and the claims`() async throws {
    let load = flights.identity("load", "2013-01-01")
    try await flights.run(load, .ended(load))
    let routes = flights.identity("routes", "2013-01-01")
    try await flights.run(routes, .ended(routes, verdict: .sample(.warn)), change: .done(.warn))
    try await flights.holdByFailure("load", "2013-01-02")
    let running = flights.identity("load", "2013-01-03")
    try await flights.claim(running)
    let snapshot = try await flights.store.snapshot()
    #expect(
      snapshot.dates == [
        "flights": [
          "2013-01-01": DateSummary(state: .done, verdict: .warn, doneSteps: ["load", "routes"]),
          "2013-01-02": DateSummary(state: .held, reason: "`load` failed"),
          "2013-01-03": DateSummary(state: .running),
        ]
      ])
    #expect(snapshot.claimed == [running])
  }

  @Test func `an anomaly counts as done for a look back only when it is accepted`() async throws {
    try await flights.holdByAnomaly("load", "2013-02-08")
    #expect(try await flights.store.snapshot().dates["flights"]?["2013-02-08"]?.doneSteps == [])
    _ = try await flights.decide(.accept(["2013-02-08"]), reason: "a blizzard")
    #expect(try await flights.store.snapshot().dates["flights"]?["2013-02-08"]?.doneSteps == ["load"])
  }

  @Test func `all records come in calendar order with their own steps`() async throws {
    for date in ["2013-01-03", "2013-01-01", "2013-01-02"] as [CivilDate] {
      let load = flights.identity("load", date)
      try await flights.run(load, .ended(load), change: .done(.pass))
    }
    _ = try await flights.decide(.skip(["2012-12-31"]), reason: "x")
    let records = try await flights.store.records(in: "flights")
    #expect(records.map(\.date) == ["2012-12-31", "2013-01-01", "2013-01-02", "2013-01-03"])
    let runs = records.map { $0.steps["load"]?.runID }
    #expect(runs == [nil, "load-2013-01-01-1", "load-2013-01-02-1", "load-2013-01-03-1"])
  }

  @Test func `slow dates are counted among the four before that the ledger has`() async throws {
    let seconds: [(CivilDate, Int64)] = [
      ("2013-01-01", 90), ("2013-01-02", 90), ("2013-01-04", 10), ("2013-01-05", 61), ("2013-01-09", 60),
      ("2013-01-10", 99),
    ]
    for (date, took) in seconds {
      let load = flights.identity("load", date)
      try await flights.run(load, .ended(load, took: .seconds(took)), change: .done(.pass))
    }
    let slow = try await flights.store.slowDates(
      before: "2013-01-10", step: "load", window: "flights", limit: .seconds(60))
    #expect(slow == 2)
  }

  @Test func `the last attempt of a date says whether it was slow, one that was stopped does not`() async throws {
    let first = flights.identity("load", "2013-01-01")
    try await flights.run(first, .failed(first, to: .pending))
    let second = flights.identity("load", "2013-01-01", 2)
    try await flights.run(second, .ended(second, took: .seconds(90)))
    let stopped = flights.identity("load", "2013-01-02")
    try await flights.run(stopped, .stopped(stopped))
    let slow = try await flights.store.slowDates(
      before: "2013-01-03", step: "load", window: "flights", limit: .seconds(60))
    #expect(slow == 1)
  }

  @Test func `decisions can be asked for one date`() async throws {
    _ = try await flights.decide(.skip(["2013-01-01", "2013-01-02"]), reason: "x")
    #expect(try await flights.store.decisions(in: "flights", date: "2013-01-02").map(\.date) == ["2013-01-02"])
  }

  // MARK: Outbox

  @Test func `events wait until they are handed over, oldest first`() async throws {
    for number in 1...3 {
      _ = try await flights.decide(.pause, reason: "\(number)")
      _ = try await flights.decide(.resume)
    }
    let first = try await flights.store.pendingEvents(limit: 2)
    #expect(
      first.map(\.event) == [
        .windowPaused(window: "flights", date: nil, reason: "1", by: "ada"),
        .windowResumed(window: "flights", by: "ada", reason: nil),
      ])
    #expect(first.map(\.at) == [Flights.start + .seconds(3600), Flights.start + .seconds(3600)])
    try await flights.store.markHandedOver(through: first[1].id)
    let rest = try await flights.store.pendingEvents(limit: 10)
    #expect(rest.map(\.id) == [first[1].id + 1, first[1].id + 2, first[1].id + 3, first[1].id + 4])
  }

  @Test func `events that were handed over leave the disk by themselves, or with the ledger's end`() async throws {
    _ = try await flights.decide(.pause, reason: "x")
    try await flights.forgetEvents()
    _ = try await flights.decide(.resume)
    #expect(try await eventsOnDisk() == 1)
    try await flights.forgetEvents()
    try flights.store.close()
    let file = try DatabaseQueue(path: flights.directory.database)
    #expect(try await file.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM outbox") } == 0)
  }

  private func eventsOnDisk() async throws -> Int? {
    try await flights.store.pool.read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM outbox WHERE event IS NOT NULL")
    }
  }

  @Test(arguments: [false, true])
  func `event numbers ascend also after all were handed over`(haveLeftTheDisk: Bool) async throws {
    _ = try await flights.decide(.pause, reason: "x")
    let before = try #require(try await flights.store.pendingEvents(limit: 10).last).id
    try await flights.store.markHandedOver(through: before)
    if haveLeftTheDisk { while try await eventsOnDisk() != 0 { await Task.yield() } }
    #expect(try await flights.store.pendingEvents(limit: 10) == [])
    _ = try await flights.decide(.resume)
    #expect(try await flights.store.pendingEvents(limit: 10).map(\.id) == [before + 1])
  }

  @Test func `an event that cannot be read does not hold up the others`() async throws {
    try await flights.store.pool.write { db in
      try db.execute(sql: #"INSERT INTO outbox (id, at, event) VALUES (100, 0, '{"unheardOf":{}}')"#)
    }
    _ = try await flights.decide(.pause, reason: "x")
    #expect(
      try await flights.events() == [
        .ledgerUnavailable(reason: #"event 100 of the outbox cannot be read and is passed over: {"unheardOf":{}}"#),
        .windowPaused(window: "flights", date: nil, reason: "x", by: "ada"),
      ])
  }

  // MARK: Side by side

  @Test func `reading answers while a commit is under way`() async throws {
    let store = flights.store
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let gate = Gate()
    let writer = Task {
      try await store.write { db in
        try db.run("UPDATE windows SET reason = 'half done'")
        enter.finish()
        gate.wait()
      }
    }
    for await _ in entered {}
    #expect(try await flights.window().reason == nil)
    gate.open()
    try await writer.value
    #expect(try await flights.window().reason == "half done")
  }
}
