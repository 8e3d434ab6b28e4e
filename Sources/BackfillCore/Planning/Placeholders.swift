/// The words in braces that a command may contain, and what they are filled in with.
public struct Placeholders: Sendable, Equatable {
  /// The names that a command of a step knows.
  public static let names = ["date", "from", "to", "window", "step"]

  /// The names that `preflight` knows.
  public static let preflightNames = ["from", "to", "window"]

  private let values: [String: String]

  /// For one attempt; `from` and `to` are the date itself, so that a command that takes a range serves too.
  public init(window: String, date: CivilDate, step: String) {
    values = [
      "date": date.description, "from": date.description, "to": date.description, "window": window, "step": step,
    ]
  }

  /// For a preflight: the first and the last date that the chunk may work on.
  public init(window: String, from: CivilDate, to: CivilDate) {
    values = ["from": from.description, "to": to.description, "window": window]
  }

  /// `argument` with every known `{name}` filled in; other braces stay as they are.
  public func fill(_ argument: String) -> String {
    guard argument.contains("{") else { return argument }
    var result = ""
    var rest = argument[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let after = rest[rest.index(after: open)...]
      if let close = after.firstIndex(of: "}"), let value = values[String(after[..<close])] {
        result += value
        rest = after[after.index(after: close)...]
      } else {
        result += "{"
        rest = after
      }
    }
    return result + rest
  }
}
