import BackfillCore
import Glibc
import Synchronization

/// The clocks of Linux: the only place that reads them.
///
/// One thread waits in the kernel for the earliest of all waits; a wait that is cancelled is forgotten at once. Waits for a
/// duration run on CLOCK_MONOTONIC, which stands still while the machine is suspended.
public final class SystemClock: Clock {
  private let timers: KernelTimers
  private let lastID = Atomic<UInt64>(0)

  /// Makes the timers and starts the thread.
  public init() throws(SystemFailure) {
    timers = try KernelTimers()
    try Thread.start { [timers] in timers.run() }
  }

  deinit {
    timers.stop()
  }

  public func now() -> Instant {
    Instant(milliseconds: KernelTimers.Base.wall.now() / 1_000_000)
  }

  public func wait(for duration: Duration) async throws {
    let now = KernelTimers.Base.monotonic.now()
    let (deadline, overflows) = now.addingReportingOverflow(Self.nanoseconds(duration))
    _ = try await wait(.monotonic, deadline: overflows ? Int64.max : deadline)
  }

  public func wait(until instant: Instant) async throws -> WallWait {
    let (deadline, overflows) = instant.milliseconds.multipliedReportingOverflow(by: 1_000_000)
    return try await wait(.wall, deadline: overflows ? (instant.milliseconds < 0 ? 0 : Int64.max) : deadline)
  }

  /// Ends every wait for an instant as if the machine's clock had been set.
  func clockWasSet() {
    timers.clockWasSet()
  }

  /// How many waits have neither ended nor been cancelled.
  var waiting: Int { timers.waiting }

  private func wait(_ base: KernelTimers.Base, deadline: Int64) async throws -> WallWait {
    let id = lastID.add(1, ordering: .relaxed).newValue
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        timers.insert(id: id, on: base, deadline: deadline, continuation)
      }
    } onCancel: {
      timers.cancel(id: id, on: base)
    }
  }

  /// Rounded up to a whole nanosecond; at most about 292 years, at least 0.
  private static func nanoseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, sumOverflows) = whole.addingReportingOverflow((attoseconds + 999_999_999) / 1_000_000_000)
    return overflows || sumOverflows ? Int64.max : sum
  }
}
