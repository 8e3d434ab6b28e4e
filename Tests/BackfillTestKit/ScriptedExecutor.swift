import BackfillCore
import Synchronization

/// An executor whose steps end as a script says, without processes. It remembers every order.
public final class ScriptedExecutor: Executor {
  public typealias Script = @Sendable (ExecutionOrder) async -> Execution

  private let script: Script
  private let taken = Mutex<[ExecutionOrder]>([])
  private let clearedRuns = Mutex<[Set<String>]>([])

  public init(_ script: @escaping Script) {
    self.script = script
  }

  /// An executor whose every step passes with one record.
  public static func passing() -> ScriptedExecutor {
    ScriptedExecutor { _ in .passed(Report(attempted: 1, records: 1)) }
  }

  /// The orders so far, in the order of their starts.
  public var orders: [ExecutionOrder] { taken.withLock { $0 } }

  /// `DATE step` of each order so far.
  public var started: [String] { orders.map { "\($0.attempt.date) \($0.attempt.step)" } }

  /// The runs whose leftovers were asked to be stopped.
  public var leftovers: [Set<String>] { clearedRuns.withLock { $0 } }

  public func run(_ order: ExecutionOrder, permit: any StartPermit) async throws(ExecutorFailure) -> Execution {
    guard await permit.wait() else { return .ended(.stopped) }
    taken.withLock { $0.append(order) }
    return await script(order)
  }

  public func stopLeftovers(of runIDs: Set<String>) async throws(ExecutorFailure) -> Int {
    clearedRuns.withLock { $0.append(runIDs) }
    return 0
  }
}

extension Execution {
  /// Exit 0 with `report`.
  public static func passed(_ report: Report, duration: Duration = .milliseconds(5)) -> Execution {
    Execution(ending: .exited(0), started: Instant(seconds: 0), duration: duration, report: .report(report))
  }

  /// Ended in another way, without a report.
  public static func ended(_ ending: Ending) -> Execution {
    Execution(
      ending: ending, started: Instant(seconds: 0), duration: .milliseconds(5),
      report: .missing("it wrote no report to BACKFILL_REPORT"))
  }
}

extension StartPermit {
  /// Returns whether the permit was given before the calling task was cancelled.
  public func wait() async -> Bool {
    let once = Once()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        once.wait(continuation)
        whenGiven { once.end(true) }
      }
    } onCancel: {
      once.end(false)
    }
  }
}

/// One continuation that two sides may resume; the first wins.
private final class Once: Sendable {
  private struct State {
    var continuation: CheckedContinuation<Bool, Never>?
    var answer: Bool?
  }

  private let state = Mutex(State())

  func wait(_ continuation: CheckedContinuation<Bool, Never>) {
    let answer = state.withLock { state in
      if state.answer == nil { state.continuation = continuation }
      return state.answer
    }
    if let answer { continuation.resume(returning: answer) }
  }

  func end(_ answer: Bool) {
    let continuation = state.withLock { state in
      guard state.answer == nil else { return nil as CheckedContinuation<Bool, Never>? }
      state.answer = answer
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(returning: answer)
  }
}
