import BackfillCore

/// What the ledger is told of a definition before it takes effect.
struct WindowRegistration: Sendable {
  private let window: Window
  private let at: Instant
  private let printed: CommandCalendar?

  init(_ window: Window, at: Instant, printed: CommandCalendar?) {
    self.printed = printed
    self.window = window
    self.at = at
  }

  /// Registers the window, skips the dates of `skip_first` that the ledger does not know, and frees those that were skipped for
  /// an earlier, longer one.
  ///
  /// Written twice it changes nothing more.
  func write(to ledger: any Ledger) async throws(LedgerFailure) -> Bootstrap {
    try await ledger.register(
      window: window.name, scheduleKey: window.scheduleKey, definition: window.definitionHash, now: at)
    // Of a window without a file, nothing is changed.
    if window.steps.isEmpty { return Bootstrap() }
    let dates = WindowCalendar(window.asOf(at, printed: printed).dates).dates
    let work = dates.first { !$0.isBootstrap }.map { DateRange(from: $0.date, to: dates[dates.count - 1].date) }
    let outcome = try await ledger.decide(
      Decision(
        window: window.name, action: .skipBootstrap(dates.filter(\.isBootstrap).map(\.date), work: work),
        reason: Self.bootstrapReason, by: "backfilld", at: at))
    return Bootstrap(skipped: outcome.changed, freed: outcome.freed)
  }

  /// The dates of `skip_first` that were skipped now, and those that no longer are.
  struct Bootstrap: Sendable {
    var skipped: [CivilDate] = []
    var freed: [CivilDate] = []
  }

  /// Reads what the last dates took, oldest first; `nil` for a window that does not ask for it.
  func durations(from ledger: any Ledger) async throws(LedgerFailure) -> [Duration]? {
    guard window.schedule?.stopBy != nil else { return nil }
    return try await ledger.dateDurations(in: window.name, limit: DateDurations.capacity)
  }

  /// Why the dates of `skip_first` are skipped.
  static let bootstrapReason = "bootstrap (skip_first)"
}

/// A definition on its way into force.
struct AdoptedWindow: Sendable {
  let window: Window
  let at: Instant
  /// The loop has nothing in memory of the window: what the ledger has is needed.
  let isNew: Bool
  /// What its command printed; of a window that is new to the loop, not known yet.
  let printed: CommandCalendar?
  var bootstrap = WindowRegistration.Bootstrap()
  /// What its last dates took, oldest first; `nil` for a window without `stop_by`, which does not ask for it.
  var durations: [Duration]?
  /// What the ledger has of a window that is new to the loop.
  var stored: Stored?

  /// It has no file any more, and the loop never had it: its file was broken when the daemon started.
  var isForgotten: Bool { isNew && window.steps.isEmpty }

  struct Stored: Sendable {
    let record: WindowRecord
    let dates: [CivilDate: DateSummary]
    let activations: [Activation]
    let printed: CommandCalendar?
    let notices: WindowNotices
  }
}

/// Who asked for a reload; without a reply for a signal.
struct ReloadAsker: Sendable {
  let by: String
  let reply: Reply<ReloadAnswer>?
}
