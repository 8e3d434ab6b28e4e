import Synchronization

/// How a process ended.
enum DaemonEnd: Sendable, Equatable {
  case exited(Int32)
  /// By the signal of this number.
  case killed(Int32)
}

/// What is heard of a daemon, in order: what it tells systemd, and its end, which is the last note.
final class DaemonNotes: Sendable {
  enum Note: Sendable, Equatable {
    /// One datagram of sd_notify(3).
    case told(String)
    case ended(DaemonEnd)
  }

  typealias Condition = @Sendable ([Note]) -> Bool

  private struct State {
    var notes: [Note] = []
    var lastID: UInt64 = 0
    var waiters: [UInt64: (condition: Condition, continuation: CheckedContinuation<Void, Never>)] = [:]
  }

  private let state = Mutex(State())

  /// Everything so far.
  var all: [Note] { state.withLock { $0.notes } }

  func add(_ note: Note) {
    let ready = state.withLock { state in
      state.notes.append(note)
      let met = state.waiters.filter { $0.value.condition(state.notes) }
      for id in met.keys { state.waiters[id] = nil }
      return met.values.map(\.continuation)
    }
    for continuation in ready { continuation.resume() }
  }

  /// Waits until `condition` holds, at most `limit`; returns whether it does.
  func wait(atMost limit: Duration = .seconds(30), until condition: @escaping Condition) async -> Bool {
    await withTaskGroup(of: Void.self) { race in
      race.addTask { await self.wait(until: condition) }
      race.addTask {
        do { try await Task.sleep(for: limit) } catch { return }
      }
      await race.next()
      race.cancelAll()
    }
    return condition(all)
  }

  /// Returns when `condition` holds or the task is cancelled.
  private func wait(until condition: @escaping Condition) async {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if condition(state.notes) || Task.isCancelled { return true }
          state.waiters[id] = (condition, continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
    }
  }
}
