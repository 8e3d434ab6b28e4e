import BackfillCore

/// What the daemon says of itself, beside the loop: only when the windows fire is asked of it.
extension EngineOperations {
  func doctor() async throws(Refusal) -> DoctorView {
    let windows: [WindowFirings]
    do {
      windows = try await ask { .firings($0) }
    } catch {
      return view(nil, reason: error.message, [])
    }
    do {
      let last = try await ledger.lastFirings()
      let fired = windows.map {
        WindowFirings(
          window: $0.window, state: $0.state, zone: $0.zone, isScheduled: $0.isScheduled, last: last[$0.window],
          next: $0.next, missed: $0.missed)
      }
      return view(try await ledger.checkup(), reason: nil, fired)
    } catch {
      return view(nil, reason: error.message, windows)
    }
  }

  private func view(_ ledger: LedgerCheckup?, reason: String?, _ windows: [WindowFirings]) -> DoctorView {
    DoctorView(version: version, daemon: daemonFacts(), ledger: ledger, reason: reason, windows: windows)
  }
}

extension EngineState {
  /// The configured windows, by name; when they fired last is in the ledger.
  var firings: [WindowFirings] {
    index.names.compactMap { windows[$0] }.map { runtime in
      WindowFirings(
        window: runtime.window.name, state: runtime.record.state, zone: runtime.window.zone.name,
        isScheduled: runtime.window.schedule != nil, last: nil,
        next: runtime.record.state == .complete ? nil : runtime.nextFiring, missed: runtime.missedNight)
    }
  }
}
