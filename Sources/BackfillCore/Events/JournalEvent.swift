/// Every message the daemon can write to the journal: a closed list.
///
/// The words of each are in `JournalEvent+Message.swift`, its priority, identity and fields in `JournalEvent+Fields.swift`.
public enum JournalEvent: Sendable, Equatable, Codable {
  // The daemon itself.
  case daemonStarted(version: String, windows: Int)
  case daemonStopping
  /// Something is wrong in `backfilld.yaml` or a pipeline; what could be read of it is in force.
  case settingsRejected(findings: [String])
  case windowRejected(window: String, findings: [String])
  case configurationReloaded(by: String, added: Int, changed: Int, unchanged: Int, removed: Int, broken: Int)
  /// A reload was asked for and cannot be done now.
  case reloadRefused(by: String, reason: String)
  /// A reload found something wrong in `backfilld.yaml`, a pipeline or the directories.
  case settingsKept(findings: [String])
  /// A reload found something wrong in a window's file: the old definition stays in force.
  case windowKept(window: String, findings: [String])
  case ledgerUnavailable(reason: String)
  case ledgerRecovered
  /// An older ledger was brought to the tables of this version; `backup` is the old one.
  case ledgerUpgraded(from: Int, to: Int, backup: String)
  /// No process of a step can be started at all.
  case executorUnavailable(reason: String)
  case executorRecovered
  case leftoversStopped(runs: Int)

  // Windows.
  case activationOpened(Activation)
  case activationMissed(window: String, nominal: Instant, reason: String)
  case preflightPassed(window: String, chunk: Int64)
  case preflightFailed(window: String, chunk: Int64, reason: String)
  case activationEnded(window: String, chunk: Int64, dates: Int, reason: String)
  case windowPaused(window: String, date: CivilDate?, reason: String, by: String)
  case windowResumed(window: String, by: String, reason: String?)
  case windowCompleted(window: String)
  /// The evidence of a drift over many dates reached a limit; `date` is the last of them.
  case driftJudged(window: String, step: String, date: CivilDate, verdict: Verdict, sentence: String)
  /// A person settled an alarm of the drift test: the stream starts anew after `date`.
  case driftSettled(window: String, step: String, stream: String, date: CivilDate, reason: String?, by: String)
  /// A reload found no file of it any more.
  case windowRemoved(window: String)
  /// `dates` of it were done with another definition than the one that is in force from now on.
  case definitionChanged(window: String, dates: Int)

  // Dates.
  case dateDone(window: String, date: CivilDate, chunk: Int64, verdict: Verdict)
  case dateHeld(window: String, date: CivilDate, chunk: Int64, reason: String)
  /// Held, but for its input and not for a person.
  case dateAwaitsInput(window: String, date: CivilDate, chunk: Int64, reason: String)
  case dateSkipped(window: String, date: CivilDate, reason: String, by: String)
  case dateAccepted(window: String, date: CivilDate, step: String, reason: String, by: String)
  case dateRetried(window: String, date: CivilDate, reason: String?, by: String)
  /// `stale` counts the results besides those of `dates` and `step` (`nil`: all steps) that became stale.
  case datesRerun(
    window: String, dates: [CivilDate], step: String?, stale: RerunCount, reason: String?, by: String)
  /// Recorded as done by a person; nothing was run.
  case datesImported(window: String, dates: [CivilDate], reason: String?, by: String)
  case dateRejudged(window: String, date: CivilDate, was: Verdict, verdict: Verdict, by: String)

  // Steps.
  case stepStarted(AttemptIdentity)
  case stepJudged(AttemptIdentity, verdict: StepVerdict, duration: Duration)
  case stepFailed(AttemptIdentity, reason: String, retryIn: Duration?)
  /// A check failed, and the step was not run.
  case stepInputMissing(AttemptIdentity, reason: String)
  case stepInterrupted(AttemptIdentity, inARow: Int)
  case stepStopped(AttemptIdentity)
  /// Lines of a step's output that the journal does not get, and the bytes in them.
  case outputLeftOut(AttemptIdentity, lines: Int, bytes: Int)
}

/// The priority of a journal entry. Source: syslog(3).
public enum JournalPriority: Int, Sendable, Codable, Comparable {
  case error = 3
  case warning = 4
  case notice = 5
  case info = 6
  case debug = 7

  public static func < (left: JournalPriority, right: JournalPriority) -> Bool {
    left.rawValue < right.rawValue
  }
}
