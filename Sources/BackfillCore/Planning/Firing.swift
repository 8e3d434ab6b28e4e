/// When a schedule fires, seen from the last firing that was dealt with.
public struct Firing: Sendable, Equatable {
  /// A firing that is later than this after its nominal instant was slept through.
  public static let tolerance = Duration.seconds(60)

  /// A clock that goes back by less is being corrected, and what fired does not fire again; by more, it was wrong before.
  /// Source: cron(8) of cronie, which draws the same line.
  public static let clockTolerance = Duration.seconds(3 * 3600)

  public let schedule: Schedule
  public let zone: Zone

  public init(_ schedule: Schedule, in zone: Zone) {
    self.schedule = schedule
    self.zone = zone
  }

  /// The first firing after `instant`; `nil` when there is none.
  public func next(after instant: Instant) -> Instant? {
    schedule.when.next(after: instant, in: zone)
  }

  /// The last firing in (`lastNominal`, `now`], or `nil` when there is none.
  ///
  /// Looks back an hour first, then a day, a month, a year, so that a schedule of minutes that slept for a year is not
  /// walked minute by minute.
  public func due(since lastNominal: Instant, at now: Instant) -> Instant? {
    let spans: [Duration] = [.seconds(3600), .seconds(86_400), .seconds(32 * 86_400), .seconds(367 * 86_400)]
    for base in spans.map({ max(lastNominal, now - $0) }) + [lastNominal] {
      guard var found = next(after: base), found <= now else { continue }
      while let later = next(after: found), later <= now { found = later }
      return found
    }
    return nil
  }

  /// The instant after which an activation of `nominal` starts no date: the first `stop_by` after it, else the next firing.
  ///
  /// A `stop_by` that a clock change repeats comes twice, one that it leaves out comes when the gap ends.
  public func end(of nominal: Instant) -> Instant? {
    guard let stopBy = schedule.stopBy else { return next(after: nominal) }
    let today = zone.localTime(at: nominal).date
    for day in [today, today.adding(days: 1)] {
      let target = LocalTime(date: day, secondOfDay: stopBy)
      let instants = zone.instants(of: target)
      let all = instants.isEmpty ? [zone.instant(ofFirst: target)] : instants
      if let first = all.first(where: { $0 > nominal }) { return first }
    }
    // A zone that left out the whole next day.
    return zone.instant(ofFirst: LocalTime(date: today.adding(days: 2), secondOfDay: stopBy))
  }

  /// The end of a chunk that a person starts at `instant`: its `stop_by` or the next firing, whichever comes first.
  public func end(ofForced instant: Instant) -> Instant? {
    [end(of: instant), next(after: instant)].compactMap { $0 }.min()
  }

  /// Whether `lastNominal` was noted while the clock was wrong: it is too far ahead of `now`.
  public static func isFromWrongClock(_ lastNominal: Instant, at now: Instant) -> Bool {
    lastNominal - now > clockTolerance
  }
}

extension Instant {
  /// The instant `duration` earlier.
  public static func - (instant: Instant, duration: Duration) -> Instant {
    instant + (.zero - duration)
  }
}
