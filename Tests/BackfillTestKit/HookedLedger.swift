import BackfillCore

/// A ledger in front of another one: a hook sees each call that matters to tests first, and may hold it or make it fail.
public struct HookedLedger: Ledger {
  public enum Call: Sendable {
    case snapshot
    case standings
    case open(ActivationRequest)
    case end(activation: Int64, window: String)
    case endPreflight(PreflightEnd)
    case record(CivilDate, window: String)
    case commit(Checkpoint)
    case decide(Decision)
    case driftFacts(window: String)
    case driftReport(DriftReport)
    case pendingEvents
    case markHandedOver
  }

  public typealias Hook = @Sendable (Call) async throws(LedgerFailure) -> Void

  private let ledger: any Ledger
  private let hook: Hook

  public init(_ ledger: any Ledger, _ hook: @escaping Hook) {
    self.ledger = ledger
    self.hook = hook
  }

  public func snapshot() async throws(LedgerFailure) -> LedgerSnapshot {
    try await hook(.snapshot)
    return try await ledger.snapshot()
  }

  public func register(
    window: String, scheduleKey: String?, definition: String, now: Instant
  ) async throws(LedgerFailure) {
    try await ledger.register(window: window, scheduleKey: scheduleKey, definition: definition, now: now)
  }

  public func keep(_ calendar: CommandCalendar, of window: String) async throws(LedgerFailure) {
    try await ledger.keep(calendar, of: window)
  }

  public func open(_ request: ActivationRequest) async throws(LedgerFailure) -> Activation? {
    try await hook(.open(request))
    return try await ledger.open(request)
  }

  public func end(
    activation: Int64, of window: String, ramp: RampMove, events: [JournalEvent], at: Instant
  ) async throws(LedgerFailure) {
    try await hook(.end(activation: activation, window: window))
    try await ledger.end(activation: activation, of: window, ramp: ramp, events: events, at: at)
  }

  public func endPreflight(_ end: PreflightEnd) async throws(LedgerFailure) -> Bool {
    try await hook(.endPreflight(end))
    return try await ledger.endPreflight(end)
  }

  public func record(of date: CivilDate, in window: String) async throws(LedgerFailure) -> DateRecord {
    try await hook(.record(date, window: window))
    return try await ledger.record(of: date, in: window)
  }

  public func standings(in window: String) async throws(LedgerFailure) -> [CivilDate: DateStanding] {
    try await hook(.standings)
    return try await ledger.standings(in: window)
  }

  public func slowDates(
    before date: CivilDate, step: String, window: String, limit: Duration
  ) async throws(LedgerFailure) -> Int {
    try await ledger.slowDates(before: date, step: step, window: window, limit: limit)
  }

  public func commit(_ checkpoint: Checkpoint) async throws(LedgerFailure) -> String? {
    try await hook(.commit(checkpoint))
    return try await ledger.commit(checkpoint)
  }

  public func decide(_ decision: Decision) async throws(LedgerFailure) -> DecisionOutcome {
    try await hook(.decide(decision))
    return try await ledger.decide(decision)
  }

  public func driftFacts(
    in window: String, after: CivilDate?, through: CivilDate
  ) async throws(LedgerFailure) -> DriftFacts {
    try await hook(.driftFacts(window: window))
    return try await ledger.driftFacts(in: window, after: after, through: through)
  }

  public func commit(_ report: DriftReport) async throws(LedgerFailure) -> DriftOutcome {
    try await hook(.driftReport(report))
    return try await ledger.commit(report)
  }

  public func recover(at instant: Instant, maxHeld: [String: Int]) async throws(LedgerFailure) -> [RecoveredStep] {
    try await ledger.recover(at: instant, maxHeld: maxHeld)
  }

  public func pendingEvents(limit: Int) async throws(LedgerFailure) -> [OutboxEntry] {
    try await hook(.pendingEvents)
    return try await ledger.pendingEvents(limit: limit)
  }

  public func markHandedOver(through id: Int64) async throws(LedgerFailure) {
    try await hook(.markHandedOver)
    try await ledger.markHandedOver(through: id)
  }

  public func attempts(of date: CivilDate, in window: String) async throws(LedgerFailure) -> [AttemptRecord] {
    try await ledger.attempts(of: date, in: window)
  }

  public func decisions(in window: String, date: CivilDate?) async throws(LedgerFailure) -> [DecisionRecord] {
    try await ledger.decisions(in: window, date: date)
  }

  public func changes(in window: String, limit: Int) async throws(LedgerFailure) -> [ChangeRecord] {
    try await ledger.changes(in: window, limit: limit)
  }

  public func records(in window: String) async throws(LedgerFailure) -> [DateRecord] {
    try await ledger.records(in: window)
  }

  public func definitions(in window: String) async throws(LedgerFailure) -> [DefinitionView] {
    try await ledger.definitions(in: window)
  }

  public func dateDurations(in window: String, limit: Int) async throws(LedgerFailure) -> [Duration] {
    try await ledger.dateDurations(in: window, limit: limit)
  }

  public func stepDurations(in window: String) async throws(LedgerFailure) -> [String: [CivilDate: Duration]] {
    try await ledger.stepDurations(in: window)
  }

  public func checkup() async throws(LedgerFailure) -> LedgerCheckup {
    try await ledger.checkup()
  }

  public func lastFirings() async throws(LedgerFailure) -> [String: Instant] {
    try await ledger.lastFirings()
  }

  public func backup(to path: String) async throws(LedgerFailure) -> Int64 {
    try await ledger.backup(to: path)
  }
}
