import BackfillCore

/// Instants as a person reads them: wall-clock time of a zone, the zone named.
enum Times {
  /// `2013-02-09 01:00 EST`.
  static func minute(_ instant: Instant, in zone: Zone) -> String {
    let local = zone.localTime(at: instant)
    return "\(local.date) \(two(local.hour)):\(two(local.minute)) \(zone.abbreviation(at: instant))"
  }

  /// `2013-02-09 01:00:07 EST`.
  static func second(_ instant: Instant, in zone: Zone) -> String {
    let local = zone.localTime(at: instant)
    return "\(local.date) \(clock(local)) \(zone.abbreviation(at: instant))"
  }

  /// `2013-02-09 01:00:07`, where the zone is named elsewhere.
  static func bare(_ instant: Instant, in zone: Zone) -> String {
    let local = zone.localTime(at: instant)
    return "\(local.date) \(clock(local))"
  }

  /// `2013-02-09 01:00`, where the zone is named elsewhere.
  static func bareMinute(_ instant: Instant, in zone: Zone) -> String {
    let local = zone.localTime(at: instant)
    return "\(local.date) \(two(local.hour)):\(two(local.minute))"
  }

  /// `Sat 2013-02-09 01:00:00 EST`.
  static func withWeekday(_ instant: Instant, in zone: Zone) -> String {
    "\(zone.localTime(at: instant).date.weekday.shortName) \(second(instant, in: zone))"
  }

  /// `in 3h 20m`; `now` when it has passed.
  static func until(_ instant: Instant, from now: Instant) -> String {
    let left = instant - now
    return left <= .zero ? "now" : "in \(coarse(left))"
  }

  /// Whole seconds below a minute, as `Duration.spoken` above.
  static func coarse(_ duration: Duration) -> String {
    let seconds = max(0, duration.wholeMilliseconds / 1000)
    return seconds == 0 ? "0s" : Duration.seconds(seconds).spoken
  }

  private static func clock(_ local: LocalTime) -> String {
    "\(two(local.hour)):\(two(local.minute)):\(two(local.second))"
  }

  private static func two(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
