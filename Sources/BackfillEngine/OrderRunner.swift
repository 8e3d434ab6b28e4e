import BackfillCore

/// Hands one process after the other to the executor, and tries again while no process can be started at all.
struct OrderRunner: Sendable {
  /// The wait before a start is tried again when the daemon could not start a process at all.
  static let pause = Duration.seconds(5)

  let executor: any Executor
  let clock: any Clock
  let mailbox: Mailbox
  /// Given when running processes are to be stopped; whoever runs one is cancelled then.
  let abort: StopSignal

  /// Runs `order` to its end. When the calling task is cancelled, the executor stops the process.
  func run(_ order: ExecutionOrder) async -> Execution {
    var hasFailed = false
    while !abort.isGiven {
      do {
        let execution = try await executor.run(order)
        if hasFailed { mailbox.post(.executorWorks) }
        return execution
      } catch {
        hasFailed = true
        mailbox.post(.executorFailed(error.message))
        if await abort.wait(atMost: Self.pause, clock) { break }
      }
    }
    return notRun(.stopped)
  }

  /// The execution of something that was never started.
  func notRun(_ ending: Ending) -> Execution {
    Execution(ending: ending, started: clock.now(), duration: .zero, report: .notPromised)
  }
}
