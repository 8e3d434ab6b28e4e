extension JournalEvent {
  /// Who acts when nobody asked: the `by` of what the daemon does by itself.
  public static let daemonName = "backfilld"

  /// So many interruptions in a row hold a date. Source: DESIGN, "State, crashes, time".
  static let interruptionLimit = 3

  /// One line that a person reads in the morning; where a person must act, it ends with the next command to type.
  ///
  /// Line feeds and other control characters of foreign text become spaces.
  public var message: String {
    switch self {
    case .daemonStarted(let version, let windows):
      "backfilld \(version) started with \(counted(windows, "window"))"
    case .daemonStopping:
      "backfilld stops: no new steps start, running ones are given time to end"
    case .settingsRejected(let findings):
      Self.rejected(findings)
    case .windowRejected(let window, let findings):
      Self.rejected(window, findings)
    case .configurationReloaded(let by, let added, let changed, let unchanged, let removed, let broken):
      "the configuration was read again (\(clause(by))): \(added) added, \(changed) changed, \(unchanged) unchanged, "
        + "\(removed) removed, \(broken) broken"
    case .reloadRefused(let by, let reason):
      "the configuration was not read again (\(clause(by))): \(clause(reason)); next: backfillctl reload"
    case .settingsKept(let findings):
      "what was in force stays in force, \(listed(findings))"
    case .windowKept(let window, let findings):
      "\(window) keeps its old definition until its file is corrected, \(listed(findings))"
    case .ledgerUnavailable(let reason):
      "the ledger cannot be written, no new date starts until it can: \(clause(reason))"
    case .ledgerRecovered:
      "the ledger can be written again, work goes on"
    case .ledgerUpgraded(let from, let to, let backup):
      "the ledger was brought from version \(from) to version \(to); as it was before it is kept in \(clause(backup))"
    case .executorUnavailable(let reason):
      "no step can be started, no new date starts until one can: \(clause(reason))"
    case .executorRecovered:
      "steps can be started again, work goes on"
    case .leftoversStopped(let runs):
      "stopped \(counted(runs, "run")) whose processes an earlier backfilld left behind"

    case .activationOpened(let activation):
      activation.openedMessage
    case .activationMissed(let window, let nominal, let reason):
      "\(window) missed its firing of \(nominal): \(clause(reason)); next: backfillctl status \(window)"
    case .preflightPassed(let window, let chunk):
      "\(window) chunk \(chunk) passed its preflight"
    case .preflightFailed(let window, let chunk, let reason):
      "\(window) chunk \(chunk) starts no date: \(clause(reason))"
    case .activationEnded(let window, let chunk, let dates, let reason):
      "\(window) chunk \(chunk) ended after \(counted(dates, "date"))\(because(reason))"
    case .windowPaused(let window, let date, let reason, let by):
      Self.paused(window, at: date, reason: reason, by: by)
    case .windowResumed(let window, let by, let reason):
      "\(window) resumed by \(clause(by))\(because(reason))"
    case .windowCompleted(let window):
      "\(window) is complete: every date is done or skipped"
    case .driftJudged(let window, _, _, _, let sentence):
      // The sentence begins with the date and the step itself.
      "\(window) \(clause(sentence)); next: backfillctl show \(window)"
    case .driftSettled(let window, let step, let stream, let date, let reason, let by):
      "\(window) \(step): the drift test of \(clause(stream)) starts anew after \(date), settled by \(clause(by))"
        + because(reason)
    case .windowRemoved(let window):
      "\(window) is no longer configured: it starts nothing more, its ledger is kept"
    case .definitionChanged(let window, let dates):
      "\(window) has another definition now, \(counted(dates, "date")) \(dates == 1 ? "was" : "were") done with "
        + "an earlier one; next: backfillctl show \(window)"

    case .dateDone(let window, let date, _, let verdict):
      "\(window) \(date) done (\(verdict.rawValue))"
    case .dateHeld(let window, let date, _, let reason):
      "\(window) \(date) held: \(clause(reason)); next: backfillctl show \(window) \(date)"
    case .dateAwaitsInput(let window, let date, _, let reason):
      "\(window) \(date) held for its input: \(clause(reason)); the next chunk looks again"
    case .dateSkipped(let window, let date, let reason, let by):
      "\(window) \(date) skipped by \(clause(by)): \(clause(reason))"
    case .dateAccepted(let window, let date, let step, let reason, let by):
      "\(window) \(date) \(step) accepted by \(clause(by)): \(clause(reason))"
    case .dateRetried(let window, let date, let reason, let by):
      "\(window) \(date) is tried again, asked for by \(clause(by))\(because(reason))"
    case .datesRerun(let window, let dates, let step, let stale, let reason, let by):
      "\(window) \(spoken(dates))\(step.map { " \($0)" } ?? "") to run again, asked for by \(clause(by))"
        + (stale.steps == 0 ? "" : ", \(counted(stale.steps, "step")) on \(counted(stale.dates, "date")) became stale")
        + because(reason)
    case .datesImported(let window, let dates, let reason, let by):
      "\(window) \(spoken(dates)) recorded as done before backfilld by \(clause(by))\(because(reason))"

    case .dateRejudged(let window, let date, let was, let verdict, let by):
      "\(window) \(date) judged again by \(clause(by)): \(was.rawValue) -> \(verdict.rawValue); "
        + "next: backfillctl show \(window) \(date)"

    case .stepStarted(let attempt):
      "\(attempt.place) started, attempt \(attempt.attempt)"
    case .stepJudged(let attempt, let verdict, let duration):
      Self.judged(attempt, verdict, duration)
    case .stepFailed(let attempt, let reason, let retryIn):
      Self.failed(attempt, reason: reason, retryIn: retryIn)
    case .stepInputMissing(let attempt, let reason):
      "\(attempt.place) was not run, its input is missing: \(clause(reason))"
    case .stepInterrupted(let attempt, let inARow):
      Self.interrupted(attempt, inARow: inARow)
    case .stepStopped(let attempt):
      "\(attempt.place) was stopped, attempt \(attempt.attempt) is executed again later"
    case .outputLeftOut(let attempt, let lines, let bytes):
      "\(attempt.place) wrote too much: \(counted(lines, "line")) of its output (\((bytes + 1023) / 1024) KiB) "
        + "\(lines == 1 ? "is" : "are") not in the journal"
    }
  }

  private static func rejected(_ findings: [String]) -> String {
    "what can be read of the settings and pipelines is in force, \(listed(findings))"
  }

  private static func rejected(_ window: String, _ findings: [String]) -> String {
    "\(window) is off until its file is corrected, \(listed(findings))"
  }

  private static func paused(_ window: String, at date: CivilDate?, reason: String, by: String) -> String {
    // A verdict's sentence begins with the date itself.
    let place = date.map { reason.hasPrefix("\($0) ") ? "" : " at \($0)" } ?? ""
    guard by == daemonName else {
      return "\(window) paused\(place) by \(clause(by)): \(clause(reason)); next: backfillctl resume \(window)"
    }
    let next = date.map { "backfillctl show \(window) \($0)" } ?? "backfillctl status \(window)"
    return "\(window) paused\(place): \(clause(reason)); next: \(next)"
  }

  /// The verdict's sentence begins with the date and the step itself.
  private static func judged(_ attempt: AttemptIdentity, _ verdict: StepVerdict, _ duration: Duration) -> String {
    let sentence = clause(verdict.sentence)
    guard sentence.isEmpty else { return "\(attempt.window) \(sentence)" }
    return "\(attempt.place) \(verdict.word.rawValue) after \(duration.spoken)"
  }

  private static func failed(_ attempt: AttemptIdentity, reason: String, retryIn: Duration?) -> String {
    let failed = "\(attempt.place) failed, attempt \(attempt.attempt): \(clause(reason))"
    guard let retryIn else { return "\(failed); next: backfillctl show \(attempt.window) \(attempt.date)" }
    return retryIn == .zero ? "\(failed); tried again now" : "\(failed); tried again in \(retryIn.spoken)"
  }

  private static func interrupted(_ attempt: AttemptIdentity, inARow: Int) -> String {
    let interrupted = "\(attempt.place) was interrupted, backfilld or the machine died"
    return inARow < interruptionLimit
      ? "\(interrupted); attempt \(attempt.attempt) is executed again"
      : "\(interrupted), \(inARow) times in a row; next: backfillctl show \(attempt.window) \(attempt.date)"
  }
}

extension AttemptIdentity {
  /// `flights 2013-02-08 routes`, or `flights chunk 7 preflight`.
  public var place: String { isPreflight ? "\(window) chunk \(chunk) \(step)" : "\(window) \(date) \(step)" }
}

extension Activation {
  fileprivate var openedMessage: String {
    let limit = quota.map { ", at most \(counted($0, "date"))" } ?? ""
    let end = endsAt.map { ", no date starts after \($0)" } ?? ""
    switch kind {
    case .scheduled:
      return "\(window) chunk \(id) opened by its schedule, firing of \(nominal)\(limit)\(end)"
    case .forced:
      return "\(window) chunk \(id) opened by \(clause(by)), outside the schedule\(limit)\(end)"
    case .hand:
      let asked = dates.map { ", \(spoken($0))" } ?? ""
      return "\(window) chunk \(id) opened by \(clause(by)) by hand\(asked)\(step.map { ", step \($0)" } ?? "")"
    }
  }
}

/// `1 date`, `4 dates`.
private func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

/// `2013-02-08`, `2013-02-08 and 2013-02-09`, `40 dates from 2013-01-01 to 2013-02-09`.
private func spoken(_ dates: [CivilDate]) -> String {
  guard let first = dates.min(), let last = dates.max() else { return "no dates" }
  switch dates.count {
  case 1: return "\(first)"
  case 2: return "\(first) and \(last)"
  default: return "\(dates.count) dates from \(first) to \(last)"
  }
}

/// `2 errors: one; two`, three of them at most.
private func listed(_ findings: [String]) -> String {
  let shown = findings.prefix(3).map(clause).joined(separator: "; ")
  let more = findings.count > 3 ? "; and \(findings.count - 3) more" : ""
  return "\(counted(findings.count, "error")): \(shown)\(more)"
}

/// `: reason`, or nothing where there is none.
private func because(_ reason: String?) -> String {
  guard let reason else { return "" }
  let text = clause(reason)
  return text.isEmpty ? "" : ": \(text)"
}

/// `text` as a part of a sentence: on one line, without blanks around it and without a full stop at its end.
private func clause(_ text: String) -> String {
  // Nearly every text is of printable ASCII characters.
  if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
    var part = text[...].utf8
    while part.first == UInt8(ascii: " ") { part.removeFirst() }
    while let last = part.last, last == UInt8(ascii: " ") || last == UInt8(ascii: ".") { part.removeLast() }
    return String(Substring(part))
  }
  var scalars = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
  }
  while scalars.first == " " { scalars.removeFirst() }
  while let last = scalars.last, last == " " || last == "." { scalars.removeLast() }
  return String(scalars)
}
