import CPosix
import Glibc
import Synchronization

/// What an `EventThread` has to do: jobs, and descriptors that it waits for while it has none.
final class EventWork: Sendable {
  typealias Body = @Sendable () -> Void

  /// What is to be called when a descriptor is ready.
  private struct Watch {
    let id: UInt64
    let descriptor: Int32
    let body: @Sendable () -> Bool
  }

  private struct State {
    var bodies: [Body] = []
    var watched: [Watch] = []
    var lastWatch: UInt64 = 0
    /// The thread waits, and must be woken for what is added.
    var isWaiting = false
    var isOver = false
    /// The loop to which what has been done gave work, and how often something else came first.
    var loop: LoopExecutor?
    var putOff = 0
  }

  /// So long the loop's work waits for the end of a process: within it a chain of short steps has come to where it asks the
  /// loop itself. In milliseconds.
  private static let patience: Int32 = 2
  /// So often the thread's own jobs come before the loop's work; then the loop's own thread is woken for it.
  private static let putOffLimit = 16

  private static let current_ = ThreadOwn<EventWork>()
  private let state = Mutex(State())
  /// An eventfd(2).
  private let wakeUp: Int32

  /// Processes that are started there take the processor from nobody either.
  let isInBackground: Bool

  init(inBackground isInBackground: Bool) throws(SystemError) {
    self.isInBackground = isInBackground
    wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wakeUp >= 0 else { throw .last }
  }

  /// That of the calling thread; `nil` when it is not an `EventThread`.
  static var current: EventWork? { current_.value }

  /// Has `body` called on the thread, after what was added before.
  func add(_ body: @escaping Body) {
    let mustWake = state.withLock { state in
      state.bodies.append(body)
      defer { state.isWaiting = false }
      return state.isWaiting
    }
    if mustWake { wake() }
  }

  /// Calls `body` on the thread each time that `descriptor` is readable or hung up, until it returns `false`: it may have
  /// closed the descriptor then. To be called on the thread.
  ///
  /// Returns what `unwatch` is to be told: the number of a descriptor that was closed may be that of another one already.
  @discardableResult
  func watch(_ descriptor: Int32, _ body: @escaping @Sendable () -> Bool) -> UInt64 {
    state.withLock { state in
      state.lastWatch += 1
      state.watched.append(Watch(id: state.lastWatch, descriptor: descriptor, body: body))
      return state.lastWatch
    }
  }

  /// Ends a watch, if it has not ended yet. To be called on the thread, before the descriptor is closed.
  func unwatch(_ id: UInt64) {
    state.withLock { state in state.watched.removeAll { $0.id == id } }
  }

  /// What is done on the thread has given `loop` work, which the thread does as soon as it has nothing else to do.
  func lend(to loop: LoopExecutor) {
    state.withLock { $0.loop = loop }
  }

  /// Ends the thread after what was added.
  func finish() {
    let mustWake = state.withLock { state in
      state.isOver = true
      return state.isWaiting
    }
    if mustWake { wake() }
  }

  func close() {
    Glibc.close(wakeUp)
  }

  /// The body of the thread.
  func run() {
    Self.current_.value = self
    while let bodies = next() {
      for body in bodies {
        body()
        serveLoop()
      }
      if bodies.isEmpty { waitForDescriptors() }
    }
    Self.current_.value = nil
    close()
  }

  /// What was added; empty: it is time to wait; `nil`: nothing comes any more.
  private func next() -> [Body]? {
    state.withLock { state in
      if state.bodies.isEmpty, state.isOver { return nil }
      state.isWaiting = state.bodies.isEmpty
      defer { state.bodies = [] }
      return state.bodies
    }
  }

  private func waitForDescriptors() {
    let (watched, isLent) = state.withLock { ($0.watched, $0.loop != nil) }
    var polled = watched.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    polled.append(pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0))
    let ready = poll(&polled, nfds_t(polled.count), isLent ? Self.patience : -1)
    state.withLock { $0.isWaiting = false }
    if ready == 0 { return runLoop() }
    if polled.last?.revents != 0 {
      var count: UInt64 = 0
      read(wakeUp, &count, 8)
    }
    for (index, watch) in watched.enumerated() where polled[index].revents != 0 {
      // The one before it may have closed this one.
      guard state.withLock({ state in state.watched.contains { $0.id == watch.id } }) else { continue }
      if !watch.body() { unwatch(watch.id) }
      serveLoop()
    }
  }

  /// Does the loop's work if the thread has none of its own. Waking the loop's thread at each date would have the kernel
  /// start the next process on another processor, which is first to be woken too.
  private func serveLoop() {
    let (isFree, late) = state.withLock { state -> (Bool, LoopExecutor?) in
      guard let loop = state.loop else { return (false, nil) }
      if state.bodies.isEmpty, state.watched.isEmpty { return (true, nil) }
      state.putOff += 1
      return (false, state.putOff > Self.putOffLimit ? loop : nil)
    }
    if isFree { runLoop() }
    guard let late else { return }
    forgetLoop()
    late.wake()
  }

  private func runLoop() {
    forgetLoop()?.runWaiting()
  }

  @discardableResult
  private func forgetLoop() -> LoopExecutor? {
    state.withLock { state in
      defer {
        state.loop = nil
        state.putOff = 0
      }
      return state.loop
    }
  }

  private func wake() {
    var one: UInt64 = 1
    write(wakeUp, &one, 8)
  }
}
