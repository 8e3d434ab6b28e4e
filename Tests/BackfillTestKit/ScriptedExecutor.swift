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

  public func run(_ order: ExecutionOrder) async throws(ExecutorFailure) -> Execution {
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
