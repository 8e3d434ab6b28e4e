import BackfillCore
import Testing

@testable import BackfillStore

/// What is known of the outbox without reading it.
struct OutboxMemoryTests {
  private static func entries(_ ids: ClosedRange<Int64>) -> [OutboxEntry] {
    ids.map { OutboxEntry(id: $0, at: Instant(milliseconds: $0), event: .windowCompleted(window: "w\($0)")) }
  }

  @Test func `at first only the disk tells, after a read what it found and what is committed since`() {
    var memory = OutboxMemory()
    memory.note(committed: Self.entries(1...2), forgotten: nil)
    #expect(memory.kept(limit: 10) == nil)
    memory.keep(Self.entries(1...2), asOf: 1)
    memory.note(committed: Self.entries(3...4), forgotten: nil)
    #expect(memory.kept(limit: 10)?.map(\.id) == [1, 2, 3, 4])
    #expect(memory.kept(limit: 3)?.map(\.id) == [1, 2, 3])
  }

  @Test func `a read that a commit overtook is not kept`() {
    var memory = OutboxMemory()
    memory.note(committed: Self.entries(1...1), forgotten: nil)
    memory.keep([], asOf: 0)
    #expect(memory.kept(limit: 10) == nil)
  }

  @Test func `what a read found before its commit was noted is there once`() {
    var memory = OutboxMemory()
    memory.keep(Self.entries(1...2), asOf: 0)
    memory.note(committed: Self.entries(2...3), forgotten: nil)
    #expect(memory.kept(limit: 10)?.map(\.id) == [1, 2, 3])
  }

  @Test func `what was handed over is not kept, and is to be forgotten once`() {
    var memory = OutboxMemory()
    memory.keep(Self.entries(1...3), asOf: 0)
    let mustBePlanned = memory.note(through: 2)
    #expect(mustBePlanned)
    #expect(memory.kept(limit: 10)?.map(\.id) == [3])
    #expect(memory.unforgotten == 2)
    memory.note(committed: [], forgotten: 2)
    #expect(memory.unforgotten == nil)
    #expect(memory.kept(limit: 10)?.map(\.id) == [3])
  }

  @Test func `one look at a time is planned: it waits for quiet, then has them forgotten`() {
    var memory = OutboxMemory()
    let start = Duration.seconds(5)
    memory.note(committed: Self.entries(1...2), forgotten: nil, at: start)
    let isFirstPlanned = memory.note(through: 1)
    let isSecondPlanned = memory.note(through: 2)
    #expect(isFirstPlanned && !isSecondPlanned)
    let early = memory.look(at: start + .milliseconds(49))
    let isThirdPlanned = memory.note(through: 2)
    #expect(early == .again && !isThirdPlanned)
    let quiet = memory.look(at: start + .milliseconds(50))
    #expect(quiet == .write)
    memory.note(committed: [], forgotten: 2, at: start + .milliseconds(50))
    let last = memory.look(at: start + .seconds(1))
    let isNextPlanned = memory.note(through: 3)
    #expect(last == .nothing && isNextPlanned)
  }

  @Test func `after a transaction whose events are not known, or with too many that wait, the disk tells again`() {
    var memory = OutboxMemory()
    memory.keep([], asOf: 0)
    memory.note(committed: nil, forgotten: nil)
    #expect(memory.kept(limit: 10) == nil)
    memory.keep([], asOf: 1)
    memory.note(committed: Self.entries(1...1000), forgotten: nil)
    #expect(memory.kept(limit: 1)?.map(\.id) == [1])
    memory.note(committed: Self.entries(1001...1001), forgotten: nil)
    #expect(memory.kept(limit: 1) == nil)
  }
}
