import BackfillCore
import BackfillTestKit
import Testing

@testable import BackfillEngine

/// The loop's state, where the order of two messages matters.
@Suite struct EngineStateTests {
  private let now = Instant(seconds: 1_370_000_000)

  private func state(_ windows: Window...) -> EngineState {
    let runtimes = windows.map { window in
      WindowRuntime(window: window, record: WindowRecord(window: window.name, since: now), dates: [:], now: now)
    }
    return EngineState(
      version: "test", startedAt: now,
      windows: Dictionary(uniqueKeysWithValues: runtimes.map { ($0.window.name, $0) }), rejected: [])
  }

  @Test func `a pause that the ledger did not take because another came first leaves that one's reason`() {
    var state = state(testWindow())
    _ = state.handle(.windowPaused(window: "w", reason: "an anomaly", by: "backfilld", at: now), at: now)
    _ = state.handle(
      .decided(
        Decision(window: "w", action: .pause, reason: "maintenance", by: "ann", at: now),
        DecisionOutcome(changed: [], refused: [])), at: now)
    #expect(state.status(of: "w").windows.first?.reason == "an anomaly")
  }

  @Test func `a window that waits for a lock starts when the last date of the other ends`() throws {
    var state = state(testWindow("a", locks: ["table"]), testWindow("b", locks: ["table"]))
    let one = [day("2013-02-01")]
    func open(_ window: String, _ id: Int64) -> [EngineState.Effect] {
      state.inFlight += 1
      let request = ActivationRequest(
        window: window, kind: .hand, nominal: now, quota: nil, endsAt: nil, dates: one, at: now)
      let activation = Activation(id: id, window: window, kind: .hand, nominal: now, dates: one)
      return state.handle(.opened(request, activation), at: now)
    }
    #expect(open("a", 1).starts == ["a"])
    #expect(open("b", 2).starts == [])
    #expect(state.status(of: nil).windows.map(\.chunk?.waits) == [nil, "waits for lock `table`, held by `a`"])
    let effects = state.handle(
      .dateEnded(window: "a", date: one[0], DateSummary(state: .done, verdict: .pass), next: nil), at: now)
    #expect(effects.starts == ["b"])
  }

  @Test func `a date that is called off takes no place of its chunk`() throws {
    var state = state(testWindow())
    state.inFlight += 1
    let request = ActivationRequest(
      window: "w", kind: .forced, nominal: now, quota: 1, endsAt: nil, dates: nil, at: now)
    let activation = Activation(id: 1, window: "w", kind: .forced, nominal: now, quota: 1)
    #expect(state.handle(.opened(request, activation), at: now).starts == ["w"])
    _ = state.handle(.windowPaused(window: "w", reason: "lunch", by: "ann", at: now), at: now)
    #expect(state.status(of: "w").windows.first?.chunk?.started == 1)
    let effects = state.handle(
      .dateCalledOff(window: "w", date: day("2013-02-01"), DateSummary(state: .pending)), at: now)
    #expect(effects.starts.isEmpty)
    #expect(state.status(of: "w").windows.first?.chunk?.started == 0)
    #expect(state.status(of: "w").windows.first?.running == [])
  }

  @Test func `a long window is not walked from its start for each date`() {
    var runtime = WindowRuntime(
      window: testWindow(from: "2000-01-01", to: "2020-01-01"), record: WindowRecord(window: "w", since: now),
      dates: [:], now: now)
    for entry in runtime.calendar.dates.prefix(7000) { runtime.set(DateSummary(state: .done), for: entry.date) }
    #expect(runtime.situation(at: now).pending == 7000..<7306)
    // Neither for a date that waits for its input: it is found without the walk.
    runtime.set(DateSummary(state: .held, awaitsInput: true), for: day("2000-01-05"))
    #expect(runtime.situation(at: now).pending == 7000..<7306)
    let chunk = Activation(id: 1, window: "w", kind: .scheduled, nominal: now, quota: 1)
    #expect(runtime.planner.nextDate(of: chunk, in: runtime.situation(at: now))?.date == day("2000-01-05"))
    #expect(runtime.planner.span(of: chunk, in: runtime.situation(at: now))?.from == day("2000-01-05"))
    var looked = chunk
    looked.note(started: day("2000-01-05"), awaitedInput: true)
    #expect(runtime.planner.nextDate(of: looked, in: runtime.situation(at: now))?.date == day("2019-03-02"))
    runtime.set(DateSummary(state: .pending), for: day("2000-01-03"))
    #expect(runtime.situation(at: now).pending == 2..<7306)
  }

  @Test func `of thousands of dates that a person named, those that were started are passed over, not looked at again`()
    throws
  {
    var runtime = WindowRuntime(
      window: testWindow(from: "2000-01-01", to: "2020-01-01"), record: WindowRecord(window: "w", since: now),
      dates: [:], now: now)
    let named = runtime.calendar.dates.map(\.date)
    runtime.activations = [Activation(id: 7, window: "w", kind: .hand, nominal: now, dates: named)]
    for count in 1...5000 {
      let pick = try #require(runtime.planner.next(in: runtime.situation(at: now)))
      #expect(pick.date.date == named[count - 1])
      _ = runtime.start(pick, at: now)
      runtime.end(pick.date.date, as: DateSummary(state: .done))
    }
    #expect(runtime.situation(at: now).passed == [7: 5000])
    runtime.forget(7)
    #expect(runtime.situation(at: now).passed == [:])
  }

  @Test func `troubles with starting processes that take turns are told once each, until one can be started`() {
    var state = state(testWindow())
    func told(_ message: Message) -> Int {
      state.handle(message, at: now).count { if case .tell = $0 { true } else { false } }
    }
    #expect(told(.executorFailed("no pipe")) == 1)
    #expect(told(.executorFailed("no process")) == 1)
    #expect(told(.executorFailed("no pipe")) == 0)
    #expect(told(.executorWorks) == 1)
    #expect(told(.executorFailed("no pipe")) == 1)
  }
}

extension [EngineState.Effect] {
  /// The windows of the dates that start.
  fileprivate var starts: [String] {
    compactMap { if case .start(_, let window, _) = $0 { window.name } else { nil } }
  }
}
