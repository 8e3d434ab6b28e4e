/// How many earlier dates each date still lacks for one look back. As dates get done, it tells which dates lack none.
///
/// A tree of minima over the dates, so that a done date costs the logarithm of their number, whatever the look back is.
struct LookbackNeeds {
  /// Larger than any number of dates: already told.
  private static let told = Int.max / 4

  private let count: Int
  private let reach: Int
  /// Leaves at `size...`; an inner node is the smallest of its two children, plus what is added to the whole of it.
  private var minima: [Int]
  private var added: [Int]
  private let size: Int
  private var isDone: [Bool]

  /// - Parameters:
  ///   - lookback: At how many earlier dates is looked, and how many of them must have its step.
  ///   - done: For each date of the window that is to be computed, in order, whether it has the step.
  init(_ lookback: Lookback, done: [Bool]) {
    count = done.count
    isDone = done
    reach = lookback.dates
    var size = 1
    while size < max(1, done.count) { size *= 2 }
    self.size = size
    minima = Array(repeating: Self.told, count: 2 * size)
    added = Array(repeating: 0, count: 2 * size)
    var have = 0
    for position in done.indices {
      minima[size + position] = min(lookback.minimum, min(position, lookback.dates)) - have
      if done[position] { have += 1 }
      if position >= lookback.dates, done[position - lookback.dates] { have -= 1 }
    }
    for node in stride(from: size - 1, to: 0, by: -1) { minima[node] = min(minima[2 * node], minima[2 * node + 1]) }
  }

  /// The date at `position` has the step now: those after it that look at it lack one less.
  mutating func note(done position: Int) {
    guard !isDone[position] else { return }
    isDone[position] = true
    let last = min(count - 1, position + reach)
    guard position < last else { return }
    add(-1, to: (position + 1)...last, node: 1, covering: 0...(size - 1))
  }

  /// The dates that lack none, each told once.
  mutating func takeSatisfied() -> [Int] {
    var found: [Int] = []
    while minima[1] <= 0 { found.append(takeFirst(node: 1, covering: 0...(size - 1), below: 0)) }
    return found
  }

  private mutating func add(_ value: Int, to range: ClosedRange<Int>, node: Int, covering: ClosedRange<Int>) {
    if range.lowerBound > covering.upperBound || range.upperBound < covering.lowerBound { return }
    if range.lowerBound <= covering.lowerBound, covering.upperBound <= range.upperBound {
      minima[node] += value
      added[node] += value
      return
    }
    let (left, right) = Self.halves(of: covering)
    add(value, to: range, node: 2 * node, covering: left)
    add(value, to: range, node: 2 * node + 1, covering: right)
    minima[node] = min(minima[2 * node], minima[2 * node + 1]) + added[node]
  }

  /// Takes out the first leaf whose value is not above 0; `above` is what the nodes over it have added.
  private mutating func takeFirst(node: Int, covering: ClosedRange<Int>, below above: Int) -> Int {
    guard node < size else {
      minima[node] = Self.told
      return covering.lowerBound
    }
    let (left, right) = Self.halves(of: covering)
    let inner = above + added[node]
    let isLeft = minima[2 * node] + inner <= 0
    let position = takeFirst(node: isLeft ? 2 * node : 2 * node + 1, covering: isLeft ? left : right, below: inner)
    minima[node] = min(minima[2 * node], minima[2 * node + 1]) + added[node]
    return position
  }

  private static func halves(of range: ClosedRange<Int>) -> (ClosedRange<Int>, ClosedRange<Int>) {
    let middle = (range.lowerBound + range.upperBound) / 2
    return (range.lowerBound...middle, (middle + 1)...range.upperBound)
  }
}
