/// Dates that wait for another one which nothing brings by itself: `status` and `show` say so.
public struct WaitView: Sendable, Equatable, Codable {
  /// How many wait.
  public let dates: Int
  /// For this one, in the end.
  public let date: CivilDate
  /// The step that it lacks.
  public let step: String
  public let state: DateState
  /// Held only because its input is missing.
  public let awaitsInput: Bool

  public init(dates: Int, for cause: LookbackStall.Cause) {
    self.dates = dates
    date = cause.date
    step = cause.step
    state = cause.state
    awaitsInput = cause.awaitsInput
  }

  /// `12 dates wait for 2013-02-03, which is held`.
  public var sentence: String {
    "\(dates == 1 ? "1 date waits" : "\(dates) dates wait") for \(date), which \(standing)"
  }

  /// `is held`: how the date stands that is waited for.
  private var standing: String {
    switch state {
    case .held where awaitsInput: "is held for its input"
    case .done: "has no `\(step)`"
    case .pending, .running, .verifying, .held, .skipped: "is \(state.rawValue)"
    }
  }
}

extension LookbackStall.Cause {
  /// `it waits for 2013-02-03, which is held`.
  public var sentence: String {
    "it" + WaitView(dates: 1, for: self).sentence.dropFirst("1 date".count)
  }
}

extension LookbackStall {
  /// What is waited for, oldest date first; of all dates that wait, or of those that `named` holds.
  public func views(of named: Set<CivilDate>? = nil) -> [WaitView] {
    let waits = causes.filter { named?.contains($0.key) ?? true }
    let counts = Dictionary(waits.map { ($0.value, 1) }, uniquingKeysWith: +)
    return counts.map { WaitView(dates: $1, for: $0) }.sorted { ($0.date, $0.step) < ($1.date, $1.step) }
  }
}

extension [WaitView] {
  /// Up to three of them as one sentence; `nil` when nothing waits.
  public var sentence: String? {
    guard !isEmpty else { return nil }
    let more = count > 3 ? ["\(dropFirst(3).reduce(0) { $0 + $1.dates }) more wait for others"] : []
    return (prefix(3).map(\.sentence) + more).joined(separator: "; ")
  }
}

extension WaitView {
  enum CodingKeys: String, CodingKey {
    case dates, step, state
    case date = "for"
    case awaitsInput = "awaits_input"
  }
}
