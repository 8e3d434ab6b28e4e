import BackfillCore

/// Reads `schedule:` of a window.
struct ScheduleReader {
  static let known = ["when", "timezone", "missed", "chunk", "stop_by", "ramp"]

  /// What `schedule:` says: the zone belongs to the window.
  struct Result {
    /// `nil` when `when` is missing or wrong.
    let schedule: Schedule?
    /// `nil` when the schedule names no zone, or one that does not exist.
    let zone: Zone?
  }

  /// A schedule whose last time is not longer ago may still have a firing to catch up, and its window dates to look at.
  private static let memory = Duration.seconds(31 * 86_400)

  private let keys: MappingReader

  /// Returns the schedule and its zone, or `nil` with a finding when `field` is no mapping.
  static func read(_ field: Field, machine: any MachineFacts) -> Result? {
    guard let keys = MappingReader(field, keys: known, prefix: "schedule.") else { return nil }
    let reader = ScheduleReader(keys: keys)
    let configured = reader.zone(machine)
    let schedule = reader.schedule(in: configured ?? machine.localZone)
    let zone = reader.zone(of: schedule?.when, configured, machine)
    if let schedule { reader.refuseOver(schedule.when, in: zone ?? machine.localZone, now: machine.now) }
    return Result(schedule: schedule, zone: zone)
  }

  /// `zone`: that of a schedule that names none itself.
  private func schedule(in zone: Zone) -> Schedule? {
    let when = keys.required("when").flatMap { expression($0, in: zone) }
    let missed = keys["missed"].flatMap { $0.choice(["once", "skip"]) }.flatMap(MissedFiring.init)
    let chunk = keys["chunk"].flatMap { $0.wholeNumber(atLeast: 1) }
    let stopBy = keys["stop_by"].flatMap(secondOfDay)
    let ramp = keys["ramp"].map { $0.oneOrMore.compactMap { $0.wholeNumber(atLeast: 1) } }
    guard let when else { return nil }
    return Schedule(when: when, missed: missed ?? .once, chunk: chunk, stopBy: stopBy, ramp: ramp ?? [])
  }

  private func expression(_ field: Field, in zone: Zone) -> CalendarExpression? {
    guard let text = field.text() else { return nil }
    do {
      return try CalendarExpression.parse(text, abbreviations: zone.abbreviations)
    } catch {
      keys.findings.add(
        "`schedule.when` \(quoted(text)): \(error.message)", at: field.position(ofCharacter: error.position),
        hint: error.hint)
      return nil
    }
  }

  /// A schedule that names no time, or none since `memory`.
  private func refuseOver(_ when: CalendarExpression, in zone: Zone, now: Instant?) {
    guard let field = keys["when"], let text = field.scalar else { return }
    let label = "`schedule.when` \(quoted(text)): never fires"
    if let abbreviation = when.abbreviation { return refuse(abbreviation, of: when, in: zone, now: now) }
    guard when.next(after: Instant(seconds: 0), in: zone) != nil else {
      return field.report("\(label): it names no time")
    }
    guard let since = now.map({ $0 - Self.memory }), when.next(after: since, in: zone) == nil else { return }
    field.report(
      "\(label): it names no time after \(zone.localTime(at: since).date)",
      hint: "give it a time to come, or leave `schedule` out and use `backfillctl run`")
  }

  /// A schedule that ends with a short name of its zone's time fires while the zone shows that time: it is over when neither
  /// the time since `memory` nor the time to come has a firing.
  private func refuse(_ abbreviation: ZoneAbbreviation, of when: CalendarExpression, in zone: Zone, now: Instant?) {
    guard let field = keys["when"], let text = field.scalar, let now else { return }
    guard [now - Self.memory, now].allSatisfy({ when.next(after: $0, in: zone) == nil }) else { return }
    field.report(
      "`schedule.when` \(quoted(text)): never fires: at the times it names \(zone.name) does not show "
        + quoted(abbreviation.name),
      hint: "leave \(quoted(abbreviation.name)) out: the schedule is read in \(zone.name)")
  }

  private func secondOfDay(_ field: Field) -> Int? {
    guard let text = field.scalar, let second = ClockText.secondOfDay(text) else {
      return field.refuse("a time of the day such as `\"06:00\"`")
    }
    return second
  }

  /// The zone that the expression itself names (`Mon 01:00 Europe/Berlin`), else `timezone`.
  private func zone(of when: CalendarExpression?, _ configured: Zone?, _ machine: any MachineFacts) -> Zone? {
    guard let name = when?.zoneName, let field = keys["when"] else { return configured }
    guard let zone = machine.zone(named: name) else {
      field.report("unknown time zone \(quoted(name))", hint: Suggestion.zone(for: name, among: machine.zoneNames))
      return configured
    }
    if let configured, configured != zone {
      field.report(
        "`schedule.when` names the time zone \(quoted(name)) and `schedule.timezone` \(quoted(configured.name))",
        hint: "keep one of the two")
    }
    return zone
  }

  private func zone(_ machine: any MachineFacts) -> Zone? {
    guard let field = keys["timezone"], let name = field.text() else { return nil }
    if let zone = machine.zone(named: name) { return zone }
    field.report("unknown time zone \(quoted(name))", hint: Suggestion.zone(for: name, among: machine.zoneNames))
    return nil
  }
}
