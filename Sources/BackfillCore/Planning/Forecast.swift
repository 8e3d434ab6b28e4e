/// What will become of every date of a window: which activation will run it, and when the last one ends. Pure.
///
/// The activations to come are gone through as the engine will: the ramp, the chunk, the order, look backs, `parallel.dates`
/// and the end of each activation, before which the 90th percentile must fit where it is a `stop_by`. Every date is taken to end well, and to last as long as the median of those before; what is held for its input is taken to find it.
/// What other windows do is left out: locks and `max_processes` may make it later. A paused window is taken to be resumed
/// now.
public struct Forecast: Sendable {
  /// So many activations are gone through at most.
  static let nightLimit = 10_000

  let facts: Facts
  /// What the dates that are done took.
  let durations: DateDurations

  /// - Parameters:
  ///   - facts: How the window stands.
  ///   - durations: Of done dates, from the start of their first process to the end of the last; oldest first.
  public init(_ facts: Facts, durations: [Duration]) {
    self.facts = facts
    self.durations = DateDurations(durations)
  }

  /// How a window stands.
  public struct Facts: Sendable {
    public let window: Window
    public let calendar: WindowCalendar
    /// Otherwise its command has not brought one yet.
    public let hasCalendar: Bool
    public let record: WindowRecord
    public let dates: [CivilDate: DateSummary]
    /// Open ones, oldest first.
    public let activations: [Activation]
    /// `nil` without a schedule or after its last firing.
    public let nextFiring: Instant?
    /// The other windows that name each of the window's locks.
    public let sharers: [String: [String]]
    public let now: Instant

    public init(
      window: Window, calendar: WindowCalendar, record: WindowRecord, dates: [CivilDate: DateSummary],
      activations: [Activation] = [], nextFiring: Instant? = nil, sharers: [String: [String]] = [:], now: Instant,
      hasCalendar: Bool = true
    ) {
      self.hasCalendar = hasCalendar
      self.window = window
      self.calendar = calendar
      self.record = record
      self.dates = dates
      self.activations = activations
      self.nextFiring = nextFiring
      self.sharers = sharers
      self.now = now
    }
  }

  /// How long a date takes; `nil` before any is done.
  var dateDuration: Duration? { durations.median }
}
