/// The threads that the engine's tasks run on.
public protocol WorkThreads: Sendable {
  /// Runs the loop and its child tasks, one job at a time; none of them blocks.
  var loop: any TaskExecutor { get }

  /// Runs what hands events over to the journal, which may block.
  var journal: any TaskExecutor { get }

  /// A thread for one task and its children. What blocks it holds up nothing else.
  func own() -> any TaskExecutor
}
