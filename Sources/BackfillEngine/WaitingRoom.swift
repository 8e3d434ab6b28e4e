import BackfillCore

/// What the loop is before there is a ledger: it feeds the watchdog, says why no work is done, and refuses what needs a
/// ledger. Like `EngineState` a value that does no I/O.
struct WaitingRoom {
  /// How the waiting ended.
  enum End {
    case started(EngineState)
    case stopped
    /// Why the daemon must end.
    case broken(String)
  }

  private let version: String
  private let startedAt: Instant
  private let rejected: [RejectedWindowStatus]
  /// Why the last attempt failed; `nil` while the first one is under way.
  private(set) var reason: String?
  /// Reasons that were told already: the same one is not told every few seconds.
  private var told: Set<String> = []
  /// What the loop takes in after the start: everything that came during the first attempt, which may yet succeed, and
  /// reloads that nobody waits for.
  private(set) var held: [Message] = []
  /// `nil` while there is something to wait for.
  private(set) var end: End?

  init(version: String, startedAt: Instant, rejected: [RejectedWindowStatus]) {
    self.version = version
    self.startedAt = startedAt
    self.rejected = rejected
  }

  /// The line for STATUS=; `nil` while the first attempt is under way.
  var statusLine: String? { reason.map { EngineState.degradedLine($0) } }

  /// Takes in `message` and returns what is to be done.
  mutating func handle(_ message: Message) -> [EngineState.Effect] {
    switch message {
    case .watchdog:
      return [.feedWatchdog]
    case .started(let state):
      end = .started(state)
      return reason == nil ? [] : [.tell(.ledgerRecovered)]
    case .broken(let reason):
      end = .broken(reason)
      return []
    case .ledgerFailed(let reason):
      let isFirst = self.reason == nil
      self.reason = reason
      if isFirst { takeHeld() }
      return told.insert(reason).inserted ? [.tell(.ledgerUnavailable(reason: reason))] : []
    default:
      take(message)
      return []
    }
  }

  private mutating func takeHeld() {
    let waiting = held
    held = []
    for message in waiting { take(message) }
  }

  private mutating func take(_ message: Message) {
    guard let reason else {
      held.append(message)
      return
    }
    switch message {
    case .stop:
      end = .stopped
    case .request(.status(nil, let reply)):
      reply.answer(
        DaemonStatus(
          version: version, state: .degraded, reason: reason, since: startedAt, windows: [], rejected: rejected))
    case .request(.reload(let asker)) where asker.reply == nil:
      held.append(message)
    default:
      message.refuse("there is no ledger to work with: \(reason)")
    }
  }
}
