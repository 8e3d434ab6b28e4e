/// The band that holds on one date.
struct BandEdges: Sendable, Equatable {
  /// 0...1.
  let low: Double
  /// 0...1, at least `low`.
  let high: Double
}

extension RateStream {
  /// How many days after `since` the date is; negative before it.
  func day(of date: CivilDate) -> Int {
    date.daysSinceEpoch - since.daysSinceEpoch
  }

  /// The edges on `date`, or `nil` when no band covers it.
  ///
  /// With `interpolate` the edges move linearly from the centre of one band to the centre of the next; before the first
  /// centre and after the last they stay. An open-ended band has no centre, its edges hold from its first day on.
  func edges(on date: CivilDate) -> BandEdges? {
    let day = day(of: date)
    guard let index = bands.firstIndex(where: { $0.covers(day) }) else { return nil }
    let band = bands[index]
    guard interpolate else { return band.edges }
    let position = Double(day)
    if position < band.centre {
      return index == 0 ? band.edges : Self.between(bands[index - 1], band, at: position)
    }
    return index == bands.count - 1 ? band.edges : Self.between(band, bands[index + 1], at: position)
  }

  private static func between(_ left: Band, _ right: Band, at position: Double) -> BandEdges {
    let share = (position - left.centre) / (right.centre - left.centre)
    return BandEdges(
      low: left.low + (right.low - left.low) * share, high: left.high + (right.high - left.high) * share)
  }
}

extension Band {
  fileprivate var edges: BandEdges { BandEdges(low: low, high: high) }

  fileprivate func covers(_ day: Int) -> Bool {
    day >= firstDay && (lastDay.map { day <= $0 } ?? true)
  }

  /// The middle of the band in days since `since`; its first day when it is open-ended.
  fileprivate var centre: Double {
    guard let lastDay else { return Double(firstDay) }
    return (Double(firstDay) + Double(lastDay)) / 2
  }
}
