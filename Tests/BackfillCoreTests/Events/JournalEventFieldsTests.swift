import BackfillCore
import Testing

struct JournalEventFieldsTests {
  static let fields: [String] = [
    "BACKFILL_EVENT=daemon-started",
    "BACKFILL_EVENT=daemon-stopping",
    "BACKFILL_EVENT=settings-rejected",
    "BACKFILL_EVENT=window-rejected BACKFILL_WINDOW=flights",
    "BACKFILL_EVENT=configuration-reloaded",
    "BACKFILL_EVENT=reload-refused",
    "BACKFILL_EVENT=settings-kept",
    "BACKFILL_EVENT=window-kept BACKFILL_WINDOW=flights",
    "BACKFILL_EVENT=ledger-unavailable",
    "BACKFILL_EVENT=ledger-recovered",
    "BACKFILL_EVENT=ledger-upgraded",
    "BACKFILL_EVENT=executor-unavailable",
    "BACKFILL_EVENT=executor-recovered",
    "BACKFILL_EVENT=leftovers-stopped",
    "BACKFILL_EVENT=activation-opened BACKFILL_WINDOW=flights BACKFILL_CHUNK=7",
    "BACKFILL_EVENT=activation-missed BACKFILL_WINDOW=flights",
    "BACKFILL_EVENT=preflight-passed BACKFILL_WINDOW=flights BACKFILL_CHUNK=7",
    "BACKFILL_EVENT=preflight-failed BACKFILL_WINDOW=flights BACKFILL_CHUNK=7",
    "BACKFILL_EVENT=activation-ended BACKFILL_WINDOW=flights BACKFILL_CHUNK=7",
    "BACKFILL_EVENT=window-paused BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08",
    "BACKFILL_EVENT=window-resumed BACKFILL_WINDOW=flights",
    "BACKFILL_EVENT=window-completed BACKFILL_WINDOW=flights",
    "BACKFILL_EVENT=drift-judged BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_STEP=routes"
      + " BACKFILL_VERDICT=warn",
    "BACKFILL_EVENT=drift-settled BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_STEP=routes",
    "BACKFILL_EVENT=window-removed BACKFILL_WINDOW=flights",
    "BACKFILL_EVENT=definition-changed BACKFILL_WINDOW=flights",
    "BACKFILL_EVENT=date-done BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_CHUNK=7 BACKFILL_VERDICT=pass",
    "BACKFILL_EVENT=date-held BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_CHUNK=7",
    "BACKFILL_EVENT=date-awaits-input BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_CHUNK=7",
    "BACKFILL_EVENT=date-skipped BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08",
    "BACKFILL_EVENT=date-accepted BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_STEP=routes",
    "BACKFILL_EVENT=date-retried BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08",
    "BACKFILL_EVENT=dates-rerun BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_STEP=load",
    "BACKFILL_EVENT=dates-imported BACKFILL_WINDOW=flights",
    "BACKFILL_EVENT=date-rejudged BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_VERDICT=anomaly",
    "BACKFILL_EVENT=step-started" + attempt,
    "BACKFILL_EVENT=step-judged" + attempt + " BACKFILL_VERDICT=pass",
    "BACKFILL_EVENT=step-failed" + attempt,
    "BACKFILL_EVENT=step-input-missing" + attempt,
    "BACKFILL_EVENT=step-interrupted" + attempt,
    "BACKFILL_EVENT=step-stopped" + attempt,
    "BACKFILL_EVENT=output-left-out" + attempt,
  ]
  static let attempt =
    " BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_STEP=routes BACKFILL_ATTEMPT=2 BACKFILL_CHUNK=7"
    + " BACKFILL_RUN_ID=4f2a"

  @Test(arguments: zip(EventSample.oneOfEachKind, fields))
  func `an event carries the fields that apply to it`(event: JournalEvent, fields: String) {
    #expect(event.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ") == fields)
  }

  @Test func `a window paused without a date has no date field`() {
    let event = JournalEvent.windowPaused(window: "flights", date: nil, reason: "x", by: "ann")
    #expect(event.fields.map(\.name) == ["BACKFILL_EVENT", "BACKFILL_WINDOW"])
  }

  static let priorities: [JournalPriority] = [
    .info, .info, .warning, .warning,
    .notice, .warning, .warning, .warning,
    .error, .notice, .notice, .error, .notice, .notice,
    .info, .warning, .info, .warning, .info, .warning, .info, .notice, .warning, .info, .notice, .warning,
    .info, .warning, .notice, .info, .info, .info, .info, .info, .warning,
    .debug, .info, .notice, .notice, .notice, .info, .notice,
  ]

  @Test(arguments: zip(EventSample.oneOfEachKind, priorities))
  func `an event has the priority of what it asks of a person`(event: JournalEvent, priority: JournalPriority) {
    #expect(event.priority == priority)
  }

  static let variants: [(event: JournalEvent, priority: JournalPriority)] = [
    (.windowPaused(window: "flights", date: nil, reason: "x", by: "ann"), .notice),
    (.stepJudged(EventSample.attempt, verdict: EventSample.verdict(.inconclusive, ""), duration: .zero), .info),
    (.stepJudged(EventSample.attempt, verdict: EventSample.verdict(.warn, ""), duration: .zero), .warning),
    (.stepJudged(EventSample.attempt, verdict: EventSample.verdict(.anomaly, ""), duration: .zero), .warning),
    (.stepFailed(EventSample.attempt, reason: "x", retryIn: nil), .warning),
    (.stepInterrupted(EventSample.attempt, inARow: 2), .notice),
    (.stepInterrupted(EventSample.attempt, inARow: 3), .warning),
  ]

  @Test(arguments: variants)
  func `the priority follows what happened`(event: JournalEvent, priority: JournalPriority) {
    #expect(event.priority == priority)
  }

  @Test func `the output of a preflight belongs to its chunk and to no date and step`() {
    let activation = Activation(
      id: 7, window: "flights", kind: .scheduled, nominal: EventSample.nominal, runID: "4f2a")
    let fields = AttemptIdentity.preflight(of: activation, from: EventSample.date).fields
    #expect(
      fields.map { "\($0.name)=\($0.value)" } == [
        "BACKFILL_WINDOW=flights", "BACKFILL_CHUNK=7", "BACKFILL_RUN_ID=4f2a",
      ])
  }

  @Test func `no two kinds share an identity`() {
    #expect(Set(JournalEvent.Kind.allCases.map(\.messageID)).count == JournalEvent.Kind.allCases.count)
  }

  @Test(arguments: JournalEvent.Kind.allCases)
  func `an identity is 32 lower-case hexadecimal digits`(kind: JournalEvent.Kind) {
    #expect(kind.messageID.utf8.count == 32)
    #expect(kind.messageID.allSatisfy { "0123456789abcdef".contains($0) })
  }

  @Test(arguments: JournalEvent.Kind.allCases)
  func `the name of a kind is in kebab case`(kind: JournalEvent.Kind) {
    #expect(kind.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
  }

  @Test func `the identity of a paused window never changes`() {
    #expect(JournalEvent.Kind.windowPaused.messageID == "ce927b1ba08b4888b60530c6e950482e")
  }

  @Test func `an event has the identity of its kind`() {
    #expect(JournalEvent.daemonStopping.messageID == JournalEvent.Kind.daemonStopping.messageID)
  }
}
