import Testing

@testable import BackfillCore

/// Which band holds on which date.
@Suite struct BandTests {
  private static let bands = [
    Band(firstDay: 0, lastDay: 13, low: 0.9, high: 1), Band(firstDay: 14, lastDay: 20, low: 0.6, high: 0.75),
    Band(firstDay: 21, lastDay: nil, low: 0.25, high: 0.3),
  ]

  private func edges(day: Int, interpolate: Bool = false, bands: [Band] = Self.bands) -> BandEdges? {
    RateStream(categories: ["A"], since: JudgingSamples.since, bands: bands, interpolate: interpolate)
      .edges(on: JudgingSamples.since.adding(days: day))
  }

  @Test(arguments: [(0, 0.9, 1.0), (13, 0.9, 1), (14, 0.6, 0.75), (20, 0.6, 0.75), (21, 0.25, 0.3), (9_999, 0.25, 0.3)])
  func `the edges jump from band to band`(day: Int, low: Double, high: Double) {
    #expect(edges(day: day) == BandEdges(low: low, high: high))
  }

  @Test(arguments: [-1, -400]) func `no band covers a date before the first`(day: Int) {
    #expect(edges(day: day) == nil)
    #expect(edges(day: day, interpolate: true) == nil)
  }

  @Test func `no band covers a date after the last`() {
    #expect(edges(day: 14, bands: [Self.bands[0]]) == nil)
    #expect(edges(day: 14, interpolate: true, bands: [Self.bands[0]]) == nil)
  }

  // The centres are day 6.5, day 17 and, of the open-ended band, its first day.
  @Test(arguments: [
    (0, 0.9, 1.0), (6, 0.9, 1), (7, 0.9 - 0.3 * 0.5 / 10.5, 1 - 0.25 * 0.5 / 10.5),
    (14, 0.9 - 0.3 * 7.5 / 10.5, 1 - 0.25 * 7.5 / 10.5), (17, 0.6, 0.75), (19, 0.425, 0.525), (21, 0.25, 0.3),
    (400, 0.25, 0.3),
  ])
  func `the edges move from centre to centre where that is asked for`(day: Int, low: Double, high: Double) throws {
    let found = try #require(edges(day: day, interpolate: true))
    #expect(abs(found.low - low) < 1e-12)
    #expect(abs(found.high - high) < 1e-12)
  }
}
