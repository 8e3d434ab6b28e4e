/// The words in braces that a command may contain, and what they are filled in with.
public struct Placeholders: Sendable, Equatable {
  /// The names that a command of a step knows.
  public static let names = ["date", "from", "to", "window", "step"]

  /// The names that `preflight` knows.
  public static let preflightNames = ["from", "to", "window"]

  private let window: String
  private let from: CivilDate
  private let to: CivilDate
  /// `nil` for a preflight, which knows neither `{date}` nor `{step}`.
  private let step: String?

  /// For one attempt; `from` and `to` are the date itself, so that a command that takes a range serves too.
  public init(window: String, date: CivilDate, step: String) {
    (self.window, from, to, self.step) = (window, date, date, step)
  }

  /// For a preflight: the first and the last date that the chunk may work on.
  public init(window: String, from: CivilDate, to: CivilDate) {
    (self.window, self.from, self.to, step) = (window, from, to, nil)
  }

  /// `argument` with every known `{name}` filled in; other braces stay as they are.
  public func fill(_ argument: String) -> String {
    guard argument.contains("{") else { return argument }
    var result = ""
    var rest = argument[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let after = rest[rest.index(after: open)...]
      if let close = after.firstIndex(of: "}"), let value = value(of: after[..<close]) {
        result += value
        rest = after[after.index(after: close)...]
      } else {
        result += "{"
        rest = after
      }
    }
    return result + rest
  }

  private func value(of name: Substring) -> String? {
    switch name {
    case "window": window
    case "from": from.description
    case "to": to.description
    case "step": step
    case "date": step == nil ? nil : from.description
    default: nil
    }
  }
}
