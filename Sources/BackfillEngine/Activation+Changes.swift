import BackfillCore

extension Activation {
  /// No date starts any more.
  func isTimeOver(at now: Instant) -> Bool {
    endsAt.map { $0 <= now } ?? false
  }

  /// The activation after a pause: it starts nothing more.
  var halted: Activation { changed(isHalted: true) }

  /// The activation after its preflight.
  var afterPreflight: Activation { changed(hasPassedPreflight: true) }

  private func changed(hasPassedPreflight: Bool? = nil, isHalted: Bool? = nil) -> Activation {
    Activation(
      id: id, window: window, kind: kind, nominal: nominal, quota: quota, endsAt: endsAt, dates: dates, step: step,
      by: by, started: started, lookedAt: lookedAt, runID: runID,
      hasPassedPreflight: hasPassedPreflight ?? self.hasPassedPreflight, isHalted: isHalted ?? self.isHalted)
  }
}
