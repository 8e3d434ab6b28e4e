import BackfillCore

/// The last bytes of a stream.
struct OutputTail {
  /// How many are kept: 64 KiB.
  static let limit = Execution.tailLimit

  private var kept: [UInt8] = []

  /// The last 64 KiB, or all where there were fewer.
  var bytes: [UInt8] { Array(kept.suffix(Self.limit)) }

  mutating func append(_ bytes: [UInt8]) {
    kept += bytes.count > Self.limit ? Array(bytes.suffix(Self.limit)) : bytes
    // Cut rarely: moving the rest costs time.
    if kept.count > 4 * Self.limit { kept.removeFirst(kept.count - Self.limit) }
  }
}
