/// A rate that the drift test watches: one stream of one step's expectation.
public struct DriftStream: Sendable, Hashable, Comparable {
  public let step: String
  /// The stream's name: its categories joined by `+`.
  public let name: String

  public init(step: String, name: String) {
    self.step = step
    self.name = name
  }

  public static func < (left: DriftStream, right: DriftStream) -> Bool {
    (left.step, left.name) < (right.step, right.name)
  }
}

extension Window {
  /// The rates that the drift test watches, in the order of the file; empty for a window without rates.
  public var driftStreams: [DriftStream] {
    steps.flatMap { step in
      step.expect.streams.filter { !$0.bands.isEmpty }.map { DriftStream(step: step.name, name: $0.name) }
    }
  }
}
