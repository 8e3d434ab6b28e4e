/// What was computed from what: the results that are out of date when steps run again.
///
/// A step depends on the steps that it comes after, on the same date, and on those that it looks back at, on the earlier
/// dates to be computed. So whatever becomes stale is on the same date or a later one, and one walk through the calendar
/// finds it.
public struct Staleness: Sendable {
  public let window: Window
  public let calendar: WindowCalendar
  /// What comes above first.
  private let order: [Step]

  public init(window: Window, calendar: WindowCalendar) {
    self.window = window
    self.calendar = calendar
    order = StepGraph(window.steps).inOrder
  }

  /// The named steps of the named dates, and every result that was computed from them, from those, and so on.
  ///
  /// - Parameters:
  ///   - dates: Dates of the calendar.
  ///   - steps: Names of the steps that run again on them.
  ///   - hasResult: Whether a step of a date has a result that can become stale; nothing is stale through one that has
  ///     none.
  /// - Returns: Names of steps by date, the named ones among them.
  public func reached(
    from dates: Set<CivilDate>, steps: Set<String>, hasResult: (CivilDate, String) -> Bool
  ) -> [CivilDate: Set<String>] {
    guard let first = dates.min() else { return [:] }
    var found: [CivilDate: Set<String>] = [:]
    // Where a step was reached last, among the dates to be computed.
    var lastPlace: [String: Int] = [:]
    var place = 0
    for entry in calendar.dates {
      defer { if !entry.isBootstrap { place += 1 } }
      guard entry.date >= first else { continue }
      let isNamed = dates.contains(entry.date)
      var here: Set<String> = []
      for step in order {
        let isReached =
          isNamed && steps.contains(step.name)
          || (dependsOn(step, here, lastPlace, from: entry.isBootstrap ? nil : place)
            && hasResult(entry.date, step.name))
        if isReached { here.insert(step.name) }
      }
      guard !here.isEmpty else { continue }
      found[entry.date] = here
      if !entry.isBootstrap { for step in here { lastPlace[step] = place } }
    }
    return found
  }

  /// Whether `step`, at the `place`-th date to be computed (`nil`: a date of the bootstrap), was computed from what was
  /// reached.
  private func dependsOn(
    _ step: Step, _ here: Set<String>, _ lastPlace: [String: Int], from place: Int?
  ) -> Bool {
    if step.after.contains(where: here.contains) { return true }
    guard let place else { return false }
    return step.lookbacks.contains { lookback in
      lastPlace[lookback.step].map { $0 >= place - lookback.dates } ?? false
    }
  }
}
