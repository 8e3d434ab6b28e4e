/// How much of the output of one execution the journal takes, so that a flood pushes nothing else out of it.
///
/// journald keeps so many bytes, whosever they are, and drops the oldest: its own limit on rates (`LogRateLimitBurst`) would
/// drop the daemon's messages with the output of its steps, so the unit turns that off, and this is in its place.
public struct OutputBudget: Sendable, Equatable {
  public struct Limits: Sendable, Equatable {
    /// Of each minute, the first lines and bytes.
    public let lines: Int
    public let bytes: Int
    /// Of the whole execution.
    public let allLines: Int
    public let allBytes: Int

    public init(lines: Int = 5000, bytes: Int = 1 << 20, allLines: Int = 50_000, allBytes: Int = 16 << 20) {
      self.lines = lines
      self.bytes = bytes
      self.allLines = allLines
      self.allBytes = allBytes
    }
  }

  /// Lines, and the bytes in them.
  public struct Amount: Sendable, Equatable {
    public internal(set) var lines = 0
    public internal(set) var bytes = 0

    public init(lines: Int = 0, bytes: Int = 0) {
      self.lines = lines
      self.bytes = bytes
    }

    fileprivate mutating func add(_ size: Int) {
      lines += 1
      bytes += size
    }
  }

  private static let interval = Duration.seconds(60)

  private let limits: Limits
  private var begun: Instant?
  private var inInterval = Amount()
  private var inAll = Amount()
  private var leftOut = Amount()

  public init(_ limits: Limits = Limits()) {
    self.limits = limits
  }

  /// Takes or leaves a line of `size` bytes.
  ///
  /// - Returns: Whether the journal gets it, and what must be said before it: the lines that were left out in the minute that
  ///   is over.
  public mutating func take(_ size: Int, at now: Instant) -> (isTaken: Bool, leftOut: Amount?) {
    var told: Amount?
    let isOver = begun.map { now < $0 || now - $0 >= Self.interval } ?? true
    if isOver {
      begun = now
      inInterval = Amount()
      told = end()
    }
    guard inInterval.lines < limits.lines, inInterval.bytes + size <= limits.bytes, inAll.lines < limits.allLines,
      inAll.bytes + size <= limits.allBytes
    else {
      // From the first line that is left out to the end of the minute: no gaps between long and short lines.
      inInterval.lines = limits.lines
      leftOut.add(size)
      return (false, told)
    }
    inInterval.add(size)
    inAll.add(size)
    return (true, told)
  }

  /// What was left out and not told yet; `nil` when nothing was.
  public mutating func end() -> Amount? {
    guard leftOut.lines > 0 else { return nil }
    defer { leftOut = Amount() }
    return leftOut
  }
}
