import BackfillCore

/// Writes events and the output of steps to the journal, with their fields.
public struct JournalSink: EventSink, OutputSink {
  /// Takes what journald refuses.
  private let fallback: StandardErrorSink

  public init(fallback: StandardErrorSink) {
    self.fallback = fallback
  }

  public func hand(over event: JournalEvent, at instant: Instant) {
    if JournalEntry(event: event, at: instant).send() != 0 { fallback.hand(over: event, at: instant) }
  }

  public func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) {
    if JournalEntry(line: line, isError: isError, of: attempt).send() != 0 {
      fallback.take(line: line, isError: isError, of: attempt)
    }
  }
}
