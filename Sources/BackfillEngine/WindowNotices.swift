import BackfillCore

/// What a person should hear of a window besides its dates.
struct WindowNotices: Sendable {
  var alarms = OpenAlarms()
  /// The last missed night, unless a person has started a chunk since.
  var missed: MissedNight?
}

extension WindowNotices {
  /// What the ledger has of `window`.
  init(of window: String, in snapshot: LedgerSnapshot) {
    alarms = OpenAlarms(snapshot.alarms[window] ?? [])
    missed = snapshot.missed[window]
  }
}

extension WindowRuntime {
  /// The night that was missed, while nothing has come after it.
  var missedNight: MissedNight? {
    notices.missed.flatMap { $0.firing == record.lastNominal && record.state == .active ? $0 : nil }
  }
}
