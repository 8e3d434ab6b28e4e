import BackfillCore

/// One event of every kind, and variants whose text differs.
enum EventSample {
  static let date = CivilDate(daysSinceEpoch: 15_744)  // 2013-02-08
  static let nominal = Instant(seconds: 1_360_303_200)  // 2013-02-08T06:00:00Z
  static let attempt = AttemptIdentity(
    window: "flights", date: date, step: "routes", attempt: 2, runID: "4f2a", chunk: 7)

  static func verdict(_ word: Verdict, _ sentence: String) -> StepVerdict {
    StepVerdict(word: word, findings: [], sentence: sentence)
  }

  static func activation(
    _ kind: Activation.Kind, quota: Int? = nil, endsAt: Instant? = nil, dates: [CivilDate]? = nil, step: String? = nil,
    by: String = "backfilld"
  ) -> Activation {
    Activation(
      id: 7, window: "flights", kind: kind, nominal: nominal, quota: quota, endsAt: endsAt, dates: dates, step: step,
      by: by)
  }

  static let oneOfEachKind: [JournalEvent] = [
    .daemonStarted(version: "0.1.0", windows: 3),
    .daemonStopping,
    .settingsRejected(findings: ["backfilld.yaml:1:1: unknown key `max`"]),
    .windowRejected(window: "flights", findings: ["flights.yaml:3:1: unknown key `stepz`; did you mean `steps`?"]),
    .configurationReloaded(by: "ann", added: 1, changed: 2, unchanged: 9, removed: 0, broken: 1),
    .reloadRefused(by: "SIGHUP", reason: "database or disk is full"),
    .settingsKept(findings: ["backfilld.yaml:1:1: unknown key `max`"]),
    .windowKept(window: "flights", findings: ["flights.yaml:3:1: unknown key `stepz`; did you mean `steps`?"]),
    .ledgerUnavailable(reason: "database or disk is full"),
    .ledgerRecovered,
    .ledgerUpgraded(from: 1, to: 2, backup: "/var/lib/backfilld/backfilld.db.before-2"),
    .executorUnavailable(reason: "too many open files"),
    .executorRecovered,
    .leftoversStopped(runs: 1),
    .activationOpened(activation(.scheduled, quota: 30, endsAt: nominal + .seconds(3600))),
    .activationMissed(window: "flights", nominal: nominal, reason: "its stop_by has passed"),
    .preflightPassed(window: "flights", chunk: 7),
    .preflightFailed(window: "flights", chunk: 7, reason: "`preflight` failed: `df` exited with 1"),
    .activationEnded(window: "flights", chunk: 7, dates: 4, reason: "the chunk is done"),
    .windowPaused(window: "flights", date: date, reason: "cancellations is an anomaly", by: "backfilld"),
    .windowResumed(window: "flights", by: "ann", reason: nil),
    .windowCompleted(window: "flights"),
    .driftJudged(
      window: "flights", step: "routes", date: date, verdict: .warn,
      sentence: "2013-02-08 routes: 20 of 400 failed X since 2013-02-02."),
    .driftSettled(
      window: "flights", step: "routes", stream: "X", date: date, reason: "the blizzard", by: "ann"),
    .windowRemoved(window: "flights"),
    .definitionChanged(window: "flights", dates: 19),
    .dateDone(window: "flights", date: date, chunk: 7, verdict: .pass),
    .dateHeld(window: "flights", date: date, chunk: 7, reason: "routes failed 3 times"),
    .dateAwaitsInput(
      window: "flights", date: date, chunk: 7, reason: "`requires` of `routes` failed: `ls` exited with 2"),
    .dateSkipped(window: "flights", date: date, reason: "a holiday", by: "ann"),
    .dateAccepted(window: "flights", date: date, step: "routes", reason: "the blizzard", by: "ann"),
    .dateRetried(window: "flights", date: date, reason: "the disk is back", by: "ann"),
    .datesRerun(
      window: "flights", dates: [date], step: "load", stale: RerunCount(dates: 2, steps: 3), reason: "new delays",
      by: "ann"),
    .datesImported(window: "flights", dates: [date, date.adding(days: 1)], reason: nil, by: "ann"),
    .dateRejudged(window: "flights", date: date, was: .pass, verdict: .anomaly, by: "ann"),
    .stepStarted(attempt),
    .stepJudged(
      attempt, verdict: verdict(.pass, "2013-02-08 routes: 3 of 210 failed, expected 0-5 % -> pass."), duration: .zero),
    .stepFailed(attempt, reason: "exit status 3", retryIn: .seconds(30)),
    .stepInputMissing(attempt, reason: "`requires` of `routes` failed: `ls` exited with 2"),
    .stepInterrupted(attempt, inARow: 1),
    .stepStopped(attempt),
    .outputLeftOut(attempt, lines: 995_000, bytes: 6_850_560),
  ]
}
