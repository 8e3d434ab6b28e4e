extension ChunkPlanner {
  /// The first and the last date that `activation` may work on, seen from now: what its preflight is told. `nil`: none.
  ///
  /// The dates that it would start if all went well, as far as its quota goes, and those it looks at again because their
  /// input was missing.
  public func span(of activation: Activation, in situation: Situation) -> (from: CivilDate, to: CivilDate)? {
    if let named = activation.dates {
      let open = named.filter {
        !activation.started.contains($0) && isStartable($0, by: activation, in: situation) && calendar[$0] != nil
      }
      guard let from = open.min(), let to = open.max() else { return nil }
      return (from, to)
    }
    let range = situation.pending ?? calendar.dates.indices
    let waiting = situation.waiting.compactMap { calendar[$0] }.filter { entry in
      calendar.position(of: entry.date).map { !range.contains($0) } ?? false
    }
    let candidates =
      waiting.isEmpty ? calendar.dates[range] : (calendar.dates[range] + waiting).sorted { $0.date < $1.date }[...]
    let mayStart: (CalendarDate) -> Bool = { entry in
      !entry.isBootstrap && isStartable(entry.date, by: activation, in: situation)
    }
    if activation.quota == nil, window.steps.allSatisfy(\.lookbacks.isEmpty) {
      guard let from = candidates.first(where: mayStart), let to = candidates.last(where: mayStart) else { return nil }
      return (from.date, to.date)
    }
    var picked: Set<CivilDate> = []
    var left = activation.quota.map { max(0, $0 - activation.used(situation.dates)) } ?? .max
    for entry in window.order == .oldestFirst ? Array(candidates) : candidates.reversed() where mayStart(entry) {
      let date = entry.date
      // What it has started already takes no further place of its quota.
      guard left > 0 || activation.started.contains(date) else { continue }
      let waits = waitReason(of: date) { earlier, step in
        picked.contains(earlier) || situation.dates[earlier]?.doneSteps.contains(step) ?? false
      }
      guard waits == nil else { continue }
      picked.insert(date)
      if !(situation.dates[date]?.awaitsInput ?? false), !activation.started.contains(date) { left -= 1 }
    }
    guard let from = picked.min(), let to = picked.max() else { return nil }
    return (from, to)
  }
}
