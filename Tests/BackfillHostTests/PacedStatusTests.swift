import Synchronization
import Testing

@testable import BackfillHost

struct PacedStatusTests {
  /// What is handed over, one by one.
  private final class Taker: Sendable {
    let taken: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() { (taken, continuation) = AsyncStream.makeStream() }

    func take(_ status: String) { continuation.yield(status) }
  }

  @Test func `the first goes out at once, of those that follow quickly the newest`() async {
    let taker = Taker()
    // Long enough that all three come within it, on any machine.
    let paced = PacedStatus(interval: .milliseconds(900)) { taker.take($0) }
    for status in ["1 of 9", "2 of 9", "3 of 9"] { paced.take(status) }
    var taken: [String] = []
    for await status in taker.taken {
      taken.append(status)
      if taken.count == 2 { break }
    }
    #expect(taken == ["1 of 9", "3 of 9"])
  }

  @Test func `without an interval each goes out`() {
    let taken = Mutex<[String]>([])
    let paced = PacedStatus(interval: .zero) { status in taken.withLock { $0.append(status) } }
    for status in ["1 of 9", "2 of 9", "3 of 9"] { paced.take(status) }
    #expect(taken.withLock { $0 } == ["1 of 9", "2 of 9", "3 of 9"])
  }
}
