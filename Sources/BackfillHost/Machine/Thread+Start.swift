import Glibc

/// Work that blocks, on a thread of its own.
public enum Blocking {
  /// Does `work` on a new thread; where none can be started, on the caller's.
  public static func run<Answer: Sendable>(_ work: @escaping @Sendable () -> Answer) async -> Answer {
    await withCheckedContinuation { continuation in
      do {
        try Thread.start { continuation.resume(returning: work()) }
      } catch {
        continuation.resume(returning: work())
      }
    }
  }
}

/// A thread of our own, for what blocks in the kernel and must not hold a thread of the concurrency runtime.
enum Thread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }

  /// Runs `body` on a new detached thread that takes no signals.
  static func start(_ body: @escaping @Sendable () -> Void) throws(SystemFailure) {
    let argument = Unmanaged.passRetained(Body(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))

    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument.toOpaque())
    guard code == 0 else {
      argument.release()
      throw SystemFailure("cannot start a thread", code: code)
    }
  }
}
