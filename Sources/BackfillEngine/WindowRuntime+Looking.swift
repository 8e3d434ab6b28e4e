import BackfillCore

/// What a person may ask of a window that changes nothing.
extension WindowRuntime {
  /// What a forecast is made from.
  func forecastFacts(sharers: [String: [String]], at now: Instant) -> Forecast.Facts {
    Forecast.Facts(
      window: window, calendar: calendar, record: record, dates: dates,
      activations: activations.filter { !ending.contains($0.id) }, nextFiring: nextFiring, sharers: sharers, now: now,
      hasCalendar: calendarState == .known)
  }

  /// Lines that say which steps of `named`, in calendar order, would run: `2013-02-01..2013-02-04: load, summary`.
  func wouldRun(_ named: [CivilDate], step: String?) -> [String] {
    var runs: [(positions: ClosedRange<Int>, steps: [String])] = []
    for date in named {
      guard let position = calendar.position(of: date) else { continue }
      let done = dates[date]?.doneSteps ?? []
      let steps = step.map { [$0] } ?? window.steps.map(\.name).filter { !done.contains($0) }
      if let last = runs.last, last.steps == steps, last.positions.upperBound == position - 1 {
        runs[runs.count - 1].positions = last.positions.lowerBound...position
      } else {
        runs.append((position...position, steps))
      }
    }
    return runs.map { run in
      let (first, last) = (calendar.dates[run.positions.lowerBound].date, calendar.dates[run.positions.upperBound].date)
      let range = first == last ? "\(first)" : "\(first)..\(last)"
      return "  \(range): \(run.steps.isEmpty ? "no step is left" : run.steps.joined(separator: ", "))"
    }
  }
}
