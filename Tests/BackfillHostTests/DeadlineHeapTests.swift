import Testing

@testable import BackfillHost

struct DeadlineHeapTests {
  private func heap(_ deadlines: [Int64]) -> DeadlineHeap<Int64> {
    var heap = DeadlineHeap<Int64>()
    for (id, deadline) in deadlines.enumerated() { heap.insert(id: UInt64(id), deadline: deadline, payload: deadline) }
    return heap
  }

  @Test func `an empty heap has no deadline`() {
    #expect(heap([]).earliest == nil)
  }

  @Test func `the earliest deadline is on top`() {
    #expect(heap([5, 3, 9, 1, 7]).earliest == 1)
  }

  @Test func `what is due comes out in order, a deadline that is now included`() {
    var heap = heap([5, 3, 9, 1, 7, 3])
    #expect(heap.removeDue(at: 5) == [1, 3, 3, 5])
    #expect(heap.earliest == 7)
  }

  @Test func `a removed wait is gone at once and is not found again`() {
    var heap = heap([5, 3, 9])
    #expect(heap.remove(id: 1) == 3)
    #expect(heap.remove(id: 1) == nil)
    #expect(heap.count == 2)
    #expect(heap.earliest == 5)
  }

  @Test func `all waits can be taken out`() {
    var heap = heap([5, 3, 9])
    #expect(heap.removeAll().sorted() == [3, 5, 9])
    #expect(heap.count == 0)
    #expect(heap.remove(id: 0) == nil)
  }

  @Test(arguments: 0..<50)
  func `after any insertions and removals the rest comes out sorted`(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ bound: UInt64) -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state % bound
    }
    var heap = DeadlineHeap<Int64>()
    var kept: [UInt64: Int64] = [:]
    for id in 0..<UInt64(200) {
      let deadline = Int64(random(1000))
      heap.insert(id: id, deadline: deadline, payload: deadline)
      kept[id] = deadline
      if random(3) == 0 {
        let victim = random(id + 1)
        #expect(heap.remove(id: victim) == kept.removeValue(forKey: victim))
      }
    }
    #expect(heap.removeDue(at: 1000) == kept.values.sorted())
  }
}
