import Testing

@testable import BackfillEngine

/// The places for processes, when there are to be more or fewer of them.
@Suite(.timeLimit(.minutes(1))) struct ProcessSlotsTests {
  @Test func `more places can be taken at once`() {
    let slots = ProcessSlots(1)
    #expect(slots.tryTake())
    slots.resize(to: 2)
    #expect(slots.tryTake())
    #expect(!slots.tryTake())
  }

  @Test func `who waits gets a place that is added`() async {
    let slots = ProcessSlots(1)
    #expect(slots.tryTake())
    async let first = slots.take()
    async let second = slots.take()
    slots.resize(to: 3)
    #expect(await [first, second] == [true, true])
    #expect(!slots.tryTake())
  }

  @Test func `of fewer places none is given until enough came back`() {
    let slots = ProcessSlots(2)
    #expect(slots.tryTake())
    #expect(slots.tryTake())
    slots.resize(to: 1)
    slots.giveBack()
    #expect(!slots.tryTake())
    slots.giveBack()
    #expect(slots.tryTake())
  }
}
