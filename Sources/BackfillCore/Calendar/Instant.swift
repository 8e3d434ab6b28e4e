/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z (POSIX time: leap seconds are not counted).
public struct Instant: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
  public let milliseconds: Int64

  /// Makes the instant `milliseconds` after 1970-01-01T00:00:00Z.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Makes the instant `seconds` after 1970-01-01T00:00:00Z.
  public init(seconds: Int64) {
    milliseconds = seconds * 1000
  }

  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
  public var seconds: Int64 {
    milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0)
  }

  public static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }

  public static func + (instant: Instant, duration: Duration) -> Instant {
    Instant(milliseconds: instant.milliseconds + duration.wholeMilliseconds)
  }

  /// The time from `right` to `left`; negative when `left` is earlier.
  public static func - (left: Instant, right: Instant) -> Duration {
    .milliseconds(left.milliseconds - right.milliseconds)
  }
}

extension Instant {
  /// Reads `YYYY-MM-DDTHH:MM:SSZ`, with or without three decimals; `nil` for anything else.
  public init?(iso text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T"),
      let date = CivilDate(iso: text.prefix(10)),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let hour = Int(text.dropFirst(11).prefix(2)), let minute = Int(text.dropFirst(14).prefix(2)),
      let second = Int(text.dropFirst(17).prefix(2)),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
    else { return nil }
    var millis = 0
    if bytes.count == 24 {
      guard bytes[19] == UInt8(ascii: "."), let value = Int(text.dropFirst(20).prefix(3)) else { return nil }
      millis = value
    }
    let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    self.init(milliseconds: seconds * 1000 + Int64(millis))
  }
}

extension Instant: CustomStringConvertible {
  /// `YYYY-MM-DDTHH:MM:SS.mmmZ`; without the decimals for a whole second.
  public var description: String {
    let seconds = self.seconds
    let days = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
    let inDay = Int(seconds - days * 86_400)
    let millis = Int(milliseconds - seconds * 1000)
    let clock = "\(padded(inDay / 3600, to: 2)):\(padded(inDay / 60 % 60, to: 2)):\(padded(inDay % 60, to: 2))"
    let fraction = millis == 0 ? "" : ".\(padded(millis, to: 3))"
    return "\(CivilDate(daysSinceEpoch: Int(days)))T\(clock)\(fraction)Z"
  }
}

extension Instant: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let instant = Instant(iso: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "`\(text)` is not an instant in UTC")
    }
    self = instant
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Duration {
  /// Whole milliseconds, rounded toward zero.
  public var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  /// Whole microseconds, rounded toward zero.
  public var wholeMicroseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }

  /// Seconds as a floating-point number.
  public var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  /// As a person says it, two units at most: `850ms`, `12.4s`, `3m 20s`, `2h 5m`, `3d 4h`.
  public var spoken: String {
    let millis = wholeMilliseconds
    if millis < 1000 { return "\(millis)ms" }
    let seconds = millis / 1000
    if seconds < 60 { return millis % 1000 < 100 ? "\(seconds)s" : "\(seconds).\(millis % 1000 / 100)s" }
    if seconds < 3600 { return Self.pair(seconds / 60, "m", seconds % 60, "s") }
    if seconds < 86_400 { return Self.pair(seconds / 3600, "h", seconds / 60 % 60, "m") }
    return Self.pair(seconds / 86_400, "d", seconds / 3600 % 24, "h")
  }

  private static func pair(_ major: Int64, _ majorUnit: String, _ minor: Int64, _ minorUnit: String) -> String {
    minor == 0 ? "\(major)\(majorUnit)" : "\(major)\(majorUnit) \(minor)\(minorUnit)"
  }
}
