import BackfillCore

extension WindowRuntime {
  /// Whether there are dates to work on; a command never prints a good calendar without any.
  var calendarState: CalendarState {
    guard window.dates.command != nil, window.dates.listed?.isEmpty ?? true else { return .known }
    return isReadingCalendar || needsCalendar || printed != nil ? .running : .missing
  }

  /// The firing of a complete window that is due, unless the command has run for it: only the command knows whether there are
  /// new dates by now.
  func firingForNewDates(at now: Instant) -> Instant? {
    guard record.state == .complete, let nextFiring, nextFiring <= now, nextFiring != calendarFiring else { return nil }
    return nextFiring
  }
}

extension CalendarState {
  /// Why nothing can be said or done about a date of `window`; `nil` when it has a calendar.
  func refusal(of window: String) -> String? {
    switch self {
    case .known: nil
    case .running: "`\(window)` has no calendar yet: its command is running, ask again"
    case .missing: "`\(window)` has no calendar yet: its command has not printed one (`backfillctl status \(window)`)"
    }
  }
}

/// Calendars that a command prints.
extension EngineState {
  /// Runs the command when that is due. While it runs the window starts nothing new; `nil`: the window need not wait.
  mutating func readCalendar(of name: String, at now: Instant) -> [Effect]? {
    guard let runtime = windows[name], runtime.configured.dates.command != nil, degraded == nil else { return nil }
    if runtime.isReadingCalendar { return [] }
    let firing = runtime.firingForNewDates(at: now)
    guard runtime.needsCalendar || firing != nil else { return nil }
    // What it comes to may have to pause the window.
    if runtime.isChanging { return [] }
    if let firing { windows[name]?.calendarFiring = firing }
    windows[name]?.needsCalendar = false
    windows[name]?.isReadingCalendar = true
    inFlight += 1
    return [.readCalendar(runtime.window, before: runtime.printed)]
  }

  /// Takes over a good calendar as a new definition is; pauses the window for a bad one.
  mutating func take(_ outcome: CalendarOutcome, of command: [String], in name: String, at now: Instant) -> [Effect] {
    windows[name]?.isReadingCalendar = false
    dirty.insert(name)
    guard let runtime = windows[name], runtime.isConfigured else { return [] }
    guard (runtime.upcoming ?? runtime.configured).dates.command == command else {
      windows[name]?.needsCalendar = true
      return []
    }
    switch outcome {
    case .unchanged, .stopped: return []
    case .changed(let calendar):
      windows[name]?.printed = calendar
      windows[name]?.upcoming = runtime.upcoming ?? runtime.configured
      return []
    case .bad(let sentence):
      // A definition or a decision is on its way: the command is asked again after it.
      guard !runtime.isChanging else {
        windows[name]?.needsCalendar = true
        return []
      }
      windows[name]?.isChanging = true
      inFlight += 1
      return [.decide(Decision(window: name, action: .pause, reason: sentence, by: "backfilld", at: now))]
    }
  }
}
