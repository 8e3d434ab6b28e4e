/// A short name of a zone's time, and which of the zone's two times it names: `EST`, `EDT`, `+0545`.
public struct ZoneAbbreviation: Sendable, Hashable {
  public let name: String
  /// Whether the zone's data call it daylight saving time; says nothing about which offset is larger (Europe/Dublin).
  public let isDaylight: Bool
}

extension Zone {
  /// The short names of its standard time and of its daylight saving time, the last ones that its data have; one where it
  /// never had the other. Source: tzset(3), `tzname`, as glibc sets it.
  public var abbreviations: [ZoneAbbreviation] {
    let current = [rule?.standard, rule?.daylight?.type].compactMap(\.self)
    let latestFirst = current + types.reversed() + [initial]
    return [false, true].compactMap { isDaylight in
      latestFirst.first { $0.isDaylight == isDaylight }.map {
        ZoneAbbreviation(name: $0.abbreviation, isDaylight: isDaylight)
      }
    }
  }
}
