import BackfillCore
import ServiceLifecycle
import Synchronization

/// Hands committed events over to the journal, in the order of their commits, at least once (I5).
public final class OutboxDrainer: Service {
  private let ledger: any Ledger
  private let sink: any EventSink
  private let clock: any Clock
  private let faults: any Faults
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  /// Makes a drainer from `ledger` to `sink`.
  public init(ledger: any Ledger, sink: any EventSink, clock: any Clock, faults: any Faults) {
    self.ledger = ledger
    self.sink = sink
    self.clock = clock
    self.faults = faults
    (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// Says that there may be events to hand over.
  public func wake() {
    signal.yield()
  }

  /// Drains at start and whenever woken; after an orderly stop was asked for, once more.
  public func run() async throws {
    wake()
    await withGracefulShutdownHandler {
      for await _ in signals { await drain() }
      await drain()
    } onGracefulShutdown: {
      self.signal.finish()
    }
  }

  /// Hands over everything that is there. What cannot be read or forgotten now stays in the outbox for the next time.
  func drain() async {
    do {
      while true {
        let entries = try await ledger.pendingEvents(limit: 200)
        guard let last = entries.last else { return }
        for entry in entries { sink.hand(over: entry.event, at: entry.at) }
        faults.reached(.eventHandedOver)
        try await ledger.markHandedOver(through: last.id)
      }
    } catch {
      sink.hand(over: .ledgerUnavailable(reason: error.message), at: clock.now())
    }
  }
}
