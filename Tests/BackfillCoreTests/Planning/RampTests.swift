import BackfillCore
import BackfillTestKit
import Testing

@Suite struct RampTests {
  private let dates: [CivilDate: DateSummary] = [
    day("2013-01-01"): DateSummary(state: .done, verdict: .pass),
    day("2013-01-02"): DateSummary(state: .done, verdict: .anomaly),
    day("2013-01-03"): DateSummary(state: .held, reason: "`load` failed"),
  ]

  private func activation(
    _ kind: Activation.Kind = .scheduled, quota: Int? = 1, started: Set<CivilDate>
  ) -> Activation {
    Activation(id: 1, window: "w", kind: kind, nominal: Instant(seconds: 0), quota: quota, started: started)
  }

  @Test func `a chunk that used its quota and went well moves the ramp on`() {
    #expect(Ramp.move(after: activation(started: [day("2013-01-01")]), dates: dates) == .advance)
  }

  @Test func `a chunk that ended early leaves the ramp where it is`() {
    #expect(Ramp.move(after: activation(quota: 4, started: [day("2013-01-01")]), dates: dates) == .stay)
  }

  @Test(arguments: ["2013-01-02", "2013-01-03"])
  func `an anomaly, accepted or not, and a held date send the ramp back`(date: String) {
    let chunk = activation(quota: 2, started: [day("2013-01-01"), day(date)])
    #expect(Ramp.move(after: chunk, dates: dates) == .reset)
  }

  @Test func `a date that came to no end does not move the ramp on`() {
    let chunk = activation(started: [day("2013-01-09")])
    #expect(Ramp.move(after: chunk, dates: dates) == .stay)
    let pending = [day("2013-01-09"): DateSummary(state: .pending)]
    #expect(Ramp.move(after: chunk, dates: pending) == .stay)
  }

  @Test func `an open alarm of the drift test on one of its dates sends the ramp back`() {
    let chunk = activation(started: [day("2013-01-01")])
    #expect(Ramp.move(after: chunk, dates: dates, alarmed: [day("2013-01-01")]) == .reset)
    #expect(Ramp.move(after: chunk, dates: dates, alarmed: [day("2013-01-02")]) == .advance)
  }

  @Test func `what is run by hand does not move the ramp`() {
    #expect(Ramp.move(after: activation(.hand, started: [day("2013-01-01")]), dates: dates) == .stay)
  }
}
