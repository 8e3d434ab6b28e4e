import BackfillCore

/// The alarms of the drift test of one window that no person has settled, oldest date first.
struct OpenAlarms: Sendable {
  private(set) var all: [OpenAlarm]
  /// Up to which date a person has settled each stream: the loop may hear of an alarm after it heard of that.
  private var settled: [DriftStream: CivilDate] = [:]

  init(_ all: [OpenAlarm] = []) {
    self.all = all
  }

  /// Takes in alarms that are written down.
  mutating func note(_ alarms: [OpenAlarm]) {
    let open = alarms.filter { alarm in
      settled[DriftStream(step: alarm.step, name: alarm.stream)].map { alarm.date > $0 } ?? true
    }
    all = (all + open).sorted { ($0.date, $0.step, $0.stream) < ($1.date, $1.step, $1.stream) }
  }

  /// Takes in that steps of `date` run again, all but those that are `done`: what was said about them is withdrawn.
  mutating func withdraw(of date: CivilDate, done: Set<String>) {
    all.removeAll { $0.date == date && !done.contains($0.step) }
  }

  /// Takes in that `steps` of `date` were judged again: what was said about them is withdrawn.
  mutating func withdraw(of date: CivilDate, judged steps: Set<String>) {
    all.removeAll { $0.date == date && steps.contains($0.step) }
  }

  /// Takes in that streams start anew.
  mutating func settle(_ restarts: [DriftRestart]) {
    for restart in restarts {
      settled[restart.stream] = max(settled[restart.stream] ?? restart.after, restart.after)
      all.removeAll { alarm in
        alarm.step == restart.stream.step && alarm.stream == restart.stream.name && alarm.date <= restart.after
      }
    }
  }
}
