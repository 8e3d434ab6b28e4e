/// How long the dates of a window took that were done last, and how long the next one is expected to take.
///
/// Counted are dates that came to their end in one go: from the start of the first process to the commit of the end, by the
/// wall clock. What a stop, a hold or a decision of a person interrupted tells nothing.
public struct DateDurations: Sendable, Equatable {
  /// So many dates are remembered; the oldest is forgotten first.
  public static let capacity = 1000

  /// With fewer dates nothing is expected.
  public static let fewest = 5

  /// Up to `capacity`; from `capacity` on a ring.
  private var recent: [Duration] = []
  /// Where in the ring the oldest is.
  private var oldest = 0
  private var ordered: [Duration] = []

  /// - Parameter durations: Oldest first.
  public init(_ durations: [Duration] = []) {
    recent = durations.suffix(Self.capacity)
    ordered = recent.sorted()
  }

  /// How many dates are remembered.
  public var count: Int { recent.count }

  /// What nine dates of ten did not exceed: the 90th percentile, by the nearest rank. `nil` below `fewest` dates.
  public var expected: Duration? {
    ordered.count < Self.fewest ? nil : ordered[(9 * ordered.count + 9) / 10 - 1]
  }

  /// The middle one; of an even number the lower of the two in the middle. `nil` of none.
  public var median: Duration? {
    ordered.isEmpty ? nil : ordered[(ordered.count - 1) / 2]
  }

  /// Takes in a date that was done now.
  public mutating func note(_ duration: Duration) {
    if recent.count < Self.capacity {
      recent.append(duration)
    } else {
      ordered.remove(at: place(of: recent[oldest]))
      recent[oldest] = duration
      oldest = (oldest + 1) % Self.capacity
    }
    ordered.insert(duration, at: place(of: duration))
  }

  /// The first place in `ordered` that is not below `duration`.
  private func place(of duration: Duration) -> Int {
    var (low, high) = (0, ordered.count)
    while low < high {
      let middle = (low + high) / 2
      if ordered[middle] < duration { low = middle + 1 } else { high = middle }
    }
    return low
  }

  public static func == (left: DateDurations, right: DateDurations) -> Bool {
    left.inOrder == right.inOrder
  }

  /// Oldest first.
  private var inOrder: [Duration] { Array(recent[oldest...] + recent[..<oldest]) }
}
