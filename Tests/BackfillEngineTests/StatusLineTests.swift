import BackfillCore
import BackfillTestKit
import Foundation
import Testing

@testable import BackfillEngine

/// The one line that systemd shows.
@Suite struct StatusLineTests {
  /// Noon of 2013-06-01 in New York.
  private let now = Instant(seconds: 1_370_102_400)

  private func schedule(_ when: String = "0 1 * * *") throws -> Schedule {
    Schedule(when: try CalendarExpression.parse(when))
  }

  private func line(
    _ windows: [Window], at instant: Instant? = nil, _ change: (inout EngineState) -> Void = { _ in }
  ) -> String {
    let runtimes = windows.map { window in
      WindowRuntime(window: window, record: WindowRecord(window: window.name, since: now), dates: [:], now: now)
    }
    var state = EngineState(
      version: "test", startedAt: now,
      windows: Dictionary(uniqueKeysWithValues: runtimes.map { ($0.window.name, $0) }), rejected: [])
    _ = state.handle(.tick, at: now)
    change(&state)
    state.dirty = Set(windows.map(\.name))
    _ = state.handle(.tick, at: now)
    return state.statusLine(at: instant ?? now)
  }

  private func flights(_ when: String = "0 1 * * *") throws -> Window {
    Window(
      name: "flights", dates: DateSelection(from: day("2013-01-01"), to: day("2013-12-31")),
      schedule: try schedule(when),
      zone: try zone("America/New_York"), steps: [Step(name: "load", command: ["load"])])
  }

  private func run(_ dates: ClosedRange<Int>, in state: inout EngineState) {
    for number in dates {
      let date = day("2013-02-10").adding(days: number)
      state.windows["flights"]?.running[date] = RunningDate(date: date, since: now, steps: ["load"])
      state.windows["flights"]?.set(DateSummary(state: .running), for: date)
    }
  }

  @Test func `it is the progress, the date that runs, what is held, and the next firing`() throws {
    let text = line([try flights()]) { state in
      for number in 0..<41 {
        state.windows["flights"]?.set(DateSummary(state: .done), for: day("2013-01-01").adding(days: number))
      }
      state.windows["flights"]?.set(DateSummary(state: .held), for: day("2013-03-01"))
      run(1...1, in: &state)
    }
    #expect(text == "flights: 41 of 365 done, 2013-02-11 running, 1 held; next 01:00 EDT")
  }

  @Test func `three running dates are named, more are counted`() throws {
    #expect(
      line([try flights()]) { run(1...3, in: &$0) }
        == "flights: 0 of 365 done, 2013-02-11 2013-02-12 2013-02-13 running; next 01:00 EDT")
    #expect(line([try flights()]) { run(1...4, in: &$0) } == "flights: 0 of 365 done, 4 dates running; next 01:00 EDT")
  }

  @Test func `a date that waits for its input is not held: nobody needs to act`() throws {
    let text = line([try flights()]) {
      $0.windows["flights"]?.set(DateSummary(state: .held, awaitsInput: true), for: day("2013-03-01"))
    }
    #expect(text == "flights: 0 of 365 done, 1 without input; next 01:00 EDT")
  }

  @Test func `a firing a day away or more has its date`() throws {
    #expect(line([try flights("0 12 * * *")]) == "flights: 0 of 365 done; next 2013-06-02 12:00 EDT")
    #expect(line([try flights("59 11 * * *")]) == "flights: 0 of 365 done; next 11:59 EDT")
  }

  @Test func `a paused window has no next firing: it would be passed over`() throws {
    let text = line([try flights()]) {
      $0.windows["flights"]?.enter(.paused, reason: "an anomaly", by: "backfilld", at: now)
    }
    #expect(text == "flights: 0 of 365 done, paused")
  }

  @Test func `of several windows those come first that a person must look at, then those at work`() throws {
    let windows = ["a", "b", "c", "d", "e"].map { testWindow($0) }
    let text = line(windows) { state in
      state.windows["e"]?.enter(.paused, reason: "an anomaly", by: "backfilld", at: now)
      state.windows["d"]?.set(DateSummary(state: .held), for: day("2013-02-01"))
      state.windows["c"]?.running[day("2013-02-01")] = RunningDate(date: day("2013-02-01"), since: now, steps: [])
      state.windows["c"]?.set(DateSummary(state: .running), for: day("2013-02-01"))
      // A person who pauses a window knows of it.
      state.windows["a"]?.enter(.paused, reason: "lunch", by: "ann", at: now)
    }
    #expect(
      text == "d: 0 of 5 done, 1 held | e: 0 of 5 done, paused | c: 0 of 5 done, 2013-02-01 running | 2 more")
  }

  @Test func `windows to look at that have no room are counted`() {
    let windows = ["a", "b", "c", "d", "e", "f"].map { testWindow($0) }
    let text = line(windows) { state in
      for name in ["b", "c", "d", "e"] { state.windows[name]?.set(DateSummary(state: .held), for: day("2013-02-01")) }
    }
    #expect(text.hasSuffix(" | d: 0 of 5 done, 1 held | 3 more, 1 of them for a person to look at"))
  }

  @Test func `a window is looked at no longer when its date is decided about`() {
    let text = line(["a", "b"].map { testWindow($0) }) { state in
      state.windows["b"]?.set(DateSummary(state: .held), for: day("2013-02-01"))
      state.dirty = ["b"]
      _ = state.handle(.tick, at: now)
      state.windows["b"]?.set(DateSummary(state: .skipped), for: day("2013-02-01"))
    }
    #expect(text == "a: 0 of 5 done | b: 0 of 5 done")
  }
}

private func zone(_ name: String) throws -> Zone {
  try Zone(name: name, tzif: [UInt8](Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/\(name)"))))
}
