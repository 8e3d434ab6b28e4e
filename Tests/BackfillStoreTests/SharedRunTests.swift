import Synchronization
import Testing

@testable import BackfillStore

@Suite struct `A shared run` {
  @Test func `is one for all who ask while it goes on, and another for who asks later`() async {
    let shared = SharedRun<Int>()
    let begun = Mutex(0)
    let (gate, opening) = AsyncStream<Void>.makeStream()
    let count: @Sendable () async -> Int = {
      for await _ in gate { break }
      return begun.withLock {
        $0 += 1
        return $0
      }
    }
    let together = (0..<5).map { _ in shared.join(count) }
    opening.yield()
    for task in together { #expect(await task.value == 1) }
    opening.yield()
    #expect(await shared.join(count).value == 2)
  }
}
