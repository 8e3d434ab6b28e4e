import BackfillCore

/// How text may look: colours, and characters beyond ASCII.
struct Style: Sendable, Equatable {
  let hasColour: Bool
  let isUnicode: Bool

  static let plain = Style(hasColour: false, isUnicode: false)

  /// The colours that are used. Source: ECMA-48, SGR.
  enum Colour: String, Sendable {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case cyan = "36"
    case bold = "1"
    case dim = "2"
  }

  /// `text` in `colour`, where colours are allowed.
  func paint(_ text: String, _ colour: Colour?) -> String {
    guard hasColour, let colour, !text.isEmpty else { return text }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }
}

extension Style.Colour {
  static func of(_ verdict: Verdict?) -> Style.Colour? {
    switch verdict {
    case .pass: .green
    case .inconclusive: .cyan
    case .warn: .yellow
    case .anomaly: .red
    case nil: nil
    }
  }

  static func of(_ state: DateState) -> Style.Colour? {
    switch state {
    case .pending: nil
    case .running, .verifying: .blue
    case .done: .green
    case .held: .red
    case .skipped: .dim
    }
  }

  static func of(_ state: StepState) -> Style.Colour? {
    switch state {
    case .pending: nil
    case .running: .blue
    case .done: .green
    case .failed: .red
    case .blocked, .stale: .yellow
    }
  }

  static func of(_ state: WindowState) -> Style.Colour? {
    switch state {
    case .active: .blue
    case .paused: .red
    case .complete: .green
    }
  }
}

/// Everything that rendering depends on besides the view itself.
struct Surroundings: Sendable {
  /// Columns into which text is wrapped.
  let width: Int
  /// Columns that a line of a table may have, or any other that is cut and not wrapped; at least `width`.
  let lineWidth: Int
  let style: Style
  let now: Instant
  /// The zone of a name; UTC where this machine does not know it.
  let zone: @Sendable (String) -> Zone
  /// The zone of the person at the terminal.
  let localZone: Zone

  init(
    width: Int = 80, lineWidth: Int? = nil, style: Style = .plain, now: Instant, localZone: Zone = .utc,
    zone: @escaping @Sendable (String) -> Zone = { _ in .utc }
  ) {
    self.width = width
    self.lineWidth = max(width, lineWidth ?? width)
    self.style = style
    self.now = now
    self.localZone = localZone
    self.zone = zone
  }
}
