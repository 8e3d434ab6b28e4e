import BackfillCore
import Synchronization

/// Tells the runners of dates that no new step is to start; given once, for ever.
final class StopSignal: Sendable {
  private struct State {
    var isGiven = false
    var nextID: UInt64 = 0
    var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  /// Whether the signal was given.
  var isGiven: Bool { state.withLock { $0.isGiven } }

  /// Gives the signal.
  func give() {
    let waiting = state.withLock { state in
      state.isGiven = true
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when the signal is given or the calling task is cancelled.
  func wait() async {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isGiven || Task.isCancelled { return true }
          state.waiting[id] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
    }
  }

  /// Does `work` in a task of its own, which is cancelled when the signal is given.
  func cancelling<Answer: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    let result = await withTaskGroup(of: Result<Answer, Failure>?.self) { race in
      race.addTask {
        do throws(Failure) {
          return .success(try await work())
        } catch {
          return .failure(error)
        }
      }
      race.addTask {
        await self.wait()
        return nil
      }
      // Cancelled or not, the work comes to its end.
      while true {
        let result = await race.next() ?? nil
        race.cancelAll()
        if let result { return result }
      }
    }
    return try result.get()
  }

  /// Waits for the signal, at most `duration`; returns whether it was given.
  func wait(atMost duration: Duration, _ clock: any Clock) async -> Bool {
    await withTaskGroup(of: Void.self) { race in
      race.addTask { await self.wait() }
      race.addTask {
        do {
          try await clock.wait(for: duration)
        } catch {
          // The signal came first.
        }
      }
      await race.next()
      race.cancelAll()
    }
    return isGiven
  }
}
