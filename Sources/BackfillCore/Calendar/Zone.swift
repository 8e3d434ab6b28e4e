/// A time zone: which offset from UTC holds at which instant.
///
/// It is made from a TZif file (`Zone.init(name:tzif:)`), so that the system's tzdata decides, and an upgrade of tzdata is
/// seen at the next start. Two zones are equal when name and rules are.
public struct Zone: Sendable, Equatable {
  /// The name it was loaded by, `America/New_York`.
  public let name: String
  /// What holds before the first transition; without transitions and rule, always.
  let initial: ZoneType
  /// Seconds since 1970-01-01T00:00:00Z, ascending; `types[i]` holds from `transitions[i]` on.
  let transitions: [Int64]
  let types: [ZoneType]
  /// What holds after the last transition; `nil`: the last type goes on for ever.
  let rule: PosixZoneRule?

  /// Coordinated Universal Time.
  public static let utc = Zone(
    name: "UTC", initial: ZoneType(offset: 0, isDaylight: false, abbreviation: "UTC"), transitions: [], types: [],
    rule: nil)

  /// The offset from UTC at `instant`, in seconds, east positive.
  public func offset(at instant: Instant) -> Int {
    span(at: instant.seconds).type.offset
  }

  /// The zone's own short name at `instant`: `EST`, `CEST`, `+0330`.
  public func abbreviation(at instant: Instant) -> String {
    span(at: instant.seconds).type.abbreviation
  }

  /// What a wall clock in this zone shows at `instant`; fractions of a second are cut off.
  public func localTime(at instant: Instant) -> LocalTime {
    LocalTime(secondsAsUTC: instant.seconds + Int64(offset(at: instant)))
  }

  /// The stretch of time with one offset that holds `seconds` (since 1970-01-01T00:00:00Z).
  func span(at seconds: Int64) -> ZoneSpan {
    let following = firstTransition(after: seconds)
    let isAfterLast = following == transitions.count
    let start = following == 0 ? Int64.min : transitions[following - 1]
    if isAfterLast, let rule {
      let span = rule.span(at: seconds)
      return ZoneSpan(start: max(start, span.start), end: span.end, type: span.type)
    }
    return ZoneSpan(
      start: start, end: isAfterLast ? Int64.max : transitions[following],
      type: following == 0 ? initial : types[following - 1])
  }

  /// The index of the first transition after `seconds`; `transitions.count` when there is none.
  private func firstTransition(after seconds: Int64) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

/// An offset with its names.
struct ZoneType: Sendable, Equatable {
  /// Seconds, east positive, -89,999...93,599.
  let offset: Int
  /// Whether the zone's data call it daylight saving time; says nothing about which offset is larger (Europe/Dublin).
  let isDaylight: Bool
  let abbreviation: String

  /// The offsets that are taken: those that RFC 9636 recommends, section 3.2 ("utoff").
  static let offsets = -89_999...93_599
}

/// A stretch of time in which one offset holds.
struct ZoneSpan: Sendable, Equatable {
  /// Seconds since 1970-01-01T00:00:00Z; `Int64.min` when it has no start.
  let start: Int64
  /// Seconds since 1970-01-01T00:00:00Z, itself excluded; `Int64.max` when it has no end.
  let end: Int64
  let type: ZoneType

  var offset: Int64 { Int64(type.offset) }
}
