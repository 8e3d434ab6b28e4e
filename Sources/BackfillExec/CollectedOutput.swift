import BackfillCore

/// The output of one execution on its way: what its two streams have brought so far. Belongs to the output thread.
final class CollectedOutput {
  let order: OutputOrder
  private let sink: any OutputSink
  private var tail = OutputTail()
  private var standard = LineCutter()
  private var error = LineCutter()
  private var reportLine: ReportLine?
  private var kept: [UInt8] = []
  /// The descriptors that are still open.
  var open: Set<Int32>

  init(_ order: OutputOrder, sink: any OutputSink) {
    self.order = order
    self.sink = sink
    reportLine = order.findsReport ? ReportLine() : nil
    open = [order.standard, order.error]
  }

  func take(_ bytes: [UInt8], from descriptor: Int32) {
    tail.append(bytes)
    if descriptor == order.standard, order.keptOutput > 0 {
      kept += bytes.prefix(order.keptOutput + 1 - kept.count)
      return
    }
    if descriptor == order.error {
      error.feed(bytes) { line, _ in sink.take(line: line, isError: true, of: order.attempt) }
    } else {
      standard.feed(bytes, emit: takeStandard)
    }
  }

  /// One of the streams has ended.
  func ended(_ descriptor: Int32) {
    open.remove(descriptor)
    if descriptor == order.error {
      error.finish { line, _ in sink.take(line: line, isError: true, of: order.attempt) }
    } else {
      standard.finish(emit: takeStandard)
    }
    if open.isEmpty { sink.ended(order.attempt) }
  }

  var end: OutputEnd { OutputEnd(tail: tail.bytes, report: reportLine?.reading, kept: kept) }

  private func takeStandard(_ line: [UInt8], goesOn: Bool) {
    reportLine?.take(line, goesOn: goesOn)
    sink.take(line: line, isError: false, of: order.attempt)
  }
}

/// Whose output is read, and from where.
struct OutputOrder: Sendable {
  let id: UInt64
  let attempt: AttemptIdentity
  /// Read ends of pipes, not blocking; closed by the reader.
  let standard: Int32
  let error: Int32
  /// The report is a line of the standard output.
  let findsReport: Bool
  /// So many bytes of the standard output, and one more, are kept instead of being handed to the sink.
  let keptOutput: Int
  /// Called once, on the output thread; must not block.
  let whenDrained: @Sendable (OutputEnd) -> Void
}

/// What is left of the output when both streams have ended.
struct OutputEnd: Sendable, Equatable {
  let tail: [UInt8]
  /// `nil`: the report is not looked for in the output.
  let report: ReportReading?
  let kept: [UInt8]
}
