import BackfillCore
import Synchronization

/// Lets through as much of each execution's output as its budget allows, and says how much it left out; events pass.
public final class BudgetedOutput: EventSink, OutputSink {
  private let journal: any EventSink & OutputSink
  private let clock: any Clock
  private let limits: OutputBudget.Limits
  /// Of the executions that have written something, by their run.
  private let budgets = Mutex<[String: OutputBudget]>([:])

  public init(
    _ journal: any EventSink & OutputSink, clock: any Clock, limits: OutputBudget.Limits = OutputBudget.Limits()
  ) {
    self.journal = journal
    self.clock = clock
    self.limits = limits
  }

  public func hand(over event: JournalEvent, at instant: Instant) {
    journal.hand(over: event, at: instant)
  }

  public func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) {
    let now = clock.now()
    let (isTaken, leftOut) = budgets.withLock { budgets in
      budgets[attempt.runID, default: OutputBudget(limits)].take(line.count, at: now)
    }
    if let leftOut { tell(leftOut, of: attempt, at: now) }
    if isTaken { journal.take(line: line, isError: isError, of: attempt) }
  }

  public func ended(_ attempt: AttemptIdentity) {
    let leftOut = budgets.withLock { budgets in
      var budget = budgets.removeValue(forKey: attempt.runID)
      return budget?.end()
    }
    if let leftOut { tell(leftOut, of: attempt, at: clock.now()) }
    journal.ended(attempt)
  }

  private func tell(_ leftOut: OutputBudget.Amount, of attempt: AttemptIdentity, at now: Instant) {
    journal.hand(over: .outputLeftOut(attempt, lines: leftOut.lines, bytes: leftOut.bytes), at: now)
  }
}
