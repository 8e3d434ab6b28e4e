import Foundation

/// The same figure, measured in several rounds.
struct Sample {
  /// Sorted, at least one.
  private let values: [Double]

  /// - Throws: Where nothing was measured.
  init(_ values: [Double]) throws {
    guard !values.isEmpty else { throw BenchFailure("a figure was not measured in any round") }
    self.values = values.sorted()
  }

  var min: Double { values[0] }
  var max: Double { values[values.count - 1] }
  /// The middle one; of an even number of rounds the mean of the two in the middle.
  var median: Double {
    let middle = values.count / 2
    return values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
  }
  var rounds: Int { values.count }

  /// The figure as a person reads it.
  /// - Parameters:
  ///   - factor: From the measured unit to the one that is shown.
  ///   - unit: Behind the median; empty where the column has it.
  ///   - decimals: After the point.
  /// - Returns: Two cells of a table: the median, and `min - max (rounds)`.
  func cells(times factor: Double = 1, _ unit: String, decimals: Int) -> [String] {
    let number = { (value: Double) in Self.text(value * factor, decimals: decimals) }
    let shown = unit.isEmpty ? number(median) : "\(number(median)) \(unit)"
    return [shown, "\(number(min)) - \(number(max)) (\(rounds))"]
  }

  static func text(_ value: Double, decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}
