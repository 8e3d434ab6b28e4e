import BackfillCore

/// The way of the runners to the ledger: a write that fails is tried again until it succeeds, so that no result is lost
/// while a disk is full or read-only.
struct LedgerGate: Sendable {
  /// The wait between two tries.
  static let pause = Duration.seconds(5)

  let place: LedgerPlace
  let clock: any Clock
  let mailbox: Mailbox
  /// Given when nothing waits any longer.
  let abort: StopSignal
  let eventsCommitted: @Sendable () -> Void

  /// The ledger, which is open as long as the loop runs.
  var ledger: any Ledger {
    get throws(LedgerFailure) { try place.ledger }
  }

  /// Commits `checkpoint`; returns the reason for which it paused the window. Its events go out when `eventsCommitted` is
  /// called.
  ///
  /// Throws when the ledger contradicts, or when the daemon stops before the write succeeds.
  func commit(_ checkpoint: Checkpoint) async throws(EngineFailure) -> String? {
    try await persist { () async throws(LedgerFailure) in try await ledger.commit(checkpoint) }
  }

  /// Does `work` until it succeeds.
  func persist<Answer: Sendable>(
    _ work: () async throws(LedgerFailure) -> Answer
  ) async throws(EngineFailure) -> Answer {
    var hasFailed = false
    while true {
      do {
        let answer = try await work()
        if hasFailed { mailbox.post(.ledgerWorks) }
        return answer
      } catch {
        if error.kind != .unavailable { throw EngineFailure(error.message) }
        hasFailed = true
        mailbox.post(.ledgerFailed(error.message))
        try await waitBeforeRetry(after: error)
      }
    }
  }

  private func waitBeforeRetry(after failure: LedgerFailure) async throws(EngineFailure) {
    guard await abort.wait(atMost: Self.pause, clock) else { return }
    throw EngineFailure("stopped before a result could be written down: \(failure.message)")
  }
}
