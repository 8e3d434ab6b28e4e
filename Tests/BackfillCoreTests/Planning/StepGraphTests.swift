import BackfillCore
import BackfillTestKit
import Testing

@Suite struct StepGraphTests {
  /// load and carriers side by side, routes after both, summary last.
  private let graph = StepGraph([
    Step(name: "load", command: ["load"]),
    Step(name: "carriers", command: ["carriers"]),
    Step(name: "routes", command: ["routes"], after: ["load", "carriers"]),
    Step(name: "summary", command: ["summary"], after: ["routes"]),
  ])

  private func record(
    _ step: String, _ state: StepState, _ verdict: Verdict? = nil, accepted: Bool = false, failure: String? = nil
  ) -> (String, StepRecord) {
    let found = verdict.map { StepVerdict(word: $0, findings: [], sentence: "") }
    return (step, StepRecord(step: step, state: state, verdict: found, isAccepted: accepted, failure: failure))
  }

  private func records(_ pairs: (String, StepRecord)...) -> [String: StepRecord] {
    Dictionary(uniqueKeysWithValues: pairs)
  }

  @Test func `a date that was never touched starts with the steps that come after nothing`() {
    #expect(graph.ready([:]).map(\.name) == ["load", "carriers"])
  }

  @Test func `a step waits for all that it comes after`() {
    #expect(graph.ready(records(record("load", .done, .pass))).map(\.name) == ["carriers"])
  }

  @Test(arguments: [Verdict.pass, .inconclusive, .warn])
  func `a verdict short of an anomaly opens the gate`(verdict: Verdict) {
    let known = records(record("load", .done, verdict), record("carriers", .done, .pass))
    #expect(graph.ready(known).map(\.name) == ["routes"])
  }

  @Test func `an anomaly keeps the gate shut until it is accepted`() {
    let shut = records(record("load", .done, .anomaly), record("carriers", .done, .pass))
    #expect(graph.ready(shut).isEmpty)
    let open = records(record("load", .done, .anomaly, accepted: true), record("carriers", .done, .pass))
    #expect(graph.ready(open).map(\.name) == ["routes"])
  }

  @Test func `a stale step is run again`() {
    #expect(graph.ready(records(record("load", .stale), record("carriers", .done))).map(\.name) == ["load"])
  }

  @Test func `a stale step waits until what is above it is done`() {
    let known = records(record("load", .stale), record("carriers", .done), record("routes", .stale))
    #expect(graph.ready(known).map(\.name) == ["load"])
    #expect(graph.steps.map { graph.shownState(of: $0, known) } == [.stale, .done, .stale, .pending])
  }

  @Test func `a date with stale steps is pending, and says so`() {
    let known = records(
      record("load", .done, .pass), record("carriers", .done, .pass), record("routes", .stale, .anomaly),
      record("summary", .stale, .pass))
    #expect(graph.conclusion(known) == .pending(reason: "stale"))
  }

  @Test func `the verdict of a stale step does not count`() {
    let known = records(record("load", .failed, failure: "exit status 3"), record("routes", .stale, .anomaly))
    #expect(graph.conclusion(known) == .held(reason: "`load` failed: exit status 3", verdict: nil))
  }

  @Test func `the order puts each step behind what it comes after`() {
    let turned = StepGraph(graph.steps.reversed())
    #expect(turned.inOrder.map(\.name) == ["carriers", "load", "routes", "summary"])
  }

  @Test func `everything below a failed step is shown as blocked`() {
    let known = records(record("load", .failed, failure: "exit status 3"), record("carriers", .done, .pass))
    #expect(graph.steps.map { graph.shownState(of: $0, known) } == [.failed, .done, .blocked, .blocked])
  }

  @Test func `a date whose steps are all done is done, with the worst verdict`() {
    let known = records(
      record("load", .done, .pass), record("carriers", .done, .warn), record("routes", .done, .inconclusive),
      record("summary", .done, .pass))
    #expect(graph.conclusion(known) == .done(.warn))
  }

  @Test func `a failed step holds its date and says why`() {
    let known = records(record("load", .failed, failure: "exit status 3"), record("carriers", .done, .pass))
    #expect(graph.conclusion(known) == .held(reason: "`load` failed: exit status 3", verdict: nil))
  }

  @Test func `an anomaly holds its date`() {
    let known = records(record("load", .done, .pass), record("carriers", .done, .anomaly))
    #expect(graph.conclusion(known) == .held(reason: "`carriers` is an anomaly", verdict: .anomaly))
  }
}
