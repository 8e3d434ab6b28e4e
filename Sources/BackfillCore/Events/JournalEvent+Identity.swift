extension JournalEvent {
  /// What sort of message an event is: its name and its identity, both fixed for all time.
  public enum Kind: String, Sendable, CaseIterable {
    case daemonStarted = "daemon-started"
    case daemonStopping = "daemon-stopping"
    case settingsRejected = "settings-rejected"
    case windowRejected = "window-rejected"
    case configurationReloaded = "configuration-reloaded"
    case reloadRefused = "reload-refused"
    case settingsKept = "settings-kept"
    case windowKept = "window-kept"
    case ledgerUnavailable = "ledger-unavailable"
    case ledgerRecovered = "ledger-recovered"
    case ledgerUpgraded = "ledger-upgraded"
    case executorUnavailable = "executor-unavailable"
    case executorRecovered = "executor-recovered"
    case leftoversStopped = "leftovers-stopped"
    case activationOpened = "activation-opened"
    case activationMissed = "activation-missed"
    case preflightPassed = "preflight-passed"
    case preflightFailed = "preflight-failed"
    case activationEnded = "activation-ended"
    case windowPaused = "window-paused"
    case windowResumed = "window-resumed"
    case windowCompleted = "window-completed"
    case driftJudged = "drift-judged"
    case driftSettled = "drift-settled"
    case windowRemoved = "window-removed"
    case definitionChanged = "definition-changed"
    case dateDone = "date-done"
    case dateHeld = "date-held"
    case dateAwaitsInput = "date-awaits-input"
    case dateSkipped = "date-skipped"
    case dateAccepted = "date-accepted"
    case dateRetried = "date-retried"
    case datesRerun = "dates-rerun"
    case datesImported = "dates-imported"
    case dateRejudged = "date-rejudged"
    case stepStarted = "step-started"
    case stepJudged = "step-judged"
    case stepFailed = "step-failed"
    case stepInputMissing = "step-input-missing"
    case stepInterrupted = "step-interrupted"
    case stepStopped = "step-stopped"
    case outputLeftOut = "output-left-out"

    /// 32 lower-case hexadecimal digits: the `MESSAGE_ID` under which the message catalog explains the kind.
    ///
    /// Source: systemd.journal-fields(7), `MESSAGE_ID`; the identities are random (version 4 of RFC 9562) and never change.
    public var messageID: String {
      switch self {
      case .daemonStarted: "e7e5e21b45314eb9810cca2fd60e163e"
      case .daemonStopping: "9dee3009013c44e094d5c13ea83f4c37"
      case .settingsRejected: "2ef1b7c04fd94f7a9d6a0c3f5b1e8d27"
      case .windowRejected: "6b1402c3fc6442cca1ddc0d40f46f5ee"
      case .configurationReloaded: "f03410efe8674e0299019ab370194257"
      case .reloadRefused: "deaee23430954e6d97c16540fac18c22"
      case .settingsKept: "e96a31bd491d4768ab36713a5f6575eb"
      case .windowKept: "cc643e70ae984d72be775b712a2a36b8"
      case .ledgerUnavailable: "dabc0f4a95d74669a84605b56ad6c06d"
      case .ledgerRecovered: "f3a7d2be486f4cbc9708dd5bd173bbb4"
      case .ledgerUpgraded: "543cdc242fa642918074a687e7d35614"
      case .executorUnavailable: "1e7b52570cc74571a73f5e8bad52d499"
      case .executorRecovered: "921675ef7f9e4a3cb61dbe6193d8ad2a"
      case .leftoversStopped: "78721bf53ef443a9862a13249f907764"
      case .activationOpened: "12782699b6ff40cfaa2ec215d19745d2"
      case .activationMissed: "f7c18819e6734525aecce524c6c431c5"
      case .preflightPassed: "225098c6e9b844ddba0c2aa55cd2e506"
      case .preflightFailed: "aa57d7545a4042c8a309af9fcecd8d26"
      case .activationEnded: "0270f2ab9411402d991cee1c7d08e342"
      case .windowPaused: "ce927b1ba08b4888b60530c6e950482e"
      case .windowResumed: "89cbee25f7be4135908920fa73b5d5d3"
      case .windowCompleted: "172f168ee52c462f9810f8cd6a7ae7e7"
      case .driftJudged: "dc88a077031840639c9b0f9d9b77f88e"
      case .driftSettled: "90f37605d2a64800b34fbd9e0c7bf9bf"
      case .windowRemoved: "e3d5504620774df3b39fda14def9f40e"
      case .definitionChanged: "34e5f78c3a3a4840bc20f4f8e22eadb7"
      case .dateDone: "d6ce399ca190473a8e7c617eb3e08d41"
      case .dateHeld: "8a756a3e3adf4920968ecd16be8929d2"
      case .dateAwaitsInput: "0471171a8298492e96b0543ba96292e6"
      case .dateSkipped: "6eea188cdb904f7b9866ce5aa8e18807"
      case .dateAccepted: "083b49da01ab40e091bc3f12083e6ee4"
      case .dateRetried: "2f8a2892f2484a108afa3a0ac3adb9d3"
      case .datesRerun: "1c1f093d84904057a60e99472b5ad9cb"
      case .datesImported: "4aaa15c943634ac4a68350cd8a29750e"
      case .dateRejudged: "81521e535f554c4dbb4345f8e6045a8e"
      case .stepStarted: "f154fc32578e423daa2842ee2bd893dd"
      case .stepJudged: "62c1e1216ec145eab1c1fff9b1af1e9b"
      case .stepFailed: "0fdb9fbd9b6c4fef82b96b081bd1c660"
      case .stepInputMissing: "5ce29096bbf64d4296531dd88cd13c1a"
      case .stepInterrupted: "38c9b81472054028a38fd1952b322cdd"
      case .stepStopped: "a0586b4105464ff1b48aaf7c0a58a10c"
      case .outputLeftOut: "0912bf14b4084b90a3b4dc0344c16df5"
      }
    }
  }

  /// What sort of message it is.
  public var kind: Kind {
    switch self {
    case .daemonStarted: .daemonStarted
    case .daemonStopping: .daemonStopping
    case .settingsRejected: .settingsRejected
    case .windowRejected: .windowRejected
    case .configurationReloaded: .configurationReloaded
    case .reloadRefused: .reloadRefused
    case .settingsKept: .settingsKept
    case .windowKept: .windowKept
    case .ledgerUnavailable: .ledgerUnavailable
    case .ledgerRecovered: .ledgerRecovered
    case .ledgerUpgraded: .ledgerUpgraded
    case .executorUnavailable: .executorUnavailable
    case .executorRecovered: .executorRecovered
    case .leftoversStopped: .leftoversStopped
    case .activationOpened: .activationOpened
    case .activationMissed: .activationMissed
    case .preflightPassed: .preflightPassed
    case .preflightFailed: .preflightFailed
    case .activationEnded: .activationEnded
    case .windowPaused: .windowPaused
    case .windowResumed: .windowResumed
    case .windowCompleted: .windowCompleted
    case .driftJudged: .driftJudged
    case .driftSettled: .driftSettled
    case .windowRemoved: .windowRemoved
    case .definitionChanged: .definitionChanged
    case .dateDone: .dateDone
    case .dateHeld: .dateHeld
    case .dateAwaitsInput: .dateAwaitsInput
    case .dateSkipped: .dateSkipped
    case .dateAccepted: .dateAccepted
    case .dateRetried: .dateRetried
    case .datesRerun: .datesRerun
    case .datesImported: .datesImported
    case .dateRejudged: .dateRejudged
    case .stepStarted: .stepStarted
    case .stepJudged: .stepJudged
    case .stepFailed: .stepFailed
    case .stepInputMissing: .stepInputMissing
    case .stepInterrupted: .stepInterrupted
    case .stepStopped: .stepStopped
    case .outputLeftOut: .outputLeftOut
    }
  }

  /// The identity of the kind: 32 lower-case hexadecimal digits.
  public var messageID: String { kind.messageID }
}
