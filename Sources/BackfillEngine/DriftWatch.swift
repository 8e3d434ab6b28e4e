import BackfillCore

/// The drift test of one window in the loop's memory: how far it has folded, and how far it is folding now.
struct DriftWatch {
  private(set) var fold: DriftFold
  /// Counts up whenever something that was folded no longer holds: the result of an older fold is then thrown away.
  private(set) var generation = 0
  /// The last date of the fold that is under way; `nil` when none is.
  private var target: CivilDate?

  /// `nil` for a window without rates: nothing is folded.
  init?(_ window: Window) {
    let streams = window.driftStreams
    guard !streams.isEmpty else { return nil }
    fold = DriftFold(streams)
  }

  var isFolding: Bool { target != nil }

  /// How far the fold can go on over dates in these states; `nil` when it can not, or is under way.
  func reach(in calendar: WindowCalendar, _ dates: [CivilDate: DateSummary]) -> CivilDate? {
    guard !isFolding else { return nil }
    return fold.reach(in: calendar) { dates[$0.date]?.state ?? DriftFold.untouched($0) }
  }

  /// The fold up to `target` is under way.
  mutating func begin(through target: CivilDate) {
    self.target = target
  }

  /// Takes in what the fold of `generation` came to.
  mutating func end(_ fold: DriftFold, generation: Int) {
    target = nil
    if generation == self.generation { self.fold = fold }
  }

  /// Something about `date` is no longer what it was: when it was folded, all is folded again.
  mutating func noteChange(of date: CivilDate) {
    guard let last = target ?? fold.through, date <= last else { return }
    restart()
  }

  /// All is folded again.
  mutating func restart() {
    generation += 1
    fold = DriftFold(fold.streams)
  }
}
