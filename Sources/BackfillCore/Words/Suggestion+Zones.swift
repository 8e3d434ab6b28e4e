extension Suggestion {
  /// What to write instead of `name`, which is none of the time zones `known`.
  ///
  /// An abbreviation is near to others that are hours away, and `Etc/GMT+5` is five hours behind, not ahead: none of them is
  /// proposed.
  public static func zone(for name: String, among known: [String]) -> String {
    let place = "write the name of a place, such as `America/New_York`"
    let lowered = name.lowercased()
    if lowered.hasPrefix("gmt") || lowered.hasPrefix("utc"), lowered.contains(where: { $0 == "+" || $0 == "-" }) {
      return "an offset is no time zone: \(place)"
    }
    let places = known.filter { $0.lowercased() == lowered || $0.lowercased().hasSuffix("/" + lowered) }
    if places.count == 1 { return "did you mean `\(places[0])`?" }
    return (name.count > 4 ? hint(for: name, among: known) : nil) ?? place
  }
}
