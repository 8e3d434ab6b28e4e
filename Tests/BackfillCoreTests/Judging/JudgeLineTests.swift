import BackfillCore
import Foundation
import Testing

/// The lines of `judge`, as text.
@Suite struct JudgeLineTests {
  struct Line: Sendable, CustomTestStringConvertible {
    let given: String
    let answer: String
    var testDescription: String { given }
  }

  @Test(arguments: senseless) func `a line that makes no sense says why`(line: Line) throws {
    #expect(try answer(to: line.given) == line.answer)
  }

  @Test(arguments: sensible) func `a line is answered with stable keys`(line: Line) throws {
    #expect(try answer(to: line.given) == line.answer)
  }

  @Test func `a line that is no JSON has an answer too`() throws {
    #expect(JudgeAnswer.notJSON == .error(.none, "the line is not JSON"))
  }

  @Test(arguments: [
    #"{"id":"a","n":450,"k":205,"lo":0.25,"hi":0.3}"#,
    #"{"id":"a","n":450,"k":205,"lo":0.25,"hi":0.3,"rho":0.005,"alpha_warn":0.01,"below":"warn","above":"anomaly"}"#,
    #"{"id":"a","n":450.0,"k":205,"lo":0.25,"hi":0.3,"budget":0.05,"window_dates":180,"streams":1,"note":"x"}"#,
    #"{"id":"a","n":450,"k":205,"lo":0.25,"hi":0.3,"alpha_anomaly":0.0001388888888888889,"verdict":"pass"}"#,
  ])
  func `what a line leaves out has its default`(line: String) throws {
    let limits = AlarmLimits(windowDates: 180, streams: 1)
    let test = DateTest(n: 450, k: 205, low: 0.25, high: 0.3, rho: 0.005, limits: limits)
    let read = try JSONDecoder().decode(JudgeCase.self, from: Data(line.utf8))
    #expect(Judge.answer(read) == .date(.text("a"), pHigh: test.pHigh, pLow: test.pLow, p: test.p, verdict: .warn))
  }

  @Test func `what an anomaly takes follows the budget of the line`() throws {
    let line = #"{"id":"a","n":450,"k":205,"lo":0.25,"hi":0.3,"window_dates":10}"#
    let read = try JSONDecoder().decode(JudgeCase.self, from: Data(line.utf8))
    guard case .date(_, _, _, _, let verdict) = Judge.answer(read) else {
      Issue.record("not the answer to a date line")
      return
    }
    #expect(verdict == .anomaly)
  }

  @Test(arguments: [
    (#"{"id":"x","n":450,"k":140,"lo":0.25,"hi":NaN}"#, "`hi` is NaN, which is no number of JSON"),
    (#"{"id":"x:NaN","dates":[{"n":-Infinity}]}"#, "`n` is Infinity, which is no number of JSON"),
    (#"{"i\"d":inf}"#, #"`i\"d` is inf, which is no number of JSON"#), ("nan", "nan, which is no number of JSON"),
    (#"{"id":"NaN""#, nil), (#"{"id":nano}"#, nil), ("\"", nil), (#""\"#, nil),
  ])
  func `a number that JSON does not have is told with its key`(_ line: String, _ reason: String?) {
    #expect(NotJSON.reason(Array(line.utf8)) == reason)
  }

  @Test func `dates whose entities add up to more than 64 bits hold are judged`() throws {
    let date = #"{"n":4611686018427387904,"k":0,"lo":0.1,"hi":0.2}"#
    let line = #"{"id":"c","dates":[\#(date),\#(date)],"rho":0}"#
    let read = try JSONDecoder().decode(JudgeCase.self, from: Data(line.utf8))
    guard case .sequence(_, let answer) = Judge.answer(read) else {
      Issue.record("not the answer to a sequence")
      return
    }
    #expect(answer.evidence.count == 2)
    #expect(answer.firstWarnIndex == 1)
  }

  private static let senseless: [Line] = [
    Line(given: #"{"id":"a","n":-1,"k":0,"hi":0.2}"#, answer: #"{"error":"`n` is -1, below 0","id":"a"}"#),
    Line(given: #"{"id":"a","n":3,"k":-1,"hi":0.2}"#, answer: #"{"error":"`k` is -1, below 0","id":"a"}"#),
    Line(given: #"{"id":"a","n":3,"k":4,"hi":0.2}"#, answer: #"{"error":"`k` is 4, above `n` (3)","id":"a"}"#),
    Line(given: #"{"id":"a","k":4,"hi":0.2}"#, answer: #"{"error":"`n` is missing","id":"a"}"#),
    Line(given: #"{"id":"a","n":4,"hi":0.2}"#, answer: #"{"error":"`k` is missing","id":"a"}"#),
    Line(given: #"{"id":"a","n":4,"k":1}"#, answer: #"{"error":"`lo` and `hi` are missing","id":"a"}"#),
    Line(
      given: #"{"id":7,"n":3,"k":1,"lo":0.4,"hi":0.2}"#, answer: #"{"error":"`lo` is 0.4, above `hi` (0.2)","id":7}"#),
    Line(given: #"{"n":3,"k":1,"hi":1.2}"#, answer: #"{"error":"`hi` is 1.2, not 0 to 1","id":null}"#),
    Line(given: #"{"n":3,"k":1,"lo":-0.5}"#, answer: #"{"error":"`lo` is -0.5, not 0 to 1","id":null}"#),
    Line(given: #"{"id":"a","n":3.5,"k":1,"hi":0.6}"#, answer: #"{"error":"`n` is not a whole number","id":"a"}"#),
    Line(given: #"{"id":"a","n":"3","k":1,"hi":0.6}"#, answer: #"{"error":"`n` is not a number","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":1e40,"k":1,"hi":0.6}"#, answer: #"{"error":"`n` does not fit into 64 bits","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":9223372036854775808,"k":1,"hi":0.6}"#,
      answer: #"{"error":"`n` does not fit into 64 bits","id":"a"}"#),
    Line(given: #"{"id":"a","n":3,"k":1,"hi":1e999}"#, answer: #"{"error":"`hi` is out of range","id":"a"}"#),
    Line(given: #"{"id":"a","n":1e400,"k":1,"hi":1}"#, answer: #"{"error":"`n` is out of range","id":"a"}"#),
    Line(
      given: #"{"id":"a","dates":[{"n":1,"k":1},{"n":1,"k":1,"lo":-1e400}]}"#,
      answer: #"{"error":"`dates[1].lo` is out of range","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":3,"failures":{"A":1e400}}"#, answer: #"{"error":"`failures.A` is out of range","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":0450,"k":1,"hi":1}"#,
      answer: #"{"error":"`n` has a zero before its digits, which JSON does not allow","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":4,"k":1,"hi":1,"below":"\ud800"}"#,
      answer: #"{"error":"`below` holds half of a character","id":"a"}"#),
    Line(given: #"{"id":"\ud800","n":4}"#, answer: #"{"error":"`id` holds half of a character","id":null}"#),
    Line(
      given: #"{"id":"a","n":4,"k":1,"hi":1,"above":"\q"}"#,
      answer: #"{"error":"`above` is not written as JSON has it","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":4,"k":1,"hi":1,"below":"\#(String(repeating: "z", count: 99))"}"#,
      answer: #"{"error":"`below` is `\#(String(repeating: "z", count: 40))...`, not `warn` or `anomaly`","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":4,"failures":{"\#(String(repeating: "z", count: 99))":"x"}}"#,
      answer: #"{"error":"`failures.\#(String(repeating: "z", count: 40))...` is not a number","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":3,"k":1,"hi":0.6,"rho":1}"#,
      answer: #"{"error":"`rho` is 1.0, not 0 or more and below 1","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":3,"k":1,"hi":0.6,"alpha_warn":0}"#,
      answer: #"{"error":"`alpha_warn` is 0.0, not above 0 and at most 1","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":3,"k":1,"hi":0.6,"streams":0}"#, answer: #"{"error":"`streams` is 0, below 1","id":"a"}"#),
    Line(
      given: #"{"id":"a","dates":[],"window_dates":0}"#, answer: #"{"error":"`window_dates` is 0, below 1","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":3,"k":1,"hi":0.6,"below":"pause"}"#,
      answer: #"{"error":"`below` is `pause`, not `warn` or `anomaly`","id":"a"}"#),
    Line(
      given: #"{"id":"a","dates":[{"n":3,"k":1,"hi":0.5},{"n":3,"k":4,"hi":0.3}]}"#,
      answer: #"{"error":"dates[1]: `k` is 4, above `n` (3)","id":"a"}"#),
    Line(
      given: #"{"id":"a","dates":[{"n":3,"k":1,"hi":0.5},{"n":"x"}]}"#,
      answer: #"{"error":"`dates[1].n` is not a number","id":"a"}"#),
    Line(given: #"{"id":"a","dates":3}"#, answer: #"{"error":"`dates` is not a list","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":3,"failures":{"A":"x"}}"#, answer: #"{"error":"`failures.A` is not a number","id":"a"}"#),
    Line(given: #"{"id":"a","n":3,"failures":3}"#, answer: #"{"error":"`failures` is not an object","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":3,"records":3,"slow_in_previous_4":5}"#,
      answer: #"{"error":"`slow_in_previous_4` is 5, not 0 to 4","id":"a"}"#),
    Line(
      given: #"{"id":"a","n":3,"duration_s":-1}"#,
      answer: #"{"error":"`duration_s` is -1.0, not 0 to 1000000000","id":"a"}"#),
    Line(given: #"{"id":true,"n":3}"#, answer: #"{"error":"`id` is neither text nor a whole number","id":null}"#),
    Line(given: #"{"id":5.5,"n":3}"#, answer: #"{"error":"`id` is neither text nor a whole number","id":null}"#),
    Line(given: #"{"id":[1],"n":3}"#, answer: #"{"error":"`id` is neither text nor a whole number","id":null}"#),
    Line(given: "[1]", answer: #"{"error":"the line is not an object","id":null}"#),
  ]

  private static let sensible: [Line] = [
    // 40.4 and 0.7 have no exact binary form.
    Line(
      given: #"{"id":"a","n":9,"duration_s":202,"max_duration_s":40.4}"#,
      answer: #"{"id":"a","reasons":["slow"],"verdict":"warn"}"#),
    Line(
      given: #"{"id":"a","n":9,"duration_s":3.5,"max_duration_s":0.7}"#,
      answer: #"{"id":"a","reasons":["slow"],"verdict":"warn"}"#),
    Line(
      given: #"{"id":"a","n":9,"duration_s":202.000001,"max_duration_s":40.4}"#,
      answer: #"{"id":"a","reasons":["slow"],"verdict":"anomaly"}"#),
    Line(
      given: #"{"id":"a","n":9223372036854775807,"records":1,"failures":{}}"#,
      answer: #"{"id":"a","reasons":[],"verdict":"pass"}"#),
    Line(
      given: #"{"id":"a","n":0,"k":0,"lo":0.25,"hi":0.3}"#,
      answer: #"{"id":"a","p":1,"p_hi":1,"p_lo":1,"verdict":"inconclusive"}"#),
    Line(given: #"{"n":40,"k":0,"hi":0.1}"#, answer: #"{"id":null,"p":1,"p_hi":1,"p_lo":1,"verdict":"pass"}"#),
    Line(given: #"{"id":1,"n":40,"k":40,"lo":0.9}"#, answer: #"{"id":1,"p":1,"p_hi":1,"p_lo":1,"verdict":"pass"}"#),
    Line(
      given: #"{"id":"a","dates":[]}"#,
      answer:
        #"{"anomaly_evidence":[],"evidence":[],"first_anomaly_index":null,"first_warn_index":null,"id":"a"}"#),
    Line(
      given: #"{"id":"a","dates":[{"n":450,"k":3},{"n":0,"k":0,"hi":0.3}]}"#,
      answer:
        #"{"anomaly_evidence":[1,1],"evidence":[1,1],"first_anomaly_index":null,"first_warn_index":null,"id":"a"}"#),
    Line(
      given: #"{"id":"a","n":450,"records":450,"failures":{},"duration_s":1}"#,
      answer: #"{"id":"a","reasons":[],"verdict":"pass"}"#),
    Line(
      given: #"{"id":"a","n":-5,"records":0,"failures":{"A":0},"min_records":1}"#,
      answer: #"{"id":"a","reasons":["bad_facts"],"verdict":"anomaly"}"#),
    Line(
      given: #"{"id":"a","n":450,"records":325,"failures":{"A":125,"TYPO":1},"expected":["A"],"lo":0.25,"hi":0.3}"#,
      answer: #"{"id":"a","reasons":["unknown_category"],"verdict":"anomaly"}"#),
    Line(
      given: #"{"id":"a","n":0,"records":0,"min_records":1,"allow_empty":true,"lo":0.25,"hi":0.3}"#,
      answer: #"{"id":"a","reasons":["no_attempts"],"verdict":"inconclusive"}"#),
    Line(
      given: #"{"id":"a","n":450,"records":0,"failures":{},"min_records":1,"allow_empty":true}"#,
      answer: #"{"id":"a","reasons":[],"verdict":"pass"}"#),
    Line(
      given:
        #"{"id":"a","n":450,"records":9,"failures":{"A":400,"B":20},"expected":["A","B"],"categories":["B"],"hi":0.3}"#,
      answer: #"{"id":"a","reasons":[],"verdict":"pass"}"#),
  ]
}
