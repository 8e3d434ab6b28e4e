import BackfillCore
import Dispatch

/// Has something done at once, but not more often than every so long: what is asked for meanwhile is done together, at the end
/// of that time.
struct Pace {
  private let rest: DispatchTimeInterval
  private var nextAt = DispatchTime(uptimeNanoseconds: 0)
  private var isPlanned = false

  /// With `rest`, in whole milliseconds, from one time to the next.
  init(_ rest: Duration) {
    self.rest = .milliseconds(Int(rest.wholeMilliseconds))
  }

  enum Turn: Equatable {
    case now
    /// It is not to be done, or will be then anyway.
    case not
    /// It is to be done then.
    case at(DispatchTime)
  }

  /// It is asked for at `now`.
  mutating func turn(at now: DispatchTime) -> Turn {
    if isPlanned { return .not }
    isPlanned = now < nextAt
    return isPlanned ? .at(nextAt) : .now
  }

  /// Takes in that it is done at `now`.
  mutating func note(doneAt now: DispatchTime) {
    nextAt = now + rest
    isPlanned = false
  }
}
