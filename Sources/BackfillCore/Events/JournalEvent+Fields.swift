extension JournalEvent {
  /// How much attention it wants: warning for what a person must look at, error where the daemon itself fails.
  public var priority: JournalPriority {
    switch self {
    case .ledgerUnavailable, .executorUnavailable: .error
    case .settingsRejected, .windowRejected, .reloadRefused, .settingsKept, .windowKept, .definitionChanged,
      .activationMissed, .preflightFailed, .dateHeld, .driftJudged:
      .warning
    case .windowPaused(_, _, _, let by): by == Self.daemonName ? .warning : .notice
    case .stepJudged(_, let verdict, _): verdict.word >= .warn ? .warning : .info
    case .dateRejudged(_, _, _, let verdict, _): verdict == .anomaly ? .warning : .notice
    case .stepFailed(_, _, let retryIn): retryIn == nil ? .warning : .notice
    case .stepInterrupted(_, let inARow): inARow >= Self.interruptionLimit ? .warning : .notice
    case .ledgerRecovered, .ledgerUpgraded, .executorRecovered, .leftoversStopped, .windowCompleted, .windowRemoved,
      .configurationReloaded, .dateAwaitsInput, .stepInputMissing, .outputLeftOut:
      .notice
    case .stepStarted: .debug
    case .daemonStarted, .daemonStopping, .activationOpened, .preflightPassed, .activationEnded, .windowResumed,
      .dateDone, .dateSkipped,
      .dateAccepted, .driftSettled, .dateRetried, .datesRerun, .datesImported, .stepStopped:
      .info
    }
  }

  /// The journal fields that apply to it, `BACKFILL_EVENT` first.
  ///
  /// The values are text without a limit of length; a name is upper-case letters and `_`.
  public var fields: [(name: String, value: String)] {
    [("BACKFILL_EVENT", kind.rawValue)] + subjectFields
  }

  private var subjectFields: [(name: String, value: String)] {
    switch self {
    case .daemonStarted, .daemonStopping, .settingsRejected, .ledgerUnavailable, .ledgerRecovered, .ledgerUpgraded,
      .executorUnavailable, .executorRecovered, .leftoversStopped, .configurationReloaded, .reloadRefused,
      .settingsKept:
      []
    case .windowRejected(let window, _), .activationMissed(let window, _, _), .windowResumed(let window, _, _),
      .windowCompleted(let window), .windowKept(let window, _), .windowRemoved(let window),
      .definitionChanged(let window, _):
      Self.fields(window: window)
    case .activationOpened(let activation):
      Self.fields(window: activation.window, chunk: activation.id)
    case .preflightPassed(let window, let chunk), .preflightFailed(let window, let chunk, _),
      .activationEnded(let window, let chunk, _, _):
      Self.fields(window: window, chunk: chunk)
    case .windowPaused(let window, let date, _, _):
      Self.fields(window: window, date: date)
    case .driftJudged(let window, let step, let date, let verdict, _):
      Self.fields(window: window, date: date, step: step, verdict: verdict)
    case .dateDone(let window, let date, let chunk, let verdict):
      Self.fields(window: window, date: date, chunk: chunk, verdict: verdict)
    case .dateHeld(let window, let date, let chunk, _), .dateAwaitsInput(let window, let date, let chunk, _):
      Self.fields(window: window, date: date, chunk: chunk)
    case .dateSkipped(let window, let date, _, _), .dateRetried(let window, let date, _, _):
      Self.fields(window: window, date: date)
    case .dateAccepted(let window, let date, let step, _, _), .driftSettled(let window, let step, _, let date, _, _):
      Self.fields(window: window, date: date, step: step)
    case .datesRerun(let window, let dates, let step, _, _, _):
      Self.fields(window: window, date: dates.count == 1 ? dates.first : nil, step: step)
    case .datesImported(let window, let dates, _, _):
      Self.fields(window: window, date: dates.count == 1 ? dates.first : nil)
    case .dateRejudged(let window, let date, _, let verdict, _):
      Self.fields(window: window, date: date, verdict: verdict)
    case .stepJudged(let attempt, let verdict, _):
      attempt.fields + Self.fields(verdict: verdict.word)
    case .stepStarted(let attempt), .stepFailed(let attempt, _, _), .stepInputMissing(let attempt, _),
      .stepInterrupted(let attempt, _),
      .stepStopped(let attempt), .outputLeftOut(let attempt, _, _):
      attempt.fields
    }
  }

  private static func fields(
    window: String? = nil, date: CivilDate? = nil, step: String? = nil, chunk: Int64? = nil, verdict: Verdict? = nil
  ) -> [(name: String, value: String)] {
    let all: [(name: String, value: String?)] = [
      ("BACKFILL_WINDOW", window),
      ("BACKFILL_DATE", date?.description),
      ("BACKFILL_STEP", step),
      ("BACKFILL_CHUNK", chunk.map { String($0) }),
      ("BACKFILL_VERDICT", verdict?.rawValue),
    ]
    return all.compactMap { field in field.value.map { (field.name, $0) } }
  }
}

extension AttemptIdentity {
  /// The journal fields that every line and event of the attempt carries. A preflight belongs to no date and no step.
  public var fields: [(name: String, value: String)] {
    if isPreflight {
      return [("BACKFILL_WINDOW", window), ("BACKFILL_CHUNK", String(chunk)), ("BACKFILL_RUN_ID", runID)]
    }
    return [
      ("BACKFILL_WINDOW", window),
      ("BACKFILL_DATE", date.description),
      ("BACKFILL_STEP", step),
      ("BACKFILL_ATTEMPT", String(attempt)),
      ("BACKFILL_CHUNK", String(chunk)),
      ("BACKFILL_RUN_ID", runID),
    ]
  }
}
