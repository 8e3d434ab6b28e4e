import BackfillCore
import Glibc

/// Writes events and the output of steps to standard error, a readable line each.
public struct StandardErrorSink: EventSink, OutputSink {
  /// How a line looks.
  public enum Style: Sendable, Equatable {
    /// `2013-02-08T06:00:00Z flights 2013-02-08 routes | text`, the time in UTC.
    case plain
    /// The same with the colours of a terminal.
    case coloured
    /// `<6>flights 2013-02-08 routes | text`: for the stream of the journal, which adds the time. Source: sd-daemon(3).
    case prefixed
  }

  public let style: Style
  private let clock: any Clock
  private let descriptor: Int32

  /// - Parameters:
  ///   - style: How a line looks.
  ///   - clock: Tells the time of a line of output.
  ///   - descriptor: Where the lines go.
  public init(style: Style, clock: any Clock, descriptor: Int32 = STDERR_FILENO) {
    self.style = style
    self.clock = clock
    self.descriptor = descriptor
  }

  public func hand(over event: JournalEvent, at instant: Instant) {
    StandardError.write(line: Self.line(of: event, at: instant, style: style), to: descriptor)
  }

  public func take(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) {
    StandardError.write(line: Self.line(line, of: attempt, at: clock.now(), style: style), to: descriptor)
  }

  static func line(of event: JournalEvent, at instant: Instant, style: Style) -> [UInt8] {
    let text = shown(Array(event.message.utf8))
    switch style {
    case .plain: return Array("\(time(instant)) ".utf8) + text
    case .coloured:
      let colour = colour(of: event.priority)
      return Array("\(dim)\(time(instant))\(normal) \(colour)".utf8) + text + Array((colour.isEmpty ? "" : normal).utf8)
    case .prefixed: return Array("<\(event.priority.rawValue)>".utf8) + text
    }
  }

  static func line(_ line: [UInt8], of attempt: AttemptIdentity, at instant: Instant, style: Style) -> [UInt8] {
    let text = shown(line)
    switch style {
    case .plain: return Array("\(time(instant)) \(attempt.place) | ".utf8) + text
    case .coloured: return Array("\(dim)\(time(instant)) \(attempt.place) |\(normal) ".utf8) + text
    case .prefixed: return Array("<\(JournalPriority.info.rawValue)>\(attempt.place) | ".utf8) + text
    }
  }

  private static let dim = "\u{1B}[2m"
  private static let normal = "\u{1B}[0m"

  private static func colour(of priority: JournalPriority) -> String {
    switch priority {
    case .error: "\u{1B}[1;31m"
    case .warning: "\u{1B}[33m"
    case .notice: "\u{1B}[1m"
    case .info: ""
    case .debug: dim
    }
  }

  /// In UTC, without the decimals of the second.
  private static func time(_ instant: Instant) -> String {
    Instant(seconds: instant.seconds).description
  }

  /// `bytes` with control characters other than the tab as `\x1b`, so that foreign output cannot steer a terminal.
  private static func shown(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: mayBeControl) else { return bytes }
    return bytes.indices.flatMap { index -> [UInt8] in
      guard isControl(at: index, in: bytes) else { return [bytes[index]] }
      let digits = String(bytes[index], radix: 16)
      return Array("\\x\(digits.utf8.count == 1 ? "0" : "")\(digits)".utf8)
    }
  }

  private static let beforeC1: UInt8 = 0xC2

  private static func mayBeControl(_ byte: UInt8) -> Bool {
    (byte < 0x20 && byte != 0x09) || byte == 0x7F || byte == beforeC1
  }

  /// U+0080 to U+009F are two bytes of UTF-8, of which the second one is told: of U+009B, which begins what ESC `[` does, `\x9b`.
  private static func isControl(at index: Int, in bytes: [UInt8]) -> Bool {
    let isC1 = { (first: Int) in
      bytes[first] == beforeC1 && first + 1 < bytes.count && (0x80..<0xA0).contains(bytes[first + 1])
    }
    if bytes[index] == beforeC1 { return isC1(index) }
    return mayBeControl(bytes[index]) || (index > 0 && isC1(index - 1))
  }
}
