import BackfillCore
import BackfillTestKit
import Testing

/// Which results were computed from which.
@Suite struct StalenessTests {
  /// features looks back at load on two dates; summary is below features, other is below nothing.
  private let window = Window(
    name: "w",
    dates: DateSelection(
      from: day("2013-02-01"), to: day("2013-02-08"), skipFirst: .dates(1), except: [day("2013-02-04")]),
    steps: [
      Step(name: "summary", command: ["s"], after: ["features"]),
      Step(
        name: "features", command: ["f"], after: ["load"], lookbacks: [Lookback(step: "load", dates: 2, minimum: 1)]),
      Step(name: "load", command: ["l"]),
      Step(name: "other", command: ["o"]),
    ])

  private func reached(
    _ dates: [String], _ steps: Set<String>, in other: Window? = nil, except: Set<String> = []
  ) -> [String] {
    let window = other ?? window
    let staleness = Staleness(window: window, calendar: WindowCalendar(window.dates))
    let found = staleness.reached(from: Set(dates.map(day)), steps: steps) { date, step in
      !except.contains("\(date) \(step)")
    }
    return found.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.sorted().joined(separator: " "))" }
  }

  @Test func `everything below a step is reached, on its date and on those that look back at it`() {
    #expect(
      reached(["2013-02-03"], ["load"]) == [
        "2013-02-03 features load summary", "2013-02-05 features summary", "2013-02-06 features summary",
      ])
  }

  @Test func `a step that nothing looks back at reaches its own date only`() {
    #expect(reached(["2013-02-03"], ["features"]) == ["2013-02-03 features summary"])
    #expect(reached(["2013-02-03"], ["summary"]) == ["2013-02-03 summary"])
  }

  @Test func `a step beside the others reaches nothing`() {
    #expect(reached(["2013-02-03"], ["other"]) == ["2013-02-03 other"])
  }

  @Test func `nobody looks back at a date of the bootstrap`() {
    #expect(reached(["2013-02-01"], ["load"]) == ["2013-02-01 features load summary"])
  }

  @Test func `nothing is reached through a step without a result`() {
    #expect(
      reached(["2013-02-03"], ["load"], except: ["2013-02-05 features", "2013-02-06 summary"]) == [
        "2013-02-03 features load summary", "2013-02-06 features",
      ])
  }

  @Test func `a step that looks back at itself reaches every later date`() {
    let chain = Window(
      name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2013-02-05")),
      steps: [Step(name: "sum", command: ["s"], lookbacks: [Lookback(step: "sum", dates: 1, minimum: 1)])])
    #expect(
      reached(["2013-02-03"], ["sum"], in: chain) == ["2013-02-03 sum", "2013-02-04 sum", "2013-02-05 sum"])
    #expect(
      reached(["2013-02-02"], ["sum"], in: chain, except: ["2013-02-04 sum"]) == ["2013-02-02 sum", "2013-02-03 sum"])
  }

  @Test func `no dates reach nothing`() {
    #expect(reached([], ["load"]) == [])
  }
}
