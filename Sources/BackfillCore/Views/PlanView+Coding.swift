// The keys of `plan --json`. They are stable: a later version adds keys, it renames and drops none. A key whose value is
// not known is there with `null`.

extension PlanView {
  enum CodingKeys: String, CodingKey {
    case window, state, reason, zone, schedule, samples, finish, counts, unplanned, locks, nights, dates
    case dateMilliseconds = "date_ms"
    case finishUnknown = "finish_unknown"
    case nightCount = "night_count"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(window, forKey: .window)
    try container.encode(state, forKey: .state)
    try container.encode(reason, forKey: .reason)
    try container.encode(zone, forKey: .zone)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(dateMilliseconds, forKey: .dateMilliseconds)
    try container.encode(samples, forKey: .samples)
    try container.encode(finish, forKey: .finish)
    try container.encode(finishUnknown, forKey: .finishUnknown)
    try container.encode(counts, forKey: .counts)
    try container.encode(unplanned, forKey: .unplanned)
    try container.encode(nightCount, forKey: .nightCount)
    try container.encode(locks, forKey: .locks)
    try container.encode(nights, forKey: .nights)
    try container.encode(dates, forKey: .dates)
  }
}

extension PlannedNight {
  enum CodingKeys: String, CodingKey {
    case night, kind, chunk, firing, quota, dates, first, last, finish
    case endsAt = "ends_at"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(night, forKey: .night)
    try container.encode(kind, forKey: .kind)
    try container.encode(chunk, forKey: .chunk)
    try container.encode(firing, forKey: .firing)
    try container.encode(quota, forKey: .quota)
    try container.encode(endsAt, forKey: .endsAt)
    try container.encode(dates, forKey: .dates)
    try container.encode(first, forKey: .first)
    try container.encode(last, forKey: .last)
    try container.encode(finish, forKey: .finish)
  }
}

extension PlanDate {
  enum CodingKeys: String, CodingKey {
    case date, state, why, reason, night, bands
    case isIn = "in"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      date: try container.decode(CivilDate.self, forKey: .date),
      state: try container.decodeIfPresent(DateState.self, forKey: .state),
      why: try container.decode(Why.self, forKey: .why),
      reason: try container.decodeIfPresent(String.self, forKey: .reason),
      night: try container.decodeIfPresent(Int.self, forKey: .night),
      bands: try container.decode([PlanBand].self, forKey: .bands))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(date, forKey: .date)
    try container.encode(state, forKey: .state)
    try container.encode(isIn, forKey: .isIn)
    try container.encode(why, forKey: .why)
    try container.encode(reason, forKey: .reason)
    try container.encode(night, forKey: .night)
    try container.encode(bands, forKey: .bands)
  }
}

extension PlanBand {
  enum CodingKeys: String, CodingKey {
    case step, stream
    case low = "lo"
    case high = "hi"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encode(stream, forKey: .stream)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
  }
}
