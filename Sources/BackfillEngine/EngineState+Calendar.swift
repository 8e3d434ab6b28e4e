import BackfillCore

/// Calendars that a command prints.
extension EngineState {
  /// Runs the command when that is due. While it runs the window starts nothing new; `nil`: the window need not wait.
  mutating func readCalendar(of name: String) -> [Effect]? {
    guard let runtime = windows[name], runtime.configured.dates.command != nil, degraded == nil else { return nil }
    if runtime.isReadingCalendar { return [] }
    guard runtime.needsCalendar else { return nil }
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
      inFlight += 1
      return [.decide(Decision(window: name, action: .pause, reason: sentence, by: "backfilld", at: now))]
    }
  }
}
