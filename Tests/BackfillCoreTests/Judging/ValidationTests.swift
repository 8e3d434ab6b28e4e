import BackfillCore
import BackfillTestKit
import Testing

@Suite struct ValidationTests {
  private func validation(
    _ expect: BackfillCore.Expectation = BackfillCore.Expectation(records: NumberRange(minimum: 10)),
    durations: [CivilDate: Duration] = [:]
  ) -> Validation {
    let window = Window(
      name: "w", dates: DateSelection(from: day("2013-02-01"), to: day("2013-02-28")),
      steps: [
        Step(name: "load", command: ["l"], expect: expect), Step(name: "sum", command: ["s"], after: ["load"]),
      ])
    return Validation(window: window, calendar: WindowCalendar(window.dates), durations: ["load": durations])
  }

  private func step(
    named name: String = "load", _ verdict: Verdict?, records: Int = 5, isAccepted: Bool = false
  ) -> StepRecord {
    StepRecord(
      step: name, state: .done, attempt: 2,
      verdict: verdict.map { StepVerdict(word: $0, findings: [], sentence: "old") }, isAccepted: isAccepted,
      report: Report(attempted: 5, records: records))
  }

  private func record(
    _ state: DateState, _ steps: [StepRecord], date: String = "2013-02-01", reason: String? = nil,
    awaitsInput: Bool = false
  ) -> DateRecord {
    DateRecord(
      date: day(date), state: state, reason: reason, awaitsInput: awaitsInput,
      verdict: steps.compactMap { $0.verdict?.word }.max(),
      steps: Dictionary(uniqueKeysWithValues: steps.map { ($0.step, $0) }))
  }

  @Test func `a done date whose verdict becomes an anomaly is to be held`() throws {
    let outcome = validation().outcome([record(.done, [step(.pass), step(named: "sum", .pass)])])
    let change = try #require(outcome.changes.first)
    #expect(outcome.judged == 2)
    #expect(change.steps.map { "\($0.step) \($0.attempt) \($0.verdict.word)" } == ["load 2 anomaly"])
    #expect(change.change == .held(reason: "`load` is an anomaly", verdict: .anomaly))
    #expect(change.isNewlyHeld)
    #expect(change.doneSteps == ["sum"])
  }

  @Test func `a date that waits for its input is held for a person when it becomes an anomaly`() throws {
    let waiting = record(.held, [step(.pass)], reason: "input missing", awaitsInput: true)
    let change = try #require(validation().outcome([waiting]).changes.first)
    #expect(change.change == .held(reason: "`load` is an anomaly", verdict: .anomaly))
    #expect(change.isNewlyHeld && change.mayPause)
  }

  @Test func `a date that is held for a failure may pause the window when it becomes an anomaly too`() throws {
    let failed = StepRecord(step: "sum", state: .failed, attempt: 1, failure: "exit status 1")
    let held = record(.held, [step(.pass), failed], reason: "`sum` failed: exit status 1")
    let change = try #require(validation().outcome([held]).changes.first)
    #expect(change.change?.isHeld == true)
    #expect(!change.isNewlyHeld && change.mayPause)
    #expect(change.newAnomaly?.word == .anomaly)
  }

  @Test func `a verdict that stays as it is is no change`() {
    #expect(validation().outcome([record(.done, [step(.pass, records: 10)])]).changes == [])
    #expect(validation().outcome([record(.held, [step(.anomaly)], reason: "`load` is an anomaly")]).changes == [])
  }

  @Test func `a verdict that keeps its word may have other figures`() throws {
    let outcome = validation().outcome([record(.done, [step(.pass, records: 10)])])
    #expect(outcome.figures.map(\.step.step) == ["load"])
    #expect(outcome.figures.map(\.date) == [day("2013-02-01")])
    let new = try #require(outcome.figures.first?.step)
    #expect(new.verdict.sentence != "old")
    let known = StepRecord(
      step: "load", state: .done, attempt: 2, verdict: new.verdict, report: Report(attempted: 5, records: 10))
    #expect(validation().outcome([record(.done, [known])]).figures == [])
  }

  @Test func `a step without a verdict, as an imported one, gets no figures`() {
    #expect(validation().outcome([record(.done, [step(nil, records: 10)])]).figures == [])
  }

  @Test func `what a person accepted stays accepted`() throws {
    let accepted = record(.done, [step(.anomaly, isAccepted: true), step(named: "sum", .pass)])
    #expect(validation().outcome([accepted]).changes == [])
    let change = try #require(validation(BackfillCore.Expectation()).outcome([accepted]).changes.first)
    #expect(change.change == nil)
    #expect(change.verdict == .pass)
  }

  @Test func `a held date whose anomaly is none any more is freed for the steps below`() throws {
    let change = try #require(
      validation(BackfillCore.Expectation()).outcome([record(.held, [step(.anomaly)], reason: "`load` is an anomaly")])
        .changes.first
    )
    #expect(change.change == .pending(reason: "judged again: the steps below may run"))
    #expect(change.isFreed)
    #expect(change.doneSteps == ["load"])
  }

  @Test func `a date that stays held is no anomaly by what a step reported that is to run again`() throws {
    let stale = StepRecord(
      step: "sum", state: .stale, attempt: 1, verdict: StepVerdict(word: .anomaly, findings: [], sentence: "old"),
      isAccepted: true)
    let failed = StepRecord(step: "more", state: .failed, attempt: 1, failure: "exit status 3")
    let held = record(.held, [step(.warn), stale, failed], reason: "`more` failed: exit status 3")
    let steps = ["load", "sum", "more"].map { Step(name: $0, command: [$0]) }
    let window = Window(name: "w", dates: DateSelection(from: held.date, to: held.date), steps: steps)
    let validation = Validation(window: window, calendar: WindowCalendar(window.dates), durations: [:])
    let change = try #require(validation.outcome([held]).changes.first)
    #expect(change.change == nil)
    #expect(change.verdict == nil)
  }

  @Test func `a date that was imported has no report to judge`() {
    let imported = record(.done, [StepRecord(step: "load", state: .done)], reason: "imported")
    #expect(validation().outcome([imported]).judged == 0)
  }

  @Test func `a held date with nothing left to run is done`() throws {
    let held = record(.held, [step(.pass), step(named: "sum", .anomaly)], reason: "`sum` is an anomaly")
    let change = try #require(validation(BackfillCore.Expectation()).outcome([held]).changes.first)
    #expect(change.change == .done(.pass))
  }

  @Test func `a date that is held for another reason stays held`() throws {
    let failed = StepRecord(step: "sum", state: .failed, failure: "exit status 3")
    let held = record(.held, [step(.anomaly), failed], reason: "both")
    let change = try #require(validation(BackfillCore.Expectation()).outcome([held]).changes.first)
    #expect(change.change == .held(reason: "`sum` failed: exit status 3", verdict: nil))
    #expect(!change.isNewlyHeld)
    #expect(!change.isFreed)
  }

  @Test func `a done date is not opened again by a step that the file has since`() throws {
    let change = try #require(
      validation(BackfillCore.Expectation()).outcome([record(.done, [step(.warn)])]).changes.first)
    #expect(change.change == nil)
    #expect(change.verdict == .pass)
  }

  @Test func `a skipped date stays skipped`() throws {
    let change = try #require(validation().outcome([record(.skipped, [step(.pass)])]).changes.first)
    #expect(change.change == nil)
  }

  @Test func `dates that are being worked on are left out`() {
    let outcome = validation().outcome([record(.running, [step(.pass)])])
    #expect(outcome.busy == [day("2013-02-01")])
    #expect(outcome.judged == 0)
  }

  @Test func `only the chosen dates are judged, and none that the calendar lost`() {
    let records = ["2012-01-01", "2013-02-01", "2013-02-02"].map { record(.done, [step(.pass)], date: $0) }
    #expect(validation().outcome(records, of: [day("2013-02-02")]).changes.map(\.date) == [day("2013-02-02")])
    #expect(validation().outcome(records).judged == 2)
  }

  @Test func `the third slow date of five is found again from the stored durations`() {
    let dates = (1...5).map { "2013-02-0\($0)" }
    let slow = Dictionary(
      uniqueKeysWithValues: dates.enumerated().map { (day($1), Duration.seconds([9, 1, 9, 1, 9][$0])) })
    let outcome = validation(BackfillCore.Expectation(maxDuration: .seconds(5)), durations: slow)
      .outcome(dates.map { record(.done, [step(.pass)], date: $0) })
    #expect(outcome.changes.flatMap(\.steps).map(\.verdict.word) == [.warn, .warn, .anomaly])
  }
}
