/// Starts, watches and stops the processes of attempts.
public protocol Executor: Sendable {
  /// Runs one attempt to its end. Blocks the thread of the caller's executor while the process is
  /// started, and while the sink takes its output.
  ///
  /// A step that goes badly is a value (`Execution.ending`, `Execution.report`); nothing is thrown for it. When the calling
  /// task is cancelled, the whole process group gets SIGTERM, after `killGrace` SIGKILL, and the ending is `stopped`.
  func run(_ order: ExecutionOrder) async throws(ExecutorFailure) -> Execution

  /// Finds the processes whose environment carries one of `runIDs` as `BACKFILL_RUN_ID`, stops them and waits for their end.
  ///
  /// - Returns: How many runs had processes left.
  func stopLeftovers(of runIDs: Set<String>) async throws(ExecutorFailure) -> Int
}

/// The daemon cannot start processes at all: out of file descriptors, no place for reports.
public struct ExecutorFailure: Error, Equatable, Sendable, CustomStringConvertible {
  public let message: String
  public var description: String { message }

  public init(_ message: String) {
    self.message = message
  }
}

/// Takes the output of steps, line by line.
public protocol OutputSink: Sendable {
  /// Takes one line without its line feed, at most 48 KiB of it; may block. Called off the scheduler's thread, in order.
  func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity)

  /// An execution of `attempt` writes nothing more.
  func ended(_ attempt: AttemptIdentity)
}

extension OutputSink {
  public func ended(_ attempt: AttemptIdentity) {}
}
