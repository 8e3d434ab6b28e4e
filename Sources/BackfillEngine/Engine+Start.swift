import BackfillCore

// Before the loop: the ledger is opened and recovered, as often as it takes.
extension Engine {
  /// How the engine begins.
  struct Beginning {
    let end: WaitingRoom.End
    /// What came meanwhile and is still to be taken in.
    let held: [Message]
    /// What systemd was told last; `nil`: nothing yet.
    let statusLine: String?
  }

  /// Returns when the ledger is open and recovered, or a stop was asked for, or no waiting can help. A daemon that waits
  /// serves its socket and says READY, with the reason in STATUS: a boot or an upgrade must not hang on a full disk.
  func begin(in group: inout DiscardingTaskGroup) async -> Beginning {
    var room = WaitingRoom(version: version, startedAt: ports.clock.now(), rejected: rejected)
    var lastStatus: String?
    // Reading a large ledger takes a while: whoever asks meanwhile is answered.
    group.addTask(executorPreference: globalConcurrentExecutor) { await self.start() }
    while let message = await mailbox.next() {
      for effect in room.handle(message) { perform(effect, in: &group) }
      if let end = room.end {
        if case .stopped = end { ports.notifier.stopping() }
        return Beginning(end: end, held: room.held, statusLine: lastStatus)
      }
      guard let line = room.statusLine, line != lastStatus else { continue }
      ports.notifier.status(line)
      if lastStatus == nil { ports.planned() }
      lastStatus = line
    }
    return Beginning(end: .stopped, held: [], statusLine: lastStatus)
  }

  private func start() async {
    let startUp = StartUp(
      ports: ports, settings: settings, windows: windows, rejected: rejected, version: version,
      startedAt: ports.clock.now())
    do {
      while true {
        switch await ports.place.open() {
        case .refused(let reason):
          mailbox.post(.broken(reason))
          return
        case .waiting(let reason):
          mailbox.post(.ledgerFailed(reason))
        case .opened:
          switch await startUp.outcome() {
          case .started(let state):
            mailbox.post(.started(state))
            return
          case .broken(let reason):
            mailbox.post(.broken(reason))
            return
          case .waiting(let reason):
            // What a person puts in its place meanwhile is another file.
            ports.place.close()
            mailbox.post(.ledgerFailed(reason))
          }
        }
        try await ports.clock.wait(for: LedgerGate.pause)
      }
    } catch {
      // The daemon stops.
    }
  }
}
