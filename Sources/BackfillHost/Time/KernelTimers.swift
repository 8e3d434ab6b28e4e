import BackfillCore
import CSystemd
import Glibc
import Synchronization

/// Two timers of the kernel, one for each clock, and everybody who waits for them. Source: timerfd_create(2).
final class KernelTimers: Sendable {
  typealias Wait = CheckedContinuation<WallWait, any Error>

  /// Which clock a deadline is on, in nanoseconds since its beginning.
  enum Base: Sendable {
    /// Never set, stands still during a suspend; since boot.
    case monotonic
    /// Can be set; since 1970-01-01T00:00:00Z.
    case wall

    /// What the clock shows.
    func now() -> Int64 {
      var time = timespec()
      clock_gettime(id, &time)
      return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    fileprivate var id: clockid_t { self == .monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME }
  }

  private struct Waits {
    var monotonic = DeadlineHeap<Wait>()
    var wall = DeadlineHeap<Wait>()
    /// What each timer is set to; 0: it is not set, or has fired.
    var monotonicTimer: Int64 = 0
    var wallTimer: Int64 = 0
  }

  private let monotonicTimer: Int32
  private let wallTimer: Int32
  /// Becomes readable (end of file) when `stop` closes the other end.
  private let stopReading: Int32
  private let stopWriting: Int32
  private let waits = Mutex(Waits())

  init() throws(SystemFailure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemFailure("cannot make a pipe for the timers", code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    stopReading = ends[0]
    stopWriting = ends[1]
    monotonicTimer = chost_timer_create(Base.monotonic.id)
    wallTimer = chost_timer_create(Base.wall.id)
    guard monotonicTimer >= 0, wallTimer >= 0 else {
      let code = errno
      for descriptor in [stopReading, stopWriting, monotonicTimer, wallTimer] where descriptor >= 0 {
        close(descriptor)
      }
      throw SystemFailure("cannot make a timer", code: code)
    }
  }

  deinit {
    for descriptor in [stopReading, monotonicTimer, wallTimer] { close(descriptor) }
  }

  var waiting: Int { waits.withLock { $0.monotonic.count + $0.wall.count } }

  /// Adds a wait, or ends it at once when its task is cancelled already or the deadline has passed.
  func insert(id: UInt64, on base: Base, deadline: Int64, _ wait: Wait) {
    // A cancellation that came before this is seen here; one that comes later finds the wait in the heap.
    let (isCancelled, ended) = waits.withLock { waits -> (Bool, [(Wait, WallWait)]) in
      guard !Task.isCancelled else { return (true, []) }
      guard deadline > base.now() else { return (false, [(wait, .reached)]) }
      switch base {
      case .monotonic: waits.monotonic.insert(id: id, deadline: deadline, payload: wait)
      case .wall: waits.wall.insert(id: id, deadline: deadline, payload: wait)
      }
      return (false, arm(base, &waits))
    }
    if isCancelled { wait.resume(throwing: CancellationError()) }
    Self.resume(ended)
  }

  /// Ends the wait `id` with a `CancellationError`, if it still waits.
  func cancel(id: UInt64, on base: Base) {
    let (cancelled, ended) = waits.withLock { waits in
      let cancelled =
        switch base {
        case .monotonic: waits.monotonic.remove(id: id)
        case .wall: waits.wall.remove(id: id)
        }
      return (cancelled, cancelled == nil ? [] : arm(base, &waits))
    }
    cancelled?.resume(throwing: CancellationError())
    Self.resume(ended)
  }

  /// Ends every wait for an instant with `.clockWasSet`.
  func clockWasSet() {
    let ended = waits.withLock { waits in
      Self.endAll(&waits) + arm(.wall, &waits)
    }
    Self.resume(ended)
  }

  /// Lets `run` return.
  func stop() {
    close(stopWriting)
  }

  /// Waits for the timers and ends waits, until `stop`.
  func run() {
    var watched = [stopReading, monotonicTimer, wallTimer].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      let count = poll(&watched, nfds_t(watched.count), -1)
      guard count > 0 else { continue }
      guard watched[0].revents == 0 else { return }
      for (timer, base) in [(watched[1], Base.monotonic), (watched[2], Base.wall)] where timer.revents != 0 {
        let result = chost_timer_take(timer.fd)
        if base == .wall, result == ECANCELED { clockWasSet() }
        let ended = waits.withLock { waits in endDue(base, &waits) }
        Self.resume(ended)
      }
    }
  }

  private func endDue(_ base: Base, _ waits: inout Waits) -> [(Wait, WallWait)] {
    let now = base.now()
    let due: [Wait]
    switch base {
    case .monotonic:
      waits.monotonicTimer = 0
      due = waits.monotonic.removeDue(at: now)
    case .wall:
      waits.wallTimer = 0
      due = waits.wall.removeDue(at: now)
    }
    return due.map { ($0, .reached) } + arm(base, &waits)
  }

  /// Sets the timer to the earliest deadline; returns the waits that end because the clock was set since.
  private func arm(_ base: Base, _ waits: inout Waits) -> [(Wait, WallWait)] {
    switch base {
    case .monotonic:
      let code = Self.set(monotonicTimer, to: waits.monotonic.earliest, from: &waits.monotonicTimer, cancelOnSet: false)
      // The only errors are wrong arguments, which cannot be made from a number that is not negative.
      precondition(code == 0, "timerfd_settime: errno \(code)")
      return []
    case .wall:
      let code = Self.set(wallTimer, to: waits.wall.earliest, from: &waits.wallTimer, cancelOnSet: true)
      precondition(code == 0 || code == ECANCELED, "timerfd_settime: errno \(code)")
      guard code == ECANCELED else { return [] }
      return Self.endAll(&waits)
    }
  }

  /// Sets `timer` where it is set to something else; returns 0 or an errno.
  private static func set(_ timer: Int32, to earliest: Int64?, from set: inout Int64, cancelOnSet: Bool) -> Int32 {
    // A time of 0 would disarm the timer; what is due fires at the first nanosecond as well.
    let deadline = earliest.map { max($0, 1) } ?? 0
    guard deadline != set else { return 0 }
    set = deadline
    return chost_timer_set(
      timer, deadline / 1_000_000_000, deadline % 1_000_000_000, cancelOnSet && deadline > 0 ? 1 : 0)
  }

  private static func endAll(_ waits: inout Waits) -> [(Wait, WallWait)] {
    waits.wall.removeAll().map { ($0, .clockWasSet) }
  }

  private static func resume(_ ended: [(Wait, WallWait)]) {
    for (wait, result) in ended { wait.resume(returning: result) }
  }
}
