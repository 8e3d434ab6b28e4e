import Foundation
import Testing

@testable import BackfillCore

/// The reference values, through the types and through the lines of `judge`.
@Suite struct ReferenceTests {
  @Test(arguments: ReferenceCases.all.cases)
  func `the date test agrees with the reference`(reference: ReferenceCases.DateCase) {
    let limits = AlarmLimits(
      alphaWarn: reference.alphaWarn, alphaAnomaly: reference.alphaAnomaly, windowDates: 180, streams: 1)
    let test = DateTest(
      n: reference.n, k: reference.k, low: reference.lo, high: reference.hi, rho: reference.rho,
      below: reference.below, limits: limits)
    #expect(agree(test.pHigh, reference.pHi), "p_hi \(test.pHigh), not \(reference.pHi)")
    #expect(agree(test.pLow, reference.pLo), "p_lo \(test.pLow), not \(reference.pLo)")
    #expect(agree(test.p, reference.p), "p \(test.p), not \(reference.p)")
    #expect(test.verdict == reference.verdict)
  }

  @Test(arguments: ReferenceCases.all.cases)
  func `a date line gets the reference's answer`(reference: ReferenceCases.DateCase) throws {
    guard case .date(let id, let pHigh, let pLow, let p, let verdict) = try answer("cases", reference.id) else {
      Issue.record("not the answer to a date line")
      return
    }
    #expect(id == .text(reference.id))
    #expect(agree(pHigh, reference.pHi))
    #expect(agree(pLow, reference.pLo))
    #expect(agree(p, reference.p))
    #expect(verdict == reference.verdict)
  }

  @Test(arguments: ReferenceCases.all.sequences)
  func `a sequence line gets the reference's answer`(reference: ReferenceCases.Sequence) throws {
    guard case .sequence(let id, let scores) = try answer("sequences", reference.id) else {
      Issue.record("not the answer to a sequence line")
      return
    }
    #expect(id == .text(reference.id))
    #expect(scores.evidence.count == reference.evidence.count)
    #expect(zip(scores.evidence, reference.evidence).allSatisfy(agree))
    #expect(scores.anomalyEvidence.count == reference.anomalyEvidence.count)
    #expect(zip(scores.anomalyEvidence, reference.anomalyEvidence).allSatisfy(agree))
    #expect(scores.firstWarnIndex == reference.firstWarnIndex)
    #expect(scores.firstAnomalyIndex == reference.firstAnomalyIndex)
  }

  @Test(arguments: ReferenceCases.all.combined)
  func `a line of facts gets the reference's answer`(reference: ReferenceCases.Combined) throws {
    #expect(
      try answer("combined", reference.id)
        == .facts(.text(reference.id), verdict: reference.verdict, reasons: reference.reasons))
  }

  @Test(arguments: ReferenceCases.all.incompleteBeta)
  func `the incomplete beta function agrees with the reference`(reference: ReferenceCases.BetaValue) {
    let value = IncompleteBeta.regularized(reference.a, reference.b, reference.x)
    #expect(agree(value, reference.value), "\(value), not \(reference.value)")
  }

  @Test func `every list of the reference file has its cases`() {
    let all = ReferenceCases.all
    let counts: [Int] = [all.cases.count, all.sequences.count, all.combined.count, all.incompleteBeta.count]
    #expect(counts == [62, 18, 12, 12] as [Int])
  }

  private func answer(_ list: String, _ id: String) throws -> JudgeAnswer {
    let line = try #require(ReferenceCases.lines(of: list)[id])
    return Judge.answer(try JSONDecoder().decode(JudgeCase.self, from: line))
  }
}
