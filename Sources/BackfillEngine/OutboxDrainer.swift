import BackfillCore
import Dispatch
import ServiceLifecycle
import Synchronization

/// Hands committed events over to the journal, in the order of their commits, at least once (I5).
public final class OutboxDrainer: Service {
  /// The wait before a drain that failed is tried again.
  static let pause = Duration.seconds(5)

  private let place: LedgerPlace
  private let sink: any EventSink
  private let clock: any Clock
  private let faults: any Faults
  private let thread: any TaskExecutor
  private let pace: Mutex<Pace>
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  /// Makes a drainer from `ledger` to `sink`, which works on `thread`. As long as the ledger is not open there is nothing to
  /// hand over.
  ///
  /// `rest` is the least time between two drains: what short dates bring meanwhile is handed over together, and the journal
  /// takes the processor from them less often.
  public init(
    ledger place: LedgerPlace, sink: any EventSink, on thread: any TaskExecutor, clock: any Clock, faults: any Faults,
    rest: Duration = .milliseconds(50)
  ) {
    self.place = place
    self.sink = sink
    self.clock = clock
    self.faults = faults
    self.thread = thread
    pace = Mutex(Pace(rest))
    (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// Says that there may be events to hand over.
  public func wake() {
    switch pace.withLock({ $0.turn(at: .now()) }) {
    case .now: drainSoon()
    case .not: break
    case .at(let later): DispatchQueue.global().asyncAfter(deadline: later) { self.drainSoon() }
    }
  }

  private func drainSoon() {
    pace.withLock { $0.note(doneAt: .now()) }
    signal.yield()
  }

  /// Drains at start and whenever woken; after an orderly stop was asked for, once more.
  public func run() async throws {
    await withTaskExecutorPreference(thread) { await drainWhenWoken() }
  }

  private func drainWhenWoken() async {
    wake()
    var handedOver: Int64 = 0
    var trouble: String?
    await withGracefulShutdownHandler {
      for await _ in signals {
        let failure = await drain(&handedOver)
        if let failure, failure.message != trouble {
          sink.hand(over: .ledgerUnavailable(reason: failure.message), at: clock.now())
        }
        trouble = failure?.message
        if failure != nil { await pauseBeforeRetry() }
      }
      if let failure = await drain(&handedOver), failure.message != trouble {
        sink.hand(over: .ledgerUnavailable(reason: failure.message), at: clock.now())
      }
    } onGracefulShutdown: {
      self.signal.finish()
    }
  }

  /// Hands over everything that is there. What cannot be read or forgotten now stays in the outbox for the next time; what
  /// was handed over, up to `handedOver`, is then only forgotten.
  private func drain(_ handedOver: inout Int64) async -> LedgerFailure? {
    do {
      let ledger = try place.ledger
      while true {
        let entries = try await ledger.pendingEvents(limit: 200)
        guard let last = entries.last else { return nil }
        for entry in entries where entry.id > handedOver { sink.hand(over: entry.event, at: entry.at) }
        handedOver = last.id
        faults.reached(.eventHandedOver)
        try await ledger.markHandedOver(through: last.id)
      }
    } catch {
      return error.kind == .closed ? nil : error
    }
  }

  private func pauseBeforeRetry() async {
    do {
      try await cancelWhenGracefulShutdown { try await self.clock.wait(for: Self.pause) }
      wake()
    } catch {
      // The daemon stops: the last drain comes at once.
    }
  }
}
