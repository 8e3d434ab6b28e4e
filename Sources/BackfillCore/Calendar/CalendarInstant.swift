/// A point in time as an expression names it, in whole microseconds since 1970-01-01T00:00:00Z (POSIX time).
///
/// The seconds of an OnCalendar expression may have decimals down to a microsecond; the daemon's clock has milliseconds.
/// Source: systemd.time(7), "Calendar Events".
public struct CalendarInstant: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00Z; negative before.
  public let microseconds: Int64

  /// Makes the instant `microseconds` after 1970-01-01T00:00:00Z.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Makes the same instant; one that is too far away to be written in microseconds is the last that can be.
  public init(_ instant: Instant) {
    let (microseconds, overflow) = instant.milliseconds.multipliedReportingOverflow(by: 1000)
    self.microseconds = overflow ? (instant.milliseconds < 0 ? .min : .max) : microseconds
  }

  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
  public var seconds: Int64 { microseconds.dividedDown(by: 1_000_000) }

  /// The first whole millisecond that is not before this instant: when what waits for it may begin.
  public var roundedUp: Instant {
    let down = microseconds.dividedDown(by: 1000)
    return Instant(milliseconds: down * 1000 == microseconds ? down : down + 1)
  }

  public static func < (left: CalendarInstant, right: CalendarInstant) -> Bool {
    left.microseconds < right.microseconds
  }
}

extension CalendarInstant: CustomStringConvertible {
  /// `YYYY-MM-DDTHH:MM:SSZ`, with three or six decimals where there are any.
  public var description: String {
    let fraction = Int((microseconds % 1_000_000 + 1_000_000) % 1_000_000)
    guard fraction % 1000 != 0 else { return roundedUp.description }
    return Instant(seconds: seconds).description.dropLast() + ".\(padded(fraction, to: 6))Z"
  }
}

extension CalendarInstant: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Int64 {
  /// The quotient rounded toward the past; `divisor` is positive.
  func dividedDown(by divisor: Int64) -> Int64 {
    self / divisor - (self % divisor < 0 ? 1 : 0)
  }
}
