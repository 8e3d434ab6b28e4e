import BackfillCore

// The child tasks of a reload.
extension Engine {
  /// Asks for a reload without waiting for it, as SIGHUP does.
  public func reload() {
    mailbox.post(fromOutside: .request(.reload(ReloadAsker(by: "SIGHUP", reply: nil))))
  }

  func readConfiguration() async {
    mailbox.post(.configurationRead(await ports.readConfiguration()))
  }

  /// Writes definitions down; tried until it succeeds. Of a forgotten window that the ledger does not know, nothing.
  func adopt(_ windows: [AdoptedWindow]) async {
    do {
      var adopted: [AdoptedWindow] = []
      let known = try await windows.contains(where: \.isForgotten) ? snapshot().windows.map(\.window) : []
      for window in windows {
        if window.isForgotten, !known.contains(window.window.name) {
          adopted.append(window)
          continue
        }
        var window = window
        let registration = WindowRegistration(window.window, at: window.at, printed: window.printed)
        window.bootstrap = try await gate.persist { () async throws(LedgerFailure) in
          try await registration.write(to: ports.ledger)
        }
        window.durations = try await gate.persist { () async throws(LedgerFailure) in
          try await registration.durations(from: ports.ledger)
        }
        adopted.append(window)
      }
      ports.eventsCommitted()
      if windows.contains(where: \.isNew) {
        let snapshot = try await snapshot()
        adopted = adopted.map { Self.filled($0, from: snapshot) }
      }
      mailbox.post(.adopted(adopted))
    } catch {
      mailbox.post(.broken("a reload: \(error.message)"))
    }
  }

  private func snapshot() async throws(EngineFailure) -> LedgerSnapshot {
    try await gate.persist { () async throws(LedgerFailure) in try await ports.ledger.snapshot() }
  }

  private static func filled(_ adopted: AdoptedWindow, from snapshot: LedgerSnapshot) -> AdoptedWindow {
    guard adopted.isNew else { return adopted }
    let name = adopted.window.name
    let record = snapshot.windows.first { $0.window == name }
    if adopted.isForgotten, record == nil { return adopted }
    var filled = adopted
    filled.stored = AdoptedWindow.Stored(
      record: record ?? WindowRecord(window: name, since: adopted.at),
      dates: snapshot.dates[name] ?? [:], activations: snapshot.openActivations.filter { $0.window == name },
      printed: snapshot.calendars[name],
      notices: WindowNotices(of: name, in: snapshot))
    return filled
  }
}
