import BackfillCore
import Glibc
import Synchronization

/// The output of one execution on its way: reads both streams, hands lines to the sink, keeps what is to be kept.
///
/// A step that writes faster than the sink takes waits, as any process does on a full pipe. Memory is bounded: per stream one
/// piece of a line, the tail, and at most two lines of 1 MiB that may be a report.
final class CollectedOutput: Sendable {
  /// How much is read at once: many steps write little or nothing; of one that writes more, more is taken.
  private static let chunk = 64 * 1024
  private static let firstChunk = 512
  /// What a pipe that is to be closed may still hold at most, in chunks, of which one may be a first one. Source: pipe(7),
  /// pipe-max-size.
  private static let lastChunks = 16 + 1

  /// The read ends of the pipes, not blocking; closed here.
  let standard: Int32
  let error: Int32
  private let attempt: AttemptIdentity
  /// So many bytes of the standard output, and one more, are kept instead of being handed to the sink.
  private let keptOutput: Int
  private let sink: any OutputSink
  private let state: Mutex<State>

  private struct State {
    var tail = OutputTail()
    var standard = LineCutter()
    var error = LineCutter()
    /// Finds the report in the standard output; `nil`: it is not looked for there.
    var reportLine: ReportLine?
    var kept: [UInt8] = []
    var room = CollectedOutput.firstChunk
    var open: Set<Int32>
  }

  init(_ order: ExecutionOrder, standard: Int32, error: Int32, sink: any OutputSink) {
    self.standard = standard
    self.error = error
    attempt = order.attempt
    keptOutput = order.keptOutput
    self.sink = sink
    state = Mutex(State(reportLine: order.report == .output ? ReportLine() : nil, open: [standard, error]))
  }

  /// Reads one chunk of `descriptor`; `false` when the stream has ended and is closed.
  func readOnce(_ descriptor: Int32) -> Bool {
    state.withLock { state in readOnce(descriptor, &state) != .ended }
  }

  /// Nothing of the execution runs any more: reads what the pipes hold and closes them, whoever else has them open.
  func close() -> OutputEnd {
    state.withLock { state in
      for descriptor in [standard, error] where state.open.contains(descriptor) {
        var rest = Self.lastChunks
        while rest > 0, readOnce(descriptor, &state) == .more { rest -= 1 }
        if state.open.contains(descriptor) { end(descriptor, &state) }
      }
      return OutputEnd(tail: state.tail.bytes, report: state.reportLine?.reading, kept: state.kept)
    }
  }

  private enum Step {
    case more
    case nothingNow
    case ended
  }

  private func readOnce(_ descriptor: Int32, _ state: inout State) -> Step {
    guard state.open.contains(descriptor) else { return .ended }
    var result = 0
    let room = state.room
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      result = Glibc.read(descriptor, buffer.baseAddress, room)
      count = max(0, result)
    }
    if result > 0 {
      if result == room { state.room = Self.chunk }
      take(bytes, from: descriptor, &state)
      return .more
    }
    if result < 0, errno == EINTR { return .more }
    if result < 0, errno == EAGAIN { return .nothingNow }
    end(descriptor, &state)
    return .ended
  }

  private func take(_ bytes: [UInt8], from descriptor: Int32, _ state: inout State) {
    // What is kept is not what went wrong.
    if descriptor == error || keptOutput == 0 { state.tail.append(bytes) }
    if descriptor == error {
      state.error.feed(bytes) { line, _ in sink.take(line: line, isError: true, of: attempt) }
    } else if keptOutput > 0 {
      state.kept += bytes.prefix(keptOutput + 1 - state.kept.count)
    } else {
      state.standard.feed(bytes) { line, goesOn in takeStandard(line, goesOn, &state.reportLine) }
    }
  }

  private func end(_ descriptor: Int32, _ state: inout State) {
    Glibc.close(descriptor)
    state.open.remove(descriptor)
    if descriptor == error {
      state.error.finish { line, _ in sink.take(line: line, isError: true, of: attempt) }
    } else {
      state.standard.finish { line, goesOn in takeStandard(line, goesOn, &state.reportLine) }
    }
    if state.open.isEmpty { sink.ended(attempt) }
  }

  private func takeStandard(_ line: [UInt8], _ goesOn: Bool, _ reportLine: inout ReportLine?) {
    reportLine?.take(line, goesOn: goesOn)
    sink.take(line: line, isError: false, of: attempt)
  }
}

/// What is left of the output when both streams have ended.
struct OutputEnd: Sendable, Equatable {
  let tail: [UInt8]
  /// `nil`: the report is not looked for in the output.
  let report: ReportReading?
  let kept: [UInt8]
}
