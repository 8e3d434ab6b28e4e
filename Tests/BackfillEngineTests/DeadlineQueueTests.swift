import BackfillCore
import Synchronization
import Testing

@testable import BackfillEngine

@Suite struct DeadlineQueueTests {
  /// A key that counts how often it is looked up.
  private struct Key: Hashable {
    final class Looks: Sendable {
      let count = Atomic<Int>(0)
    }

    let number: Int
    let looks: Looks

    func hash(into hasher: inout Hasher) {
      looks.count.add(1, ordering: .relaxed)
      hasher.combine(number)
    }

    static func == (left: Key, right: Key) -> Bool { left.number == right.number }
  }

  private func at(_ second: Int) -> Instant { Instant(seconds: Int64(second)) }

  @Test func `keys come in the order of their deadlines`() {
    var queue = DeadlineQueue<Int>()
    for key in 0..<500 { queue.set(at(key * 7919 % 500), for: key) }
    var seconds: [Int] = []
    while let first = queue.first { seconds += queue.take(through: first).map { $0 * 7919 % 500 } }
    #expect(seconds == Array(0..<500))
  }

  @Test func `a deadline that is replaced or removed does not come`() {
    var queue = DeadlineQueue<Int>()
    for _ in 0..<100 {
      for second in [5, 9, 7] { queue.set(at(second), for: 1) }
      queue.set(at(3), for: 2)
      queue.set(nil, for: 2)
    }
    #expect(queue.first == at(7))
    #expect(queue.take(through: at(6)) == [])
    #expect(queue.take(through: at(9)) == [1])
    #expect(queue.first == nil)
  }

  @Test func `a deadline that was there, went and came back comes once`() {
    var queue = DeadlineQueue<Int>()
    queue.set(at(5), for: 1)
    queue.set(nil, for: 1)
    queue.set(at(5), for: 1)
    #expect(queue.take(through: at(5)) == [1])
    #expect(queue.first == nil)
  }

  @Test func `neither a change nor a deadline looks at all keys`() {
    let looks = Key.Looks()
    var queue = DeadlineQueue<Key>()
    for number in 0..<2000 { queue.set(at(number), for: Key(number: number, looks: looks)) }
    let before = looks.count.load(ordering: .relaxed)
    let due = queue.take(through: at(0))
    for key in due { queue.set(at(86_400), for: key) }
    #expect(due.map(\.number) == [0])
    #expect(queue.first == at(1))
    #expect(looks.count.load(ordering: .relaxed) - before < 100)
  }
}
