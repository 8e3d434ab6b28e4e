import CPosix
import Glibc

/// Starts threads that live as long as the process or their owner.
enum OwnThread {
  /// Runs `body` on a new detached thread called `name` (at most 15 bytes).
  ///
  /// One in the background takes the processor from no other that runs, and starts no processes: they would inherit that.
  static func start(
    _ name: String, inBackground: Bool, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(
      Body(name: name) {
        if inBackground { cposix_yield_to_others() }
        body()
      })
    let result = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        // Signals are for the threads that expect them.
        var every = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_BLOCK, &every, nil)
        cposix_name_thread(body.name)
        body.run()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      box.release()
      throw SystemError(result)
    }
    pthread_detach(thread)
  }

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }
}
