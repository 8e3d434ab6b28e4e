// The keys of `status --json`. They are stable: a later version adds keys, it renames and drops none. A key whose value is
// not known is there with `null`.

extension DaemonStatus {
  enum CodingKeys: String, CodingKey {
    case version, state, reason, since, windows, rejected, unconfigured
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(version, forKey: .version)
    try container.encode(state, forKey: .state)
    try container.encode(reason, forKey: .reason)
    try container.encode(since, forKey: .since)
    try container.encode(windows, forKey: .windows)
    try container.encode(rejected, forKey: .rejected)
    try container.encode(unconfigured, forKey: .unconfigured)
  }
}

extension RejectedWindowStatus {
  enum CodingKeys: String, CodingKey {
    case window, findings
    case inForce = "in_force"
  }
}

extension WindowStatus {
  enum CodingKeys: String, CodingKey {
    case window, description, state, reason, since, by, zone, dates, running, chunk, next, uncovered, alarms
    case calendar, waiting, missed, upcoming
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(window, forKey: .window)
    try container.encode(description, forKey: .description)
    try container.encode(state, forKey: .state)
    try container.encode(reason, forKey: .reason)
    try container.encode(since, forKey: .since)
    try container.encode(by, forKey: .by)
    try container.encode(zone, forKey: .zone)
    try container.encode(dates, forKey: .dates)
    try container.encode(running, forKey: .running)
    try container.encode(chunk, forKey: .chunk)
    try container.encode(next, forKey: .next)
    try container.encode(uncovered, forKey: .uncovered)
    try container.encode(alarms, forKey: .alarms)
    try container.encode(calendar, forKey: .calendar)
    try container.encode(waiting, forKey: .waiting)
    try container.encode(missed, forKey: .missed)
    try container.encode(upcoming, forKey: .upcoming)
  }
}

extension ChunkStatus {
  enum CodingKeys: String, CodingKey {
    case id, kind, nominal, quota, started, waits
    case endsAt = "ends_at"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(kind, forKey: .kind)
    try container.encode(nominal, forKey: .nominal)
    try container.encode(quota, forKey: .quota)
    try container.encode(started, forKey: .started)
    try container.encode(endsAt, forKey: .endsAt)
    try container.encode(waits, forKey: .waits)
  }
}
