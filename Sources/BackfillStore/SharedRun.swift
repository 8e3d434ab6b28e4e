import Synchronization

/// Costly work that is done once for all who ask while it goes on.
///
/// Who asks after its end has it done again: nobody gets what is older than the question, but for the work's own time.
final class SharedRun<Value: Sendable>: Sendable {
  private let running = Mutex<Task<Value, Never>?>(nil)

  /// The run that goes on; without one, `work` begins.
  func join(_ work: @escaping @Sendable () async -> Value) -> Task<Value, Never> {
    running.withLock { current in
      if let current { return current }
      let task = Task {
        let value = await work()
        self.running.withLock { $0 = nil }
        return value
      }
      current = task
      return task
    }
  }
}
