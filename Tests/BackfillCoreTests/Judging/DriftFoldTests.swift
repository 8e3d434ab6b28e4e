import BackfillCore
import BackfillTestKit
import Testing

/// Which dates the drift test folds, and when it starts anew.
@Suite struct DriftFoldTests {
  private let stream = DriftStream(step: "load", name: "FAILED")
  private let calendar = WindowCalendar(DateSelection(from: day("2013-02-01"), to: day("2013-02-10")))

  private func date(_ number: Int) -> CivilDate { day("2013-02-01").adding(days: number - 1) }

  /// A date of 450 entities, judged by 25-30 %.
  private func judged(_ k: Int, _ state: DateState = .done, isAccepted: Bool = false) -> DriftDate {
    let rate = RateEvidence(
      n: 450, k: k, low: 0.25, high: 0.3, rho: 0.005, pHigh: 1, pLow: 1, p: 1, alphaWarn: 0.01, alphaAnomaly: 0.001,
      windowDates: 10, streams: 1)
    return DriftDate(state: state, facts: [stream: DriftFact(rate: rate, isAcceptedAnomaly: isAccepted)])
  }

  private func facts(
    _ dates: [Int: DriftDate], restarts: [Int] = [], told: Set<DriftCrossing> = []
  ) -> DriftFacts {
    DriftFacts(
      dates: Dictionary(uniqueKeysWithValues: dates.map { (date($0), $1) }),
      restarts: restarts.isEmpty ? [:] : [stream: restarts.map(date)], told: told)
  }

  /// The fold over `facts` from the first date.
  private func folded(_ facts: DriftFacts) -> DriftFold {
    var fold = DriftFold([stream])
    _ = fold.fold(facts, over: calendar)
    return fold
  }

  private func alarms(_ facts: DriftFacts) -> [String] {
    var fold = DriftFold([stream])
    return fold.fold(facts, over: calendar).map { "\($0.crossing.date) \($0.crossing.word)" }
  }

  @Test(arguments: [DateState.pending, .running, .verifying])
  func `a date that is not judged yet ends the fold`(state: DateState) {
    let fold = folded(facts([1: judged(130), 2: judged(130, state), 3: judged(130)]))
    #expect(fold.through == date(1))
    #expect(fold.state(of: stream)?.dates == [date(1)])
  }

  @Test func `a date that the ledger does not know ends the fold`() {
    #expect(folded(facts([1: judged(130), 3: judged(130)])).through == date(1))
  }

  @Test func `a skipped date is passed over, also with facts`() {
    let fold = folded(facts([1: judged(130), 2: judged(450, .skipped), 3: judged(130)]))
    #expect(fold.through == date(3))
    #expect(fold.state(of: stream)?.dates == [date(1), date(3)])
  }

  @Test func `a held date counts with what it was judged by`() {
    let fold = folded(facts([1: judged(130), 2: judged(200, .held), 3: judged(130)]))
    #expect(fold.state(of: stream)?.dates == [date(1), date(2), date(3)])
  }

  @Test func `a held date whose step failed counts nothing and does not end the fold`() {
    let fold = folded(facts([1: judged(130), 2: DriftDate(state: .held), 3: judged(130)]))
    #expect(fold.state(of: stream)?.dates == [date(1), date(3)])
  }

  @Test func `the bootstrap is passed over before the ledger knows it`() {
    let calendar = WindowCalendar(
      DateSelection(from: day("2013-02-01"), to: day("2013-02-10"), skipFirst: .dates(2)))
    var fold = DriftFold([stream])
    _ = fold.fold(facts([3: judged(130)]), over: calendar)
    #expect(fold.state(of: stream)?.dates == [date(3)])
  }

  @Test func `the fold ends where the facts were read to, also before dates of the bootstrap`() {
    let calendar = WindowCalendar(
      DateSelection(from: day("2013-02-01"), to: day("2013-02-10"), skipFirst: .dates(4)))
    var fold = DriftFold([stream])
    // A person runs them, out of order: of the third nothing is known yet.
    _ = fold.fold(facts([1: judged(130), 2: judged(130)]), over: calendar, through: date(2))
    #expect(fold.through == date(2))
    _ = fold.fold(facts([3: judged(130), 4: judged(130)]), over: calendar, through: date(4))
    #expect(fold.state(of: stream)?.dates == [date(1), date(2), date(3), date(4)])
  }

  @Test func `date by date comes to the same as all at once`() {
    let all = [1: judged(150), 2: judged(171), 3: judged(99), 4: judged(171)]
    var fold = DriftFold([stream])
    for number in 1...4 { _ = fold.fold(facts([number: all[number] ?? judged(0)]), over: calendar) }
    #expect(fold == folded(facts(all)))
  }

  @Test func `new facts of a date give another evidence`() {
    let before = folded(facts([1: judged(171), 2: judged(171)]))
    let after = folded(facts([1: judged(171), 2: judged(120)]))
    #expect((before.state(of: stream)?.test.evidence ?? 0) > (after.state(of: stream)?.test.evidence ?? 0))
  }

  @Test func `a limit that is crossed speaks once, and again when it is crossed anew`() {
    let drifting = Dictionary(uniqueKeysWithValues: (1...8).map { ($0, judged(171)) })
    #expect(alarms(facts(drifting)) == ["2013-02-02 warn", "2013-02-03 anomaly"])
    let wavering = [1: 171, 2: 171, 3: 120, 4: 120, 5: 171, 6: 171, 7: 171].mapValues { judged($0) }
    #expect(alarms(facts(wavering)) == ["2013-02-02 warn", "2013-02-07 warn"])
  }

  @Test func `what is told is not told again`() {
    let drifting = Dictionary(uniqueKeysWithValues: (1...4).map { ($0, judged(171)) })
    let told = DriftCrossing(stream: stream, date: date(2), word: .warn)
    #expect(alarms(facts(drifting, told: [told])) == ["2013-02-03 anomaly"])
  }

  @Test func `a restart begins at one to one after its date`() {
    let drifting = Dictionary(uniqueKeysWithValues: (1...4).map { ($0, judged(171)) })
    let fold = folded(facts(drifting, restarts: [4]))
    #expect(fold.through == date(4))
    #expect(fold.state(of: stream) == nil)
    #expect(fold.views == [])
  }

  @Test func `what a restart has settled does not speak, wherever the limit is crossed now`() {
    let drifting = Dictionary(uniqueKeysWithValues: (1...8).map { ($0, judged(171)) })
    #expect(alarms(facts(drifting, restarts: [5])) == ["2013-02-07 warn", "2013-02-08 anomaly"])
    let replaced = drifting.merging([1: judged(190)]) { $1 }
    #expect(alarms(facts(replaced, restarts: [5])) == ["2013-02-07 warn", "2013-02-08 anomaly"])
    let cut = drifting.merging([5: judged(171, .pending)]) { $1 }
    #expect(alarms(facts(cut, restarts: [5])) == [])
  }

  @Test func `a restart on a date that was passed over holds`() {
    let dates = [1: judged(171), 2: judged(171), 3: judged(171, .skipped), 4: judged(171)]
    #expect(folded(facts(dates, restarts: [3])).state(of: stream)?.dates == [date(4)])
  }

  @Test func `an accepted rate anomaly no longer counts, and the stream starts anew after it`() {
    let fold = folded(facts([1: judged(171), 2: judged(400, isAccepted: true), 3: judged(130)]))
    #expect(fold.state(of: stream)?.dates == [date(3)])
  }

  @Test func `below the band only warns unless the window says otherwise`() {
    let vanishing = Dictionary(uniqueKeysWithValues: (1...10).map { ($0, judged(40)) })
    #expect(alarms(facts(vanishing)).allSatisfy { $0.hasSuffix(" warn") })
    #expect(alarms(facts(vanishing)).count == 1)
  }

  @Test func `N only grows`() {
    var test = DriftTest(windowDates: 100, rho: 0.005)
    let rate = judged(130).facts[stream]?.rate
    if let rate { test.fold(rate) }
    #expect(test.windowDates == 100)
  }

  @Test func `the alarm has the stream, since when, the pooled rate against the band, and the evidence`() {
    var fold = DriftFold([stream])
    let dates = [1: 120, 2: 125, 3: 166, 4: 166, 5: 166, 6: 166, 7: 166, 8: 166].mapValues { judged($0) }
    let alarms = fold.fold(facts(dates), over: calendar)
    #expect(
      alarms.map(\.sentence) == [
        "2013-02-06 load: 664 of 1,800 failed FAILED since 2013-02-03 (36.9 %, 95 % CI 34.7-39.2), expected 25-30 %. "
          + "The evidence of a drift is 10 to 1 -> warn (anomaly needs 40 to 1).",
        "2013-02-08 load: 996 of 2,700 failed FAILED since 2013-02-03 (36.9 %, 95 % CI 35.1-38.7), expected 25-30 %. "
          + "The evidence of a drift is 144 to 1 -> anomaly (the limit is 40 to 1).",
      ])
  }

  @Test func `a drift below the band says that it only warns`() {
    var fold = DriftFold([stream])
    let dates = Dictionary(uniqueKeysWithValues: (1...6).map { ($0, judged(80)) })
    let sentence = fold.fold(facts(dates), over: calendar).first?.sentence
    #expect(sentence?.hasSuffix(" to 1 -> warn (below the band only warns).") == true)
  }

  @Test func `evidence below two to one is not shown`() {
    #expect(folded(facts([1: judged(130)])).views == [])
    let view = folded(facts([1: judged(162), 2: judged(162)])).views.first
    #expect(view?.since == date(1))
    #expect(view?.k == 324)
    #expect(view?.n == 900)
    #expect(view?.verdict == .pass)
  }

  @Test func `a window without bands has nothing to fold`() {
    let window = Window(
      name: "w", dates: DateSelection(from: date(1), to: date(2)), steps: [Step(name: "load", command: ["load"])])
    #expect(window.driftStreams == [])
  }

  @Test func `an empty date counts as one without entities`() throws {
    let expectation = Expectation(streams: [JudgingSamples.stream(0.25, 0.3)], allowEmpty: true)
    let verdict = Judge.verdict(on: Report(attempted: 0), expecting: expectation, in: JudgingSamples.context())
    #expect(verdict.reasons == [.noAttempts])
    let fact = try #require(
      verdict.driftFacts(of: "load", isAccepted: false)[DriftStream(step: "load", name: "INSUFFICIENT_DATA")])
    #expect(fact.rate.n == 0)
  }
}
