// The keys of `show --json`. They are stable: a later version adds keys, it renames and drops none. A key whose value is
// not known is there with `null`; `decisions` and `history` are there only when one date was asked for, `changes` only when
// all were.

extension WindowView {
  enum CodingKeys: String, CodingKey {
    case window, state, reason, since, by, zone, dates, drift, alarms, waiting, missed, decisions, changes, configured
    case definition, definitions
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(window, forKey: .window)
    try container.encode(state, forKey: .state)
    try container.encode(reason, forKey: .reason)
    try container.encode(since, forKey: .since)
    try container.encode(by, forKey: .by)
    try container.encode(zone, forKey: .zone)
    try container.encode(dates, forKey: .dates)
    try container.encode(drift, forKey: .drift)
    try container.encode(alarms, forKey: .alarms)
    try container.encode(waiting, forKey: .waiting)
    try container.encode(missed, forKey: .missed)
    try container.encodeIfPresent(decisions, forKey: .decisions)
    try container.encodeIfPresent(changes, forKey: .changes)
    try container.encode(configured, forKey: .configured)
    try container.encode(definition, forKey: .definition)
    try container.encode(definitions, forKey: .definitions)
  }
}

extension DateView {
  enum CodingKeys: String, CodingKey {
    case date, state, reason, verdict, attempts, covered, steps, history
    case byHand = "by_hand"
    case awaitsInput = "awaits_input"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(date, forKey: .date)
    try container.encode(state, forKey: .state)
    try container.encode(reason, forKey: .reason)
    try container.encode(awaitsInput, forKey: .awaitsInput)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(attempts, forKey: .attempts)
    try container.encode(byHand, forKey: .byHand)
    try container.encode(covered, forKey: .covered)
    try container.encode(steps, forKey: .steps)
    try container.encodeIfPresent(history, forKey: .history)
  }
}

extension StepView {
  enum CodingKeys: String, CodingKey {
    case step, state, verdict, sentence, accepted, attempts, report
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encode(state, forKey: .state)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(sentence, forKey: .sentence)
    try container.encode(accepted, forKey: .accepted)
    try container.encode(attempts, forKey: .attempts)
    try container.encode(report, forKey: .report)
  }
}
