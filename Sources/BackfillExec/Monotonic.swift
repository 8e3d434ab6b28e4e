import Glibc

/// A reading of CLOCK_MONOTONIC: time limits and durations are measured with it, whatever is done to the wall clock.
///
/// It stands still while the machine is suspended. Source: clock_gettime(2).
struct Monotonic: Comparable, Sendable {
  /// Nanoseconds since some point before the process began.
  let nanoseconds: Int64

  /// The reading of this moment.
  static func now() -> Monotonic {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Monotonic(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  static func < (left: Monotonic, right: Monotonic) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Durations beyond what fits (about 292 years) end at the last reading there is.
  static func + (reading: Monotonic, duration: Duration) -> Monotonic {
    let (seconds, attoseconds) = duration.components
    let (whole, tooMany) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, tooLate) = reading.nanoseconds.addingReportingOverflow(tooMany ? .max : whole)
    let (exact, beyond) = sum.addingReportingOverflow(attoseconds / 1_000_000_000)
    return Monotonic(nanoseconds: tooMany || tooLate || beyond ? .max : exact)
  }

  static func - (left: Monotonic, right: Monotonic) -> Duration {
    .nanoseconds(left.nanoseconds - right.nanoseconds)
  }
}
