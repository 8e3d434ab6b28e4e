/// Small samples first: how many dates the next activation may work on.
public enum Ramp {
  /// The size of the chunk after `index` chunks went well in a row: an entry of the ramp, then the full chunk.
  ///
  /// A ramp entry never exceeds the chunk. `nil`: no limit.
  public static func quota(of schedule: Schedule, index: Int) -> Int? {
    guard index < schedule.ramp.count else { return schedule.chunk }
    return min(schedule.ramp[index], schedule.chunk ?? .max)
  }

  /// What the end of an activation does to the ramp: an anomaly, a held date or an alarm of the drift test (`alarmed`: the dates
  /// of those that are open) sends it back to the first entry, a full quota of dates that are done moves it on, a chunk that
  /// ended early leaves it where it is. Dates that wait for their input do neither. What a person starts by hand does not count.
  public static func move(
    after activation: Activation, dates: [CivilDate: DateSummary], alarmed: Set<CivilDate> = []
  ) -> RampMove {
    guard activation.kind != .hand else { return .stay }
    let worked = activation.started.filter { !(dates[$0]?.awaitsInput ?? false) }.map { dates[$0] }
    if worked.contains(where: { $0?.state == .held || $0?.verdict == .anomaly }) { return .reset }
    if !activation.started.isDisjoint(with: alarmed) { return .reset }
    guard let quota = activation.quota else { return .advance }
    return worked.count { $0?.state == .done } >= quota ? .advance : .stay
  }
}
