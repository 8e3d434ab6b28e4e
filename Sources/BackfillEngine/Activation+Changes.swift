import BackfillCore

extension Activation {
  /// No date starts any more.
  func isTimeOver(at now: Instant) -> Bool {
    endsAt.map { $0 <= now } ?? false
  }

  /// The activation with `date` among the dates it has started; `awaitedInput`: it was held for its input before.
  func adding(started date: CivilDate, awaitedInput: Bool) -> Activation {
    changed(
      started: started.union([date]),
      lookedAt: awaitedInput && !started.contains(date) ? lookedAt.union([date]) : lookedAt)
  }

  /// The activation after a pause: it starts nothing more.
  var halted: Activation { changed(isHalted: true) }

  /// The activation after its preflight.
  var afterPreflight: Activation { changed(hasPassedPreflight: true) }

  private func changed(
    started: Set<CivilDate>? = nil, lookedAt: Set<CivilDate>? = nil, hasPassedPreflight: Bool? = nil,
    isHalted: Bool? = nil
  ) -> Activation {
    Activation(
      id: id, window: window, kind: kind, nominal: nominal, quota: quota, endsAt: endsAt, dates: dates, step: step,
      by: by, started: started ?? self.started, lookedAt: lookedAt ?? self.lookedAt, runID: runID,
      hasPassedPreflight: hasPassedPreflight ?? self.hasPassedPreflight, isHalted: isHalted ?? self.isHalted)
  }
}
