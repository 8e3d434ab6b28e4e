/// Waits ordered by their deadline: the earliest is found at once, any is removed in logarithmic time.
struct DeadlineHeap<Payload> {
  struct Entry {
    let id: UInt64
    /// Nanoseconds of whichever clock the heap is for.
    let deadline: Int64
    let payload: Payload
  }

  private var entries: [Entry] = []
  /// Where the entry of an id is in `entries`.
  private var places: [UInt64: Int] = [:]

  /// The earliest deadline; `nil` when nobody waits.
  var earliest: Int64? { entries.first?.deadline }

  var count: Int { entries.count }

  /// Adds a wait; `id` must not be in the heap.
  mutating func insert(id: UInt64, deadline: Int64, payload: Payload) {
    entries.append(Entry(id: id, deadline: deadline, payload: payload))
    places[id] = entries.count - 1
    rise(from: entries.count - 1)
  }

  /// Takes the wait with `id` out; `nil` when it is not there any more.
  mutating func remove(id: UInt64) -> Payload? {
    guard let place = places[id] else { return nil }
    return remove(at: place).payload
  }

  /// Takes out every wait whose deadline is not after `now`, the earliest first.
  mutating func removeDue(at now: Int64) -> [Payload] {
    var due: [Payload] = []
    while let first = entries.first, first.deadline <= now {
      due.append(remove(at: 0).payload)
    }
    return due
  }

  /// Takes out every wait, in no order.
  mutating func removeAll() -> [Payload] {
    defer {
      entries = []
      places = [:]
    }
    return entries.map(\.payload)
  }

  private mutating func remove(at place: Int) -> Entry {
    let last = entries.count - 1
    swap(place, last)
    let removed = entries.removeLast()
    places[removed.id] = nil
    if place < last {
      rise(from: place)
      sink(from: place)
    }
    return removed
  }

  private mutating func rise(from start: Int) {
    var place = start
    while place > 0, entries[place].deadline < entries[(place - 1) / 2].deadline {
      swap(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func sink(from start: Int) {
    var place = start
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < entries.count && entries[child].deadline < entries[least].deadline {
        least = child
      }
      guard least != place else { return }
      swap(place, least)
      place = least
    }
  }

  private mutating func swap(_ left: Int, _ right: Int) {
    guard left != right else { return }
    entries.swapAt(left, right)
    places[entries[left].id] = left
    places[entries[right].id] = right
  }
}
