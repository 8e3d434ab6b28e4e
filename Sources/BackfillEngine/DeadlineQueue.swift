import BackfillCore

/// The next deadline of each of many keys, in a heap: neither a change nor a deadline that comes looks at all of them.
///
/// A deadline that was replaced stays in the heap until it comes to the top, or until half of the heap is such.
struct DeadlineQueue<Key: Hashable & Sendable>: Sendable {
  private struct Entry {
    let at: Instant
    let key: Key
  }

  private var current: [Key: Instant] = [:]
  private var heap: [Entry] = []

  /// Replaces the deadline of `key`; `nil` for none.
  mutating func set(_ deadline: Instant?, for key: Key) {
    guard current[key] != deadline else { return }
    current[key] = deadline
    if let deadline { push(Entry(at: deadline, key: key)) }
    if heap.count > 2 * current.count + 16 { rebuild() }
    dropReplaced()
  }

  /// The earliest deadline of all.
  var first: Instant? { heap.first?.at }

  /// Removes the deadlines up to and including `now`, and returns their keys.
  mutating func take(through now: Instant) -> [Key] {
    var keys: [Key] = []
    while let top = heap.first, top.at <= now {
      keys.append(top.key)
      current[top.key] = nil
      pop()
      dropReplaced()
    }
    return keys
  }

  /// Leaves a deadline at the top that is in force.
  private mutating func dropReplaced() {
    while let top = heap.first, current[top.key] != top.at { pop() }
  }

  private mutating func rebuild() {
    heap = current.map { Entry(at: $0.value, key: $0.key) }.sorted { $0.at < $1.at }
  }

  private mutating func push(_ entry: Entry) {
    var index = heap.count
    heap.append(entry)
    while index > 0, heap[index].at < heap[(index - 1) / 2].at {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func pop() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var index = 0
    while 2 * index + 1 < heap.count {
      let (left, right) = (2 * index + 1, 2 * index + 2)
      let least = right < heap.count && heap[right].at < heap[left].at ? right : left
      guard heap[least].at < heap[index].at else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
