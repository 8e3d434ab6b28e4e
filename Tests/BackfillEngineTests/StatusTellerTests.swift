import BackfillCore
import Testing

@testable import BackfillEngine

struct StatusTellerTests {
  private let start = Instant(milliseconds: 1_700_000_000_000)

  @Test func `every change is told once`() {
    var teller = StatusTeller(after: "w: 0 of 3 done")
    let told = ["w: 0 of 3 done", "w: 1 of 3 done", "w: 1 of 3 done", "w: 2 of 3 done"].filter {
      teller.take($0, at: start)
    }
    #expect(told == ["w: 1 of 3 done", "w: 2 of 3 done"])
  }

  @Test func `while dates are in flight the next line waits until a tenth of a second after the last`() {
    var teller = StatusTeller(after: nil)
    #expect(teller.nextTime(at: start, isBusy: true) == nil)
    _ = teller.take("w: 0 of 3 done", at: start)
    let due = start + .milliseconds(100)
    #expect(teller.nextTime(at: start + .milliseconds(99), isBusy: true) == due)
    #expect(teller.nextTime(at: due, isBusy: true) == nil)
    #expect(teller.nextTime(at: start + .milliseconds(1), isBusy: false) == nil)
  }

  @Test func `a clock that was set back makes no line wait`() {
    var teller = StatusTeller(after: nil)
    _ = teller.take("w: 0 of 3 done", at: start)
    #expect(teller.nextTime(at: start - .seconds(3_600), isBusy: true) == nil)
  }
}
