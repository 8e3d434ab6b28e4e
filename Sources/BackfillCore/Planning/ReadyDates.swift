/// The dates of a window that could start, nearest first in the window's order, while dates get done: the pending ones, and those
/// that are held for their input where that is expected to come.
///
/// Dates are named by their position among those that are to be computed.
struct ReadyDates {
  private let isNewestFirst: Bool
  /// Look backs that each date still waits for.
  private var waits: [Int]
  private var isOpen: [Bool]
  private var needs: [LookbackNeeds]
  /// A binary heap of what became ready, also dates that were taken since.
  private var heap: [Int] = []

  init(_ window: Window, _ work: [CalendarDate], _ dates: [CivilDate: DateSummary], expectsInput: Bool) {
    isNewestFirst = window.order == .newestFirst
    isOpen = work.map { entry in
      guard let known = dates[entry.date] else { return true }
      return known.state == .pending || (expectsInput && known.awaitsInput)
    }
    needs = window.steps.flatMap(\.lookbacks).map { lookback in
      LookbackNeeds(lookback, done: work.map { dates[$0.date]?.doneSteps.contains(lookback.step) ?? false })
    }
    waits = Array(repeating: needs.count, count: work.count)
    if needs.isEmpty {
      heap = isNewestFirst ? work.indices.reversed() : Array(work.indices)
    } else {
      releaseSatisfied()
    }
  }

  /// Whether the date could be taken, but waits for others.
  func isWaiting(_ position: Int) -> Bool { isOpen[position] && waits[position] > 0 }

  /// The next date that could start; `nil` when there is none.
  mutating func next() -> Int? {
    while let first = heap.first, !isOpen[first] { removeFirst() }
    return heap.first
  }

  /// Takes the date out if it could start; returns whether it could.
  mutating func take(_ position: Int) -> Bool {
    guard isOpen[position], waits[position] == 0 else { return false }
    isOpen[position] = false
    return true
  }

  /// Keeps the date out until `putBack`.
  mutating func keepBack(_ position: Int) {
    isOpen[position] = false
  }

  /// The date is among the others again.
  mutating func putBack(_ position: Int) {
    isOpen[position] = true
    if waits[position] == 0 { insert(position) }
  }

  /// Every step of the date is done: what looks back at it may become ready.
  mutating func note(done position: Int) {
    isOpen[position] = false
    guard !needs.isEmpty else { return }
    for index in needs.indices { needs[index].note(done: position) }
    releaseSatisfied()
  }

  private mutating func releaseSatisfied() {
    for index in needs.indices {
      for position in needs[index].takeSatisfied() {
        waits[position] -= 1
        if waits[position] == 0 { insert(position) }
      }
    }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool { isNewestFirst ? left > right : left < right }

  private mutating func insert(_ position: Int) {
    heap.append(position)
    var child = heap.count - 1
    while child > 0, isBefore(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var first = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(heap[child], heap[first]) {
        first = child
      }
      if first == parent { return }
      heap.swapAt(parent, first)
      parent = first
    }
  }
}
