import BackfillCore
import Synchronization

/// Where the ledger is as soon as it could be opened: the daemon is up before that, and says why it is not.
public final class LedgerPlace: Sendable {
  /// What came of an attempt to open it.
  public enum Opening: Sendable {
    case opened(any Ledger)
    /// The machine or a person may mend it while the daemon runs: it is tried again. One sentence.
    case waiting(String)
    /// No waiting mends it: the daemon ends with this sentence.
    case refused(String)
  }

  private let attempt: @Sendable () async -> Opening
  private let release: @Sendable () -> Void
  private let opened = Mutex<(any Ledger)?>(nil)

  /// Makes a place that is opened by `attempt`; `release` closes what an attempt opened, so that it can be tried anew.
  public init(
    opening attempt: @escaping @Sendable () async -> Opening, closing release: @escaping @Sendable () -> Void
  ) {
    self.attempt = attempt
    self.release = release
  }

  /// Makes a place with a ledger that is open.
  public convenience init(_ ledger: any Ledger) {
    self.init(opening: { .opened(ledger) }, closing: {})
    opened.withLock { $0 = ledger }
  }

  /// The ledger. Throws a failure of the kind `closed` when it is not open.
  var ledger: any Ledger {
    get throws(LedgerFailure) {
      guard let ledger = opened.withLock({ $0 }) else { throw LedgerFailure("the ledger is not open", .closed) }
      return ledger
    }
  }

  /// Opens the ledger, unless it is open.
  func open() async -> Opening {
    if let ledger = opened.withLock({ $0 }) { return .opened(ledger) }
    let opening = await attempt()
    if case .opened(let ledger) = opening { opened.withLock { $0 = ledger } }
    return opening
  }

  /// Closes the ledger: the next `open` looks at the files anew.
  func close() {
    opened.withLock { $0 = nil }
    release()
  }
}
