import BackfillCore

/// Hands one process after the other to the executor, and tries again while no process can be started at all.
struct OrderRunner: Sendable {
  /// The wait before a start is tried again when the daemon could not start a process at all.
  static let pause = Duration.seconds(5)

  let executor: any Executor
  let clock: any Clock
  let mailbox: Mailbox
  /// Given when running processes are to be stopped.
  let abort: StopSignal

  /// Runs `order` to its end; `abort` stops it.
  func run(_ order: ExecutionOrder) async -> Execution {
    var hasFailed = false
    while !abort.isGiven {
      do {
        let execution = try await runUntilAbort(order)
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

  /// Runs `order` in a task of its own, which is cancelled when `abort` is given: the executor stops the process then.
  private func runUntilAbort(_ order: ExecutionOrder) async throws(ExecutorFailure) -> Execution {
    let result = await withTaskGroup(of: Result<Execution, ExecutorFailure>?.self) { race in
      race.addTask {
        do throws(ExecutorFailure) {
          return .success(try await executor.run(order))
        } catch {
          return .failure(error)
        }
      }
      race.addTask {
        await abort.wait()
        return nil
      }
      var result = await race.next() ?? nil
      race.cancelAll()
      while result == nil, let next = await race.next() { result = next }
      return result
    }
    return try result?.get() ?? notRun(.stopped)
  }
}
