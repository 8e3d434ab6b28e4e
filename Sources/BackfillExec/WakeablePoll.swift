import CPosix
import Glibc

/// An epoll instance, and a counter by which other threads wake the one that waits on it.
///
/// Source: epoll(7), eventfd(2). Registering descriptors is safe from any thread.
struct WakeablePoll: Sendable {
  /// The token of a wake-up; no registered descriptor may have it.
  static let wakeToken: UInt64 = 0

  private let poll: Int32
  private let counter: Int32

  init() throws(SystemError) {
    poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard poll >= 0 else { throw .last }
    counter = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard counter >= 0 else {
      let problem = SystemError.last
      Glibc.close(poll)
      throw problem
    }
    let result = add(counter, token: Self.wakeToken)
    if case .failure(let problem) = result {
      close()
      throw problem
    }
  }

  func close() {
    Glibc.close(counter)
    Glibc.close(poll)
  }

  /// Waits for `descriptor` to become readable or to be hung up, until it is removed or closed.
  func add(_ descriptor: Int32, token: UInt64) -> Result<Void, SystemError> {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.u64 = token
    return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 ? .success(()) : .failure(.last)
  }

  func remove(_ descriptor: Int32) {
    var event = epoll_event()
    epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, &event)
  }

  /// Ends the wait that goes on, or the next one.
  func wake() {
    var one: UInt64 = 1
    write(counter, &one, 8)
  }

  /// Waits until something is ready or `deadline` (`nil`: none) has passed; returns the tokens of what is ready, wake-ups
  /// left out.
  func wait(until deadline: Monotonic?) -> [UInt64] {
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    let count = epoll_wait(poll, &events, 64, Self.milliseconds(until: deadline))
    var tokens: [UInt64] = []
    for event in events.prefix(max(0, Int(count))) {
      if event.data.u64 == Self.wakeToken {
        var value: UInt64 = 0
        read(counter, &value, 8)
      } else {
        tokens.append(event.data.u64)
      }
    }
    return tokens
  }

  /// Rounded up, so that nothing wakes before its time.
  private static func milliseconds(until deadline: Monotonic?) -> Int32 {
    guard let deadline else { return -1 }
    let left = (deadline.nanoseconds - Monotonic.now().nanoseconds + 999_999) / 1_000_000
    return Int32(clamping: max(0, left))
  }
}
