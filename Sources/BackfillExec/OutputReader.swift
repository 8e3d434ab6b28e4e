import BackfillCore
import Glibc
import Synchronization

/// Reads the output of all steps on one thread of its own, so that a slow sink holds up output and nothing else.
///
/// A step that writes faster than the sink takes waits, as any process does on a full pipe. Memory is bounded: per stream one
/// piece of a line, per execution the tail and at most two lines of 1 MiB that may be a report.
final class OutputReader: Sendable {
  /// How much is read at once.
  private static let chunk = 64 * 1024
  /// What a pipe that is to be closed may still hold at most, in chunks. Source: pipe(7), pipe-max-size.
  private static let lastChunks = 16

  private let poll: WakeablePoll
  private let sink: any OutputSink
  private let inbox = Mutex(Inbox())

  private struct Inbox {
    var arrivals: [OutputOrder] = []
    var closing: [UInt64] = []
    var isOver = false
  }

  init(sink: any OutputSink) throws(SystemError) {
    self.sink = sink
    let poll = try WakeablePoll()
    self.poll = poll
    do throws(SystemError) {
      try OwnThread.start("backfill-output") { [self] in read() }
    } catch {
      poll.close()
      throw error
    }
  }

  /// Reads both streams to their ends.
  func collect(_ order: OutputOrder) -> Result<Void, SystemError> {
    inbox.withLock { inbox in
      // The thread handles no event before it has taken the order, which this lock holds off.
      for descriptor in [order.standard, order.error] {
        guard case .failure(let problem) = poll.add(descriptor, token: UInt64(descriptor) + 1) else { continue }
        poll.remove(order.standard)
        return .failure(problem)
      }
      inbox.arrivals.append(order)
      return .success(())
    }
  }

  /// Nothing of the execution runs any more: reads what its pipes hold and closes them, whoever else has them open.
  func close(_ id: UInt64) {
    inbox.withLock { $0.closing.append(id) }
    poll.wake()
  }

  /// Ends the thread; nothing may be collected after.
  func finish() {
    inbox.withLock { $0.isOver = true }
    poll.wake()
  }

  private func read() {
    var collected: [Int32: CollectedOutput] = [:]
    while true {
      let tokens = poll.wait(until: nil)
      let news = inbox.withLock { inbox in
        defer {
          inbox.arrivals = []
          inbox.closing = []
        }
        return inbox
      }
      if news.isOver { break }
      for order in news.arrivals {
        let output = CollectedOutput(order, sink: sink)
        collected[order.standard] = output
        collected[order.error] = output
      }
      for token in tokens {
        let descriptor = Int32(token - 1)
        if let output = collected[descriptor] { readOnce(descriptor, of: output, in: &collected) }
      }
      for id in news.closing {
        for output in Array(collected.values) where output.order.id == id { closeAll(of: output, in: &collected) }
      }
    }
    poll.close()
  }

  /// Reads one chunk; `false` when there is nothing to read now, or nothing ever again.
  @discardableResult
  private func readOnce(
    _ descriptor: Int32, of output: CollectedOutput, in collected: inout [Int32: CollectedOutput]
  ) -> Bool {
    guard output.open.contains(descriptor) else { return false }
    var result = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunk) { buffer, count in
      result = Glibc.read(descriptor, buffer.baseAddress, Self.chunk)
      count = max(0, result)
    }
    if result > 0 {
      output.take(bytes, from: descriptor)
      return true
    }
    if result < 0, errno == EINTR { return true }
    if result < 0, errno == EAGAIN { return false }
    end(descriptor, of: output, in: &collected)
    return false
  }

  private func closeAll(of output: CollectedOutput, in collected: inout [Int32: CollectedOutput]) {
    for descriptor in output.open.sorted() {
      for _ in 0..<Self.lastChunks {
        guard readOnce(descriptor, of: output, in: &collected) else { break }
      }
      if output.open.contains(descriptor) { end(descriptor, of: output, in: &collected) }
    }
  }

  private func end(
    _ descriptor: Int32, of output: CollectedOutput, in collected: inout [Int32: CollectedOutput]
  ) {
    output.ended(descriptor)
    collected[descriptor] = nil
    Glibc.close(descriptor)
    if output.open.isEmpty { output.order.whenDrained(output.end) }
  }
}
